// Attributes and searches: PKCS#11 2.40, 5.7; and pointers that are null where something is needed.
#include "unit/pkcs11/calls.hpp"

#include <algorithm>
#include <functional>

namespace hasim::test {

TEST_CASE("C_GetAttributeValue tells lengths, values, and which it cannot give")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    const CK_OBJECT_HANDLE key = caller.create(
        secret_key(CKK_AES, std::string(16, 'a')).bytes(CKA_LABEL, "label").bytes(CKA_ID, ""));
    CK_ATTRIBUTE lengths[] = {
        {CKA_LABEL, nullptr, 0}, {CKA_VALUE, nullptr, 0}, {CKA_ID, nullptr, 9}};
    CHECK(name(list.C_GetAttributeValue(caller.session, key, lengths, 3)) == name(CKR_OK));
    CHECK(lengths[0].ulValueLen == 5);
    CHECK(lengths[1].ulValueLen == 16);
    CHECK(lengths[2].ulValueLen == 0);

    std::string label(8, '#');
    std::string value(4, '#');
    CK_ULONG type = 0;
    CK_ATTRIBUTE some[] = {{CKA_VALUE, value.data(), 4},
                           {CKA_MODULUS, nullptr, 0},
                           {CKA_LABEL, label.data(), 8},
                           {CKA_KEY_TYPE, &type, sizeof type}};
    const CK_RV code = list.C_GetAttributeValue(caller.session, key, some, 4);
    CAPTURE(name(code));
    CHECK((code == CKR_BUFFER_TOO_SMALL || code == CKR_ATTRIBUTE_TYPE_INVALID));
    // Each of them is worked on all the same.
    CHECK(some[0].ulValueLen == CK_UNAVAILABLE_INFORMATION);
    CHECK(some[1].ulValueLen == CK_UNAVAILABLE_INFORMATION);
    CHECK(some[2].ulValueLen == 5);
    CHECK(value == "####");
    CHECK(label == "label###");
    CHECK(type == CKK_AES);

    const CK_OBJECT_HANDLE sensitive =
        caller.create(secret_key(CKK_AES, std::string(16, 'a')).flag(CKA_SENSITIVE, true));
    CK_ATTRIBUTE secret{CKA_VALUE, nullptr, 5};
    CHECK(name(list.C_GetAttributeValue(caller.session, sensitive, &secret, 1)) ==
          name(CKR_ATTRIBUTE_SENSITIVE));
    CHECK(secret.ulValueLen == CK_UNAVAILABLE_INFORMATION);
    CHECK(name(caller.attribute(key, CKA_MODULUS).code) == name(CKR_ATTRIBUTE_TYPE_INVALID));
}

TEST_CASE("attributes of an object change as far as they may")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    const auto change = [&](CK_OBJECT_HANDLE object, Attributes attributes) {
        return module().C_SetAttributeValue(caller.session, object, attributes.get(),
                                            attributes.size());
    };
    const CK_OBJECT_HANDLE key = caller.create(secret_key(CKK_AES, std::string(16, 'a')));
    CHECK(name(change(key, Attributes().bytes(CKA_LABEL, "new").bytes(CKA_ID, "7"))) ==
          name(CKR_OK));
    CHECK(caller.attribute(key, CKA_LABEL).out == "new");
    CHECK(caller.attribute(key, CKA_ID).out == "7");
    CHECK(name(change(key, Attributes().number(CKA_KEY_TYPE, CKK_DES3))) ==
          name(CKR_ATTRIBUTE_READ_ONLY));
    // A key that was accepted once is asked about anew when it changes.
    Mechanism ecb(CKM_AES_ECB);
    CHECK(name(caller.encrypt(ecb, key, std::string(16, 'x')).code) == name(CKR_OK));
    CHECK(name(change(key, Attributes().flag(CKA_ENCRYPT, false))) == name(CKR_OK));
    CHECK(name(module().C_EncryptInit(caller.session, ecb.get(), key)) ==
          name(CKR_KEY_FUNCTION_NOT_PERMITTED));
    CHECK(name(change(key, Attributes().flag(CKA_SENSITIVE, true))) == name(CKR_OK));
    CHECK(name(caller.attribute(key, CKA_VALUE).code) == name(CKR_ATTRIBUTE_SENSITIVE));

    const CK_OBJECT_HANDLE fixed = caller.create(public_data("fixed").flag(CKA_MODIFIABLE, false));
    CHECK(name(change(fixed, Attributes().bytes(CKA_LABEL, "x"))) != name(CKR_OK));
    CHECK(caller.attribute(fixed, CKA_LABEL).out == "fixed");
    const CK_OBJECT_HANDLE stays = caller.create(public_data("stays").flag(CKA_DESTROYABLE, false));
    CHECK(name(module().C_DestroyObject(caller.session, stays)) == name(CKR_ACTION_PROHIBITED));
    CHECK(caller.count_labelled("stays") == 1);
}

TEST_CASE("a template that says too little or too much makes nothing")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    struct Case {
        const char* what;
        Attributes attributes;
        CK_RV expected;
    };
    Case cases[] = {
        {"no class", Attributes().bytes(CKA_LABEL, "made"), CKR_TEMPLATE_INCOMPLETE},
        {"no value", secret_key(CKK_AES, {}).bytes(CKA_LABEL, "made"), CKR_TEMPLATE_INCOMPLETE},
        {"what a data object has not", public_data("made").flag(CKA_SIGN, true),
         CKR_ATTRIBUTE_TYPE_INVALID},
        {"a flag of two bytes", public_data("made").bytes(CKA_MODIFIABLE, "ab"),
         CKR_ATTRIBUTE_VALUE_INVALID},
    };
    for (Case& one : cases) {
        CAPTURE(one.what);
        CK_OBJECT_HANDLE object = 0;
        CHECK(name(module().C_CreateObject(caller.session, one.attributes.get(),
                                           one.attributes.size(), &object)) == name(one.expected));
    }
    CHECK(caller.count_labelled("made") == 0);
}

TEST_CASE("a search gives what fits its template, in pieces of any size")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    std::vector<CK_OBJECT_HANDLE> made;
    for (int i = 0; i < 25; ++i) {
        made.push_back(caller.create(public_data("many")));
    }
    static_cast<void>(caller.create(public_data("one")));
    Attributes label = Attributes().bytes(CKA_LABEL, "many");
    REQUIRE(name(list.C_FindObjectsInit(caller.session, label.get(), 1)) == name(CKR_OK));
    // What is made while a search stands does not come into it.
    static_cast<void>(caller.create(public_data("many")));
    std::vector<CK_OBJECT_HANDLE> found;
    for (const CK_ULONG most : {CK_ULONG{0}, CK_ULONG{1}, CK_ULONG{10}, CK_ULONG{100}}) {
        CK_OBJECT_HANDLE some[100];
        CK_ULONG count = 99;
        CHECK(name(list.C_FindObjects(caller.session, some, most, &count)) == name(CKR_OK));
        CHECK(count == std::min<CK_ULONG>(most, 25 - found.size()));
        found.insert(found.end(), some, some + count);
    }
    CK_ULONG count = 99;
    CK_OBJECT_HANDLE none = 0;
    CHECK(name(list.C_FindObjects(caller.session, &none, 1, &count)) == name(CKR_OK));
    CHECK(count == 0);
    CHECK(name(list.C_FindObjectsFinal(caller.session)) == name(CKR_OK));
    std::sort(found.begin(), found.end());
    std::sort(made.begin(), made.end());
    CHECK(found == made);
    CHECK(caller.count_labelled("nobody") == 0);
    CHECK(caller.find(Attributes()).size() == 27);
}

TEST_CASE("pointers that are null where something is needed are told")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    const CK_SESSION_HANDLE s = caller.session;
    const CK_OBJECT_HANDLE key = caller.create(secret_key(CKK_AES, std::string(16, 'a')));
    Attributes label = Attributes().bytes(CKA_LABEL, "x");
    CK_ATTRIBUTE* const t = label.get();
    CK_ATTRIBUTE broken{CKA_LABEL, nullptr, 5};
    Mechanism ecb(CKM_AES_ECB);
    Mechanism generate(CKM_AES_KEY_GEN);
    CK_MECHANISM* const m = ecb.get();
    CK_MECHANISM* const g = generate.get();
    CK_OBJECT_HANDLE o = 0;
    CK_ULONG n = 16;
    std::string room(64, '\0');
    CK_BYTE* const b = bytes_of(room);
    const std::vector<std::pair<const char*, std::function<CK_RV()>>> calls{
        {"C_CreateObject, template", [&] { return list.C_CreateObject(s, nullptr, 1, &o); }},
        {"C_CreateObject, value", [&] { return list.C_CreateObject(s, &broken, 1, &o); }},
        {"C_CreateObject, handle", [&] { return list.C_CreateObject(s, t, 1, nullptr); }},
        {"C_CopyObject, template", [&] { return list.C_CopyObject(s, key, nullptr, 1, &o); }},
        {"C_CopyObject, handle", [&] { return list.C_CopyObject(s, key, t, 1, nullptr); }},
        {"C_GetObjectSize", [&] { return list.C_GetObjectSize(s, key, nullptr); }},
        {"C_GetAttributeValue", [&] { return list.C_GetAttributeValue(s, key, nullptr, 1); }},
        {"C_SetAttributeValue", [&] { return list.C_SetAttributeValue(s, key, nullptr, 1); }},
        {"C_FindObjectsInit", [&] { return list.C_FindObjectsInit(s, nullptr, 1); }},
        {"C_EncryptInit", [&] { return list.C_EncryptInit(s, nullptr, key); }},
        {"C_DecryptInit", [&] { return list.C_DecryptInit(s, nullptr, key); }},
        {"C_DigestInit", [&] { return list.C_DigestInit(s, nullptr); }},
        {"C_SignInit", [&] { return list.C_SignInit(s, nullptr, key); }},
        {"C_VerifyInit", [&] { return list.C_VerifyInit(s, nullptr, key); }},
        {"C_SignRecoverInit", [&] { return list.C_SignRecoverInit(s, nullptr, key); }},
        {"C_VerifyRecoverInit", [&] { return list.C_VerifyRecoverInit(s, nullptr, key); }},
        {"C_GenerateKey, how", [&] { return list.C_GenerateKey(s, nullptr, t, 1, &o); }},
        {"C_GenerateKey, template", [&] { return list.C_GenerateKey(s, g, nullptr, 1, &o); }},
        {"C_GenerateKey, handle", [&] { return list.C_GenerateKey(s, g, t, 1, nullptr); }},
        {"C_GenerateKeyPair, how",
         [&] { return list.C_GenerateKeyPair(s, nullptr, t, 1, t, 1, &o, &o); }},
        {"C_GenerateKeyPair, public template",
         [&] { return list.C_GenerateKeyPair(s, g, nullptr, 1, t, 1, &o, &o); }},
        {"C_GenerateKeyPair, private template",
         [&] { return list.C_GenerateKeyPair(s, g, t, 1, nullptr, 1, &o, &o); }},
        {"C_GenerateKeyPair, public handle",
         [&] { return list.C_GenerateKeyPair(s, g, t, 1, t, 1, nullptr, &o); }},
        {"C_GenerateKeyPair, private handle",
         [&] { return list.C_GenerateKeyPair(s, g, t, 1, t, 1, &o, nullptr); }},
        {"C_WrapKey, how", [&] { return list.C_WrapKey(s, nullptr, key, key, b, &n); }},
        {"C_WrapKey, length", [&] { return list.C_WrapKey(s, m, key, key, b, nullptr); }},
        {"C_UnwrapKey, how", [&] { return list.C_UnwrapKey(s, nullptr, key, b, 24, t, 1, &o); }},
        {"C_UnwrapKey, key", [&] { return list.C_UnwrapKey(s, m, key, nullptr, 24, t, 1, &o); }},
        {"C_UnwrapKey, template",
         [&] { return list.C_UnwrapKey(s, m, key, b, 24, nullptr, 1, &o); }},
        {"C_UnwrapKey, handle", [&] { return list.C_UnwrapKey(s, m, key, b, 24, t, 1, nullptr); }},
        {"C_DeriveKey, how", [&] { return list.C_DeriveKey(s, nullptr, key, t, 1, &o); }},
        {"C_DeriveKey, template", [&] { return list.C_DeriveKey(s, m, key, nullptr, 1, &o); }},
    };
    for (const auto& [what, call] : calls) {
        CAPTURE(what);
        CHECK(name(call()) == name(CKR_ARGUMENTS_BAD));
    }
    REQUIRE(name(list.C_FindObjectsInit(s, nullptr, 0)) == name(CKR_OK));
    CHECK(name(list.C_FindObjects(s, nullptr, 1, &n)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_FindObjects(s, &o, 1, nullptr)) == name(CKR_ARGUMENTS_BAD));
}

}  // namespace hasim::test
