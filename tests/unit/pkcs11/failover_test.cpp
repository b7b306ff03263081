// What an application sees of members that come and go: the module over two members of which one breaks.
#include "unit/pkcs11/calls.hpp"

#include <chrono>
#include <functional>
#include <thread>

namespace hasim::test {
namespace {

CK_OBJECT_HANDLE lasting_key(const Caller& caller, std::string_view label)
{
    return caller.generate(CKM_GENERIC_SECRET_KEY_GEN, secret_key(CKK_GENERIC_SECRET, {})
                                                           .number(CKA_VALUE_LEN, 32)
                                                           .flag(CKA_TOKEN, true)
                                                           .bytes(CKA_LABEL, label));
}

Answer hmac(const Caller& caller, CK_OBJECT_HANDLE key)
{
    return caller.sign(Mechanism(CKM_SHA256_HMAC), key, "text");
}

/// Whether it comes true within some seconds: what the client does beside the application's calls takes its time.
bool soon(const std::function<bool()>& holds)
{
    for (int i = 0; i < 100; ++i) {
        if (holds()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

bool token_present()
{
    CK_ULONG count = 99;
    REQUIRE(name(module().C_GetSlotList(CK_TRUE, nullptr, &count)) == name(CKR_OK));
    return count == 1;
}

/// The lost member is asked for, and has come when the log says so.
void recover(const Application& application)
{
    application.ctl("all recover");
    REQUIRE(soon([&] {
        static_cast<void>(application.caller().digest(Mechanism(CKM_SHA_1), "wake"));
        return application.lab().log().find(" succeeded for member: ") != std::string::npos;
    }));
}

}  // namespace

TEST_CASE("signatures go on without an error while a member is lost")
{
    if (without_lab()) {
        return;
    }
    for (const char* broken : {"hsm1 reset", "hsm2 reset", "hsm1 fin", "hsm1 ntls stop",
                               "hsm2 ntls stop", "hsm1 deactivate"}) {
        CAPTURE(broken);
        const Application application(
            lab_of_two_but("HAOnly = 1;", "HAOnly = 1; failover_on_deactivation = 1;"));
        const CK_OBJECT_HANDLE key = lasting_key(application.caller(), "key");
        const Answer before = hmac(application.caller(), key);
        REQUIRE(name(before.code) == name(CKR_OK));
        application.ctl(broken);
        for (int i = 0; i < 20; ++i) {
            const Answer after = hmac(application.caller(), key);
            CHECK(name(after.code) == name(CKR_OK));
            CHECK(after.out == before.out);
        }
        CHECK(token_present());
    }
}

TEST_CASE("a partition that is deactivated tells so when failover_on_deactivation is off")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const CK_OBJECT_HANDLE key = lasting_key(application.caller(), "key");
    application.ctl("hsm1 deactivate");
    int refused = 0;
    for (int i = 0; i < 20; ++i) {
        const CK_RV code = hmac(application.caller(), key).code;
        refused += code == CKR_OK ? 0 : 1;
        CAPTURE(name(code));
        CHECK((code == CKR_OK || name(code) == "RC_PARTITION_NOT_ACTIVATED"));
    }
    CHECK(refused > 0);
    CHECK(refused < 20);
}

TEST_CASE("a cable that is out costs time, and no error")
{
    if (without_lab()) {
        return;
    }
    const Application application(lab_of_two_but("2000", "1000"));
    const CK_OBJECT_HANDLE key = lasting_key(application.caller(), "key");
    const Answer before = hmac(application.caller(), key);
    application.ctl(GENERATE(std::string("hsm1 cable out"), std::string("hsm2 power off")));
    for (int i = 0; i < 4; ++i) {
        const Answer after = hmac(application.caller(), key);
        CHECK(name(after.code) == name(CKR_OK));
        CHECK(after.out == before.out);
    }
    const Caller another = open_session();
    CHECK(name(hmac(another, key).code) == name(CKR_OK));
    CHECK(application.caller().count_labelled("key") == 1);
}

TEST_CASE("a key that is generated is there when either member is gone")
{
    if (without_lab()) {
        return;
    }
    const std::string gone = GENERATE(std::string("hsm1"), std::string("hsm2"));
    CAPTURE(gone);
    const Application application;
    const Caller& caller = application.caller();
    Attributes curve;
    curve.bytes(CKA_EC_PARAMS, from_hex("06082a8648ce3d030107")).flag(CKA_TOKEN, true);
    curve.flag(CKA_VERIFY, true).bytes(CKA_LABEL, "pair");
    Attributes secret;
    secret.flag(CKA_TOKEN, true).flag(CKA_SIGN, true).bytes(CKA_LABEL, "pair");
    const auto pair = caller.generate_pair(CKM_EC_KEY_PAIR_GEN, curve, secret);
    const CK_OBJECT_HANDLE session_key =
        caller.create(secret_key(CKK_GENERIC_SECRET, std::string(32, 's')));
    application.ctl(gone + " ntls stop");
    const std::string digest(32, 'd');
    const Answer signature = caller.sign(Mechanism(CKM_ECDSA), pair.second, digest);
    CHECK(name(signature.code) == name(CKR_OK));
    CHECK(name(caller.verify(Mechanism(CKM_ECDSA), pair.first, digest, signature.out)) ==
          name(CKR_OK));
    CHECK(name(hmac(caller, session_key).code) == name(CKR_OK));
    CHECK(caller.count_labelled("pair") == 2);
}

TEST_CASE("an operation of several parts ends with its member, and a new Init works")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    const std::string expected = caller.digest(Mechanism(CKM_SHA256), "abc").out;
    const auto begin = [&] {
        REQUIRE(name(list.C_DigestInit(caller.session, Mechanism(CKM_SHA256).get())) ==
                name(CKR_OK));
        REQUIRE(name(list.C_DigestUpdate(caller.session, bytes_of("ab"), 2)) == name(CKR_OK));
    };
    std::string out(32, '\0');
    CK_ULONG length = 32;
    begin();
    // Which member has it is not told: both are reset, and both come back only when they are asked to.
    application.ctl("hsm1 reset");
    application.ctl("hsm2 reset");
    SECTION("told by the next part")
    {
        CHECK(name(list.C_DigestUpdate(caller.session, bytes_of("c"), 1)) ==
              name(CKR_DEVICE_ERROR));
    }
    SECTION("told by the last part")
    {
        CHECK(name(list.C_DigestFinal(caller.session, bytes_of(out), &length)) ==
              name(CKR_DEVICE_ERROR));
    }
    CHECK(name(list.C_DigestFinal(caller.session, bytes_of(out), &length)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    application.ctl("all recover");
    CHECK(soon([&] { return caller.digest(Mechanism(CKM_SHA256), "abc").out == expected; }));
}

TEST_CASE("an operation of several parts does not mind the loss of the other member")
{
    if (without_lab()) {
        return;
    }
    int lost = 0;
    for (const char* broken : {"hsm1 reset", "hsm2 reset"}) {
        CAPTURE(broken);
        const Application application;
        const Caller& caller = application.caller();
        CK_FUNCTION_LIST& list = module();
        REQUIRE(name(list.C_DigestInit(caller.session, Mechanism(CKM_SHA256).get())) ==
                name(CKR_OK));
        REQUIRE(name(list.C_DigestUpdate(caller.session, bytes_of("ab"), 2)) == name(CKR_OK));
        application.ctl(broken);
        const CK_RV code = list.C_DigestUpdate(caller.session, bytes_of("c"), 1);
        if (code != CKR_OK) {
            CHECK(name(code) == name(CKR_DEVICE_ERROR));
            ++lost;
            continue;
        }
        std::string out(32, '\0');
        CK_ULONG length = 32;
        CHECK(name(list.C_DigestFinal(caller.session, bytes_of(out), &length)) == name(CKR_OK));
        CHECK(out == caller.digest(Mechanism(CKM_SHA256), "abc").out);
    }
    CHECK(lost == 1);  // the first operation of a process is with the same member each time
}

TEST_CASE("an object that is destroyed is gone on both members")
{
    if (without_lab()) {
        return;
    }
    const std::string gone = GENERATE(std::string("hsm1"), std::string("hsm2"));
    CAPTURE(gone);
    const Application application;
    const Caller& caller = application.caller();
    const CK_OBJECT_HANDLE key = lasting_key(caller, "key");
    CHECK(caller.count_labelled("key") == 1);
    CHECK(name(module().C_DestroyObject(caller.session, key)) == name(CKR_OK));
    application.ctl(gone + " ntls stop");
    CHECK(caller.count_labelled("key") == 0);
    CHECK(name(hmac(caller, key).code) == name(CKR_KEY_HANDLE_INVALID));
    CHECK(name(module().C_DestroyObject(caller.session, key)) == name(CKR_OBJECT_HANDLE_INVALID));
}

TEST_CASE("what is made and destroyed during an outage is so on both after it")
{
    if (without_lab()) {
        return;
    }
    const std::string gone = GENERATE(std::string("hsm1"), std::string("hsm2"));
    const std::string other = gone == "hsm1" ? "hsm2" : "hsm1";
    CAPTURE(gone);
    const Application application;
    const Caller& caller = application.caller();
    const CK_OBJECT_HANDLE old = lasting_key(caller, "old");
    application.ctl(gone + " ntls stop");
    const CK_OBJECT_HANDLE made = lasting_key(caller, "made");
    const Answer before = hmac(caller, made);
    CHECK(name(before.code) == name(CKR_OK));
    CHECK(name(module().C_DestroyObject(caller.session, old)) == name(CKR_OK));
    CHECK(caller.count_labelled("made") == 1);
    application.ctl(gone + " ntls start");
    recover(application);
    CHECK(caller.count_labelled("made") == 1);
    CHECK(caller.count_labelled("old") == 0);
    // Now the one that was away has to do it alone.
    application.ctl(other + " ntls stop");
    CHECK(soon([&] { return hmac(caller, made).out == before.out; }));
    CHECK(caller.count_labelled("made") == 1);
    CHECK(caller.count_labelled("old") == 0);
    CHECK(name(hmac(caller, old).code) == name(CKR_KEY_HANDLE_INVALID));
}

TEST_CASE("a generate whose answer is lost is not done twice")
{
    if (without_lab()) {
        return;
    }
    const std::string silent = GENERATE(std::string("hsm1"), std::string("hsm2"));
    CAPTURE(silent);
    const Application application(lab_of_two_but("2000", "1000"));
    const Caller& caller = application.caller();
    // The member carries out what it was asked, and nobody hears of it.
    application.ctl(silent + " silence out");
    for (int i = 0; i < 2; ++i) {
        static_cast<void>(lasting_key(caller, "once"));
        static_cast<void>(hmac(caller, lasting_key(caller, "other")));
    }
    CHECK(caller.count_labelled("once") == 2);
    application.ctl(silent + " heal");
    recover(application);
    CHECK(caller.count_labelled("once") == 2);
    CHECK(caller.count_labelled("other") == 2);
    application.ctl((silent == "hsm1" ? "hsm2" : "hsm1") + std::string(" ntls stop"));
    CHECK(caller.count_labelled("once") == 2);
    CHECK(caller.count_labelled("other") == 2);
}

TEST_CASE("when all is lost in activeBasic, only C_Finalize and C_Initialize help")
{
    if (without_lab()) {
        return;
    }
    const Application application(lab_of_two_but("activeEnhanced", "activeBasic"));
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    const CK_OBJECT_HANDLE key = lasting_key(caller, "key");
    CHECK(token_present());
    application.ctl("all ntls stop");
    CHECK(name(hmac(caller, key).code) == name(CKR_DEVICE_ERROR));
    CHECK(soon([] { return !token_present(); }));
    CK_TOKEN_INFO info{};
    CHECK(name(list.C_GetTokenInfo(kGroup, &info)) == name(CKR_TOKEN_NOT_PRESENT));
    CK_SLOT_INFO slot{};
    CHECK(name(list.C_GetSlotInfo(kGroup, &slot)) == name(CKR_OK));
    CHECK((slot.flags & CKF_TOKEN_PRESENT) == 0);
    CK_SESSION_HANDLE session = 0;
    CHECK(name(list.C_OpenSession(kGroup, kWrites, nullptr, nullptr, &session)) ==
          name(CKR_TOKEN_NOT_PRESENT));
    CK_SLOT_ID event = 99;
    CHECK(name(list.C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, nullptr)) == name(CKR_OK));
    CHECK(event == kGroup);
    CHECK(name(list.C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, nullptr)) == name(CKR_NO_EVENT));

    application.ctl("all ntls start");
    application.ctl("all recover");
    for (int i = 0; i < 3; ++i) {
        CHECK(name(caller.digest(Mechanism(CKM_SHA_1), "x").code) == name(CKR_DEVICE_ERROR));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    CHECK(name(list.C_Finalize(nullptr)) == name(CKR_OK));
    REQUIRE(name(list.C_Initialize(nullptr)) == name(CKR_OK));
    CHECK(token_present());
    const Caller anew = open_session();
    CHECK(name(log_in(anew)) == name(CKR_OK));
    CHECK(anew.count_labelled("key") == 1);
    CHECK(name(hmac(anew, anew.find(Attributes().bytes(CKA_LABEL, "key")).at(0)).code) ==
          name(CKR_OK));
}

TEST_CASE("when all is lost in activeEnhanced, recovery brings it back, login and keys and all")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    const CK_OBJECT_HANDLE key = lasting_key(caller, "key");
    const std::string before = hmac(caller, key).out;
    application.ctl("all ntls stop");
    CHECK(name(hmac(caller, key).code) == name(CKR_DEVICE_ERROR));
    application.ctl("all ntls start");
    application.ctl("all recover");
    CHECK(soon([&] { return hmac(caller, key).out == before; }));
    CHECK(token_present());
    CHECK(name(log_in(caller)) == name(CKR_USER_ALREADY_LOGGED_IN));
}

TEST_CASE("C_Initialize with one member away serves with the other, with none it has no token")
{
    if (without_lab()) {
        return;
    }
    const Lab lab;
    CK_FUNCTION_LIST& list = module();
    lab.ctl("hsm1 ntls stop");
    CHECK(name(list.C_Initialize(nullptr)) == name(CKR_OK));
    CHECK(token_present());
    const Caller caller = open_session();
    CHECK(name(log_in(caller)) == name(CKR_OK));
    CHECK(name(caller.digest(Mechanism(CKM_SHA_1), "x").code) == name(CKR_OK));
    CHECK(name(list.C_Finalize(nullptr)) == name(CKR_OK));

    lab.ctl("hsm2 ntls stop");
    static_cast<void>(list.C_Initialize(nullptr));
    CHECK_FALSE(token_present());
    static_cast<void>(list.C_Finalize(nullptr));
}

}  // namespace hasim::test
