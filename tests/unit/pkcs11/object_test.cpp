// Objects, who may see and change them, and how long they live: PKCS#11 2.40, 4.4, 5.6 and 5.7.
#include "cryptoki/parameters.hpp"
#include "unit/pkcs11/calls.hpp"

namespace hasim::test {
namespace {

CK_RV try_create(const Caller& caller, Attributes attributes)
{
    CK_OBJECT_HANDLE object = 0;
    return caller.list->C_CreateObject(caller.session, attributes.get(), attributes.size(),
                                       &object);
}

CK_RV try_copy(const Caller& caller, CK_OBJECT_HANDLE object, Attributes attributes,
               CK_OBJECT_HANDLE* copy)
{
    return caller.list->C_CopyObject(caller.session, object, attributes.get(), attributes.size(),
                                     copy);
}

CK_RV try_change(const Caller& caller, CK_OBJECT_HANDLE object, Attributes attributes)
{
    return caller.list->C_SetAttributeValue(caller.session, object, attributes.get(),
                                            attributes.size());
}

CK_RV try_destroy(const Caller& caller, CK_OBJECT_HANDLE object)
{
    return caller.list->C_DestroyObject(caller.session, object);
}

Attributes lasting(std::string_view label)
{
    return public_data(label).flag(CKA_TOKEN, true);
}

CK_OBJECT_HANDLE hmac_secret(const Caller& caller, bool token = false)
{
    return caller.create(
        secret_key(CKK_GENERIC_SECRET, std::string(32, 's')).flag(CKA_TOKEN, token));
}

}  // namespace

TEST_CASE("a session that only reads makes, changes and destroys nothing that lasts")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const CK_OBJECT_HANDLE object = application.caller().create(lasting("lasts"));
    const Caller reads = open_session(kReads);
    CHECK(name(try_create(reads, lasting("new"))) == name(CKR_SESSION_READ_ONLY));
    CHECK(name(try_change(reads, object, Attributes().bytes(CKA_LABEL, "other"))) ==
          name(CKR_SESSION_READ_ONLY));
    CHECK(name(try_destroy(reads, object)) == name(CKR_SESSION_READ_ONLY));
    CK_OBJECT_HANDLE made = 0;
    CHECK(name(try_copy(reads, object, Attributes().flag(CKA_TOKEN, true), &made)) ==
          name(CKR_SESSION_READ_ONLY));
    Attributes key = secret_key(CKK_AES, {}).number(CKA_VALUE_LEN, 16).flag(CKA_TOKEN, true);
    CHECK(name(reads.list->C_GenerateKey(reads.session, Mechanism(CKM_AES_KEY_GEN).get(), key.get(),
                                         key.size(), &made)) == name(CKR_SESSION_READ_ONLY));
    CHECK(application.caller().count_labelled("new") == 0);
    CHECK(reads.attribute(object, CKA_LABEL).out == "lasts");
    // What lasts with its session is another matter.
    const CK_OBJECT_HANDLE own = reads.create(public_data("own"));
    CHECK(name(try_change(reads, own, Attributes().bytes(CKA_LABEL, "changed"))) == name(CKR_OK));
    CHECK(name(try_destroy(reads, own)) == name(CKR_OK));
    CHECK(name(try_destroy(application.caller(), object)) == name(CKR_OK));
}

TEST_CASE("a copy of what lasts, made in a session that only reads, is refused")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const CK_OBJECT_HANDLE object = application.caller().create(lasting("lasts"));
    CK_OBJECT_HANDLE copy = 0;
    CHECK(name(try_copy(open_session(kReads), object, Attributes().bytes(CKA_LABEL, "copy"),
                        &copy)) == name(CKR_SESSION_READ_ONLY));
    CHECK(application.caller().count_labelled("copy") == 0);
}

TEST_CASE("a copy of a session object is a session object")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller reads = open_session(kReads);
    const CK_OBJECT_HANDLE object = reads.create(public_data("original"));
    const Attributes label = Attributes().bytes(CKA_LABEL, "copy");
    CK_OBJECT_HANDLE copy = 0;
    CK_OBJECT_HANDLE second = 0;
    CHECK(name(try_copy(reads, object, label, &copy)) == name(CKR_OK));
    CHECK(name(try_copy(reads, object, label, &second)) == name(CKR_OK));
    CHECK(name(try_destroy(reads, copy)) == name(CKR_OK));
    CHECK(application.caller().count_labelled("copy") == 1);
    CHECK(name(module().C_CloseSession(reads.session)) == name(CKR_OK));
    CHECK(application.caller().count_labelled("original") == 0);
    CHECK(application.caller().count_labelled("copy") == 0);
}

TEST_CASE("an application that is not logged in has public objects alone")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    const Caller caller = open_session();
    REQUIRE(name(log_in(caller)) == name(CKR_OK));
    const CK_OBJECT_HANDLE key = hmac_secret(caller, true);
    const CK_OBJECT_HANDLE seen = caller.create(lasting("seen"));
    const CK_OBJECT_HANDLE hidden = caller.create(lasting("hidden").flag(CKA_PRIVATE, true));
    REQUIRE(name(module().C_Logout(caller.session)) == name(CKR_OK));

    CHECK(caller.find(Attributes()) == std::vector<CK_OBJECT_HANDLE>{seen});
    CHECK(caller.attribute(seen, CKA_LABEL).out == "seen");
    CHECK(name(try_create(caller, public_data("mine"))) == name(CKR_OK));
    CHECK(name(try_create(caller, public_data("not").flag(CKA_PRIVATE, true))) ==
          name(CKR_USER_NOT_LOGGED_IN));
    CHECK(name(caller.attribute(hidden, CKA_LABEL).code) != name(CKR_OK));
    CHECK(name(try_destroy(caller, hidden)) != name(CKR_OK));
    const CK_RV code = caller.sign(Mechanism(CKM_SHA256_HMAC), key, "text").code;
    CAPTURE(name(code));
    CHECK((code == CKR_USER_NOT_LOGGED_IN || code == CKR_KEY_HANDLE_INVALID));
    CHECK(name(caller.digest(Mechanism(CKM_SHA256), "text").code) == name(CKR_OK));

    REQUIRE(name(log_in(caller)) == name(CKR_OK));
    CHECK(caller.find(Attributes().bytes(CKA_LABEL, "hidden")).size() == 1);
}

TEST_CASE("a public object can be copied by everybody")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    const Caller caller = open_session();
    const CK_OBJECT_HANDLE object = caller.create(public_data("original"));
    CK_OBJECT_HANDLE copy = 0;
    CHECK(name(try_copy(caller, object, Attributes().bytes(CKA_LABEL, "copy"), &copy)) ==
          name(CKR_OK));
}

TEST_CASE("an object that may not be seen is told as none, with the codes of the function")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    const CK_OBJECT_HANDLE hidden = caller.create(lasting("hidden").flag(CKA_PRIVATE, true));
    REQUIRE(name(module().C_Logout(caller.session)) == name(CKR_OK));
    // CKR_USER_NOT_LOGGED_IN is none of the codes that C_GetAttributeValue and C_GetObjectSize may return.
    CHECK(name(caller.attribute(hidden, CKA_LABEL).code) == name(CKR_OBJECT_HANDLE_INVALID));
    CK_ULONG size = 0;
    CHECK(name(module().C_GetObjectSize(caller.session, hidden, &size)) ==
          name(CKR_OBJECT_HANDLE_INVALID));
}

TEST_CASE("session objects die with their session")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    const Caller other = open_session();
    const CK_OBJECT_HANDLE mine = caller.create(public_data("mine"));
    const CK_OBJECT_HANDLE others = other.create(public_data("others"));
    static_cast<void>(other.create(lasting("lasts")));
    // All sessions of an application see its session objects.
    CHECK(other.attribute(mine, CKA_LABEL).out == "mine");
    CHECK(caller.count_labelled("others") == 1);
    CHECK(name(module().C_CloseSession(other.session)) == name(CKR_OK));
    CHECK(name(caller.attribute(others, CKA_LABEL).code) == name(CKR_OBJECT_HANDLE_INVALID));
    CHECK(caller.count_labelled("others") == 0);
    CHECK(caller.count_labelled("lasts") == 1);
    CHECK(caller.count_labelled("mine") == 1);

    CHECK(name(module().C_CloseAllSessions(kGroup)) == name(CKR_OK));
    const Caller anew = open_session();
    CHECK(anew.count_labelled("mine") == 0);
    CHECK(anew.count_labelled("lasts") == 1);
    static_cast<void>(anew.create(public_data("short")));
    CHECK(name(module().C_Finalize(nullptr)) == name(CKR_OK));
    REQUIRE(name(module().C_Initialize(nullptr)) == name(CKR_OK));
    const Caller later = open_session();
    CHECK(later.count_labelled("short") == 0);
    CHECK(later.count_labelled("lasts") == 1);
}

TEST_CASE("a key whose session is closed begins no operation any more")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    const Caller other = open_session();
    const CK_OBJECT_HANDLE key = hmac_secret(other);
    Mechanism how(CKM_SHA256_HMAC);
    CHECK(name(caller.sign(how, key, "text").code) == name(CKR_OK));
    CHECK(name(module().C_CloseSession(other.session)) == name(CKR_OK));
    CHECK(name(module().C_SignInit(caller.session, how.get(), key)) ==
          name(CKR_KEY_HANDLE_INVALID));
}

TEST_CASE("a logout destroys the private objects of sessions")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    const CK_OBJECT_HANDLE key = hmac_secret(caller);
    static_cast<void>(caller.create(public_data("public")));
    static_cast<void>(caller.create(public_data("private").flag(CKA_PRIVATE, true)));
    CHECK(name(module().C_Logout(caller.session)) == name(CKR_OK));
    CHECK(name(log_in(caller)) == name(CKR_OK));
    CHECK(caller.count_labelled("public") == 1);
    CHECK(caller.count_labelled("private") == 0);
    CHECK(name(caller.sign(Mechanism(CKM_SHA256_HMAC), key, "text").code) ==
          name(CKR_KEY_HANDLE_INVALID));
}

TEST_CASE("a logout ends operations and searches")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    const CK_OBJECT_HANDLE key = hmac_secret(caller, true);
    Mechanism how(CKM_SHA256_HMAC);
    CHECK(name(list.C_SignInit(caller.session, how.get(), key)) == name(CKR_OK));
    CHECK(name(list.C_SignUpdate(caller.session, bytes_of("te"), 2)) == name(CKR_OK));
    CHECK(name(list.C_FindObjectsInit(caller.session, nullptr, 0)) == name(CKR_OK));
    CHECK(name(list.C_Logout(caller.session)) == name(CKR_OK));
    CHECK(name(list.C_SignUpdate(caller.session, bytes_of("xt"), 2)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    CHECK(name(log_in(caller)) == name(CKR_OK));
    CHECK(name(list.C_FindObjectsInit(caller.session, nullptr, 0)) == name(CKR_OK));
}

TEST_CASE("handles that are none are told with the code for what they should be")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    const CK_SESSION_HANDLE session = caller.session;
    CK_OBJECT_HANDLE made = 0;
    CK_ULONG size = 0;
    Mechanism hmac(CKM_SHA256_HMAC);
    Mechanism ecb(CKM_AES_ECB);
    Mechanism ecdh = Mechanism::with(CKM_ECDH1_DERIVE, cryptoki::EcdhParameter{});
    const Attributes label = Attributes().bytes(CKA_LABEL, "x");
    for (const CK_OBJECT_HANDLE none : {CK_OBJECT_HANDLE{0}, kNoObject}) {
        CAPTURE(none);
        CHECK(name(list.C_GetObjectSize(session, none, &size)) == name(CKR_OBJECT_HANDLE_INVALID));
        CHECK(name(caller.attribute(none, CKA_LABEL).code) == name(CKR_OBJECT_HANDLE_INVALID));
        CHECK(name(try_change(caller, none, label)) == name(CKR_OBJECT_HANDLE_INVALID));
        CHECK(name(try_copy(caller, none, label, &made)) == name(CKR_OBJECT_HANDLE_INVALID));
        CHECK(name(try_destroy(caller, none)) == name(CKR_OBJECT_HANDLE_INVALID));
        CHECK(name(list.C_EncryptInit(session, ecb.get(), none)) == name(CKR_KEY_HANDLE_INVALID));
        CHECK(name(list.C_DecryptInit(session, ecb.get(), none)) == name(CKR_KEY_HANDLE_INVALID));
        CHECK(name(list.C_SignInit(session, hmac.get(), none)) == name(CKR_KEY_HANDLE_INVALID));
        CHECK(name(list.C_VerifyInit(session, hmac.get(), none)) == name(CKR_KEY_HANDLE_INVALID));
        CHECK(name(caller.derive(ecdh, none, label).first) == name(CKR_KEY_HANDLE_INVALID));
    }
}

TEST_CASE("wrapping keys that are none are told as such")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    const CK_OBJECT_HANDLE key = caller.create(secret_key(CKK_AES, std::string(16, 'a')));
    const Mechanism wrap(CKM_AES_KEY_WRAP);
    CHECK(name(caller.wrap(wrap, kNoObject, key).code) == name(CKR_WRAPPING_KEY_HANDLE_INVALID));
    CHECK(name(caller.wrap(wrap, key, kNoObject).code) == name(CKR_KEY_HANDLE_INVALID));
    CHECK(
        name(caller.unwrap(wrap, kNoObject, std::string(24, 'w'), secret_key(CKK_AES, {})).first) ==
        name(CKR_UNWRAPPING_KEY_HANDLE_INVALID));
}

TEST_CASE("a bad handle in a session that only reads is told as a bad handle")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller reads = open_session(kReads);
    CHECK(name(try_destroy(reads, kNoObject)) == name(CKR_OBJECT_HANDLE_INVALID));
    CHECK(name(try_change(reads, kNoObject, Attributes().bytes(CKA_LABEL, "x"))) ==
          name(CKR_OBJECT_HANDLE_INVALID));
}

}  // namespace hasim::test
