// Goal: a key with CKA_ALWAYS_AUTHENTICATE works once for each PIN that is given for it, on the token as through the
// group, whichever member serves.
#include "unit/pkcs11/sides.hpp"

namespace hasim::test {
namespace {

CK_OBJECT_HANDLE watchful_key(const Caller& caller)
{
    return caller
        .generate_pair(CKM_EC_KEY_PAIR_GEN,
                       Attributes().bytes(CKA_EC_PARAMS, curve_p256()).flag(CKA_VERIFY, true),
                       Attributes()
                           .flag(CKA_SIGN, true)
                           .flag(CKA_TOKEN, true)
                           .flag(CKA_PRIVATE, true)
                           .flag(CKA_ALWAYS_AUTHENTICATE, true))
        .second;
}

CK_RV begin(const Caller& caller, CK_MECHANISM_TYPE how, CK_OBJECT_HANDLE key)
{
    return caller.list->C_SignInit(caller.session, Mechanism(how).get(), key);
}

CK_RV log_in_again(const Caller& caller, std::string_view pin = kPin)
{
    return caller.list->C_Login(caller.session, CKU_CONTEXT_SPECIFIC, bytes_of(pin),
                                length_of(pin));
}

CK_RV sign(const Caller& caller)
{
    std::string out(64, '\0');
    CK_ULONG length = length_of(out);
    return caller.list->C_Sign(caller.session, bytes_of(std::string(32, 'h')), 32, bytes_of(out),
                               &length);
}

using Codes = std::vector<std::string>;

/// What a key that asks for a PIN each time answers, whatever is tried.
Codes story(const Caller& caller)
{
    const CK_OBJECT_HANDLE key = watchful_key(caller);
    Codes codes;
    const auto note = [&](CK_RV code) { codes.push_back(name(code)); };
    note(log_in_again(caller));  // nothing asks for it yet
    note(begin(caller, CKM_ECDSA, key));
    note(sign(caller));
    note(sign(caller));  // the operation is over
    for (int i = 0; i < 3; ++i) {
        note(begin(caller, CKM_ECDSA, key));
        note(log_in_again(caller));
        note(sign(caller));
    }
    note(begin(caller, CKM_ECDSA, key));  // once is not for ever
    note(sign(caller));
    note(begin(caller, CKM_ECDSA, key));
    note(log_in_again(caller, "wrong"));
    note(sign(caller));
    return codes;
}

const Codes kStory{
    "CKR_OPERATION_NOT_INITIALIZED",
    "CKR_OK",
    "CKR_USER_NOT_LOGGED_IN",
    "CKR_OPERATION_NOT_INITIALIZED",
    "CKR_OK",
    "CKR_OK",
    "CKR_OK",
    "CKR_OK",
    "CKR_OK",
    "CKR_OK",
    "CKR_OK",
    "CKR_OK",
    "CKR_OK",
    "CKR_OK",
    "CKR_USER_NOT_LOGGED_IN",
    "CKR_OK",
    "CKR_PIN_INCORRECT",
    "CKR_USER_NOT_LOGGED_IN",
};

}  // namespace

TEST_CASE("a key that always asks for a PIN answers as the token's own does")
{
    if (without_lab()) {
        return;
    }
    const InProcess token;
    CHECK(story(token.caller()) == kStory);
    const Application application;
    CHECK(story(application.caller()) == kStory);
}

TEST_CASE("the PIN of an operation holds at whichever member it moves on to")
{
    if (without_lab()) {
        return;
    }
    for (const char* broken : {"hsm1 reset", "hsm2 reset"}) {
        CAPTURE(broken);
        const Application application;
        const Caller& caller = application.caller();
        const CK_OBJECT_HANDLE key = watchful_key(caller);
        CHECK(name(begin(caller, CKM_ECDSA, key)) == name(CKR_OK));
        CHECK(name(log_in_again(caller)) == name(CKR_OK));
        application.ctl(broken);
        CHECK(name(sign(caller)) == name(CKR_OK));
        CHECK(name(begin(caller, CKM_ECDSA, key)) == name(CKR_OK));
        CHECK(name(sign(caller)) == name(CKR_USER_NOT_LOGGED_IN));
    }
}

TEST_CASE("wrong PINs for one operation count towards the lock")
{
    if (without_lab()) {
        return;
    }
    const Application application(lab_of_two_but("1234840370164, 1234924189183", "1234840370164"));
    const Caller& caller = application.caller();
    const CK_OBJECT_HANDLE key = watchful_key(caller);
    REQUIRE(name(begin(caller, CKM_ECDSA, key)) == name(CKR_OK));
    for (int i = 0; i < 10; ++i) {
        CHECK(name(log_in_again(caller, "wrong")) == name(CKR_PIN_INCORRECT));
    }
    CHECK(name(log_in_again(caller)) == name(CKR_PIN_LOCKED));
}

}  // namespace hasim::test
