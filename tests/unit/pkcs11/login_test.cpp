// Sessions and logins: PKCS#11 2.40, 5.5 and 5.6.
#include "unit/pkcs11/calls.hpp"

#include <set>

namespace hasim::test {
namespace {

CK_STATE state_of(const Caller& caller)
{
    CK_SESSION_INFO info{};
    REQUIRE(name(caller.list->C_GetSessionInfo(caller.session, &info)) == name(CKR_OK));
    CHECK(info.slotID == kGroup);
    CHECK((info.flags & CKF_SERIAL_SESSION) != 0);
    return info.state;
}

std::pair<CK_ULONG, CK_ULONG> session_counts()
{
    CK_TOKEN_INFO info{};
    REQUIRE(name(module().C_GetTokenInfo(kGroup, &info)) == name(CKR_OK));
    return {info.ulSessionCount, info.ulRwSessionCount};
}

}  // namespace

TEST_CASE("the library, its slot and its token tell what they are")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    CK_INFO info{};
    CHECK(name(module().C_GetInfo(nullptr)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(module().C_GetInfo(&info)) == name(CKR_OK));
    CHECK(info.cryptokiVersion.major == 2);
    CHECK(info.cryptokiVersion.minor == 40);
    CHECK(info.flags == 0);
    CK_SLOT_INFO slot{};
    CHECK(name(module().C_GetSlotInfo(kGroup, nullptr)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(module().C_GetSlotInfo(kGroup, &slot)) == name(CKR_OK));
    CHECK((slot.flags & CKF_TOKEN_PRESENT) != 0);
    CK_TOKEN_INFO token{};
    CHECK(name(module().C_GetTokenInfo(kGroup, nullptr)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(module().C_GetTokenInfo(kGroup, &token)) == name(CKR_OK));
    // Padded with blanks, never ended with a null.
    CHECK(std::string(reinterpret_cast<const char*>(token.label), sizeof token.label) ==
          "haGroup1" + std::string(24, ' '));
    for (const CK_FLAGS flag :
         {CKF_RNG, CKF_LOGIN_REQUIRED, CKF_USER_PIN_INITIALIZED, CKF_TOKEN_INITIALIZED}) {
        CAPTURE(flag);
        CHECK((token.flags & flag) != 0);
    }
    CHECK((token.flags & CKF_WRITE_PROTECTED) == 0);
}

TEST_CASE("lists of slots and mechanisms come in two steps")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    CK_FUNCTION_LIST& list = module();
    CHECK(name(list.C_GetSlotList(CK_TRUE, nullptr, nullptr)) == name(CKR_ARGUMENTS_BAD));
    CK_ULONG count = 77;
    CHECK(name(list.C_GetSlotList(CK_TRUE, nullptr, &count)) == name(CKR_OK));
    CHECK(count == 1);
    CK_SLOT_ID slots[4] = {9, 9, 9, 9};
    count = 0;
    CHECK(name(list.C_GetSlotList(CK_TRUE, slots, &count)) == name(CKR_BUFFER_TOO_SMALL));
    CHECK(count == 1);
    CHECK(slots[0] == 9);
    count = 4;
    CHECK(name(list.C_GetSlotList(CK_FALSE, slots, &count)) == name(CKR_OK));
    CHECK(count == 1);
    CHECK(slots[0] == kGroup);
    CHECK(slots[1] == 9);

    CHECK(name(list.C_GetMechanismList(kGroup, nullptr, nullptr)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_GetMechanismList(kGroup, nullptr, &count)) == name(CKR_OK));
    REQUIRE(count > 50);
    std::vector<CK_MECHANISM_TYPE> types(count);
    CK_ULONG less = count - 1;
    CHECK(name(list.C_GetMechanismList(kGroup, types.data(), &less)) == name(CKR_BUFFER_TOO_SMALL));
    CHECK(less == count);
    CHECK(name(list.C_GetMechanismList(kGroup, types.data(), &less)) == name(CKR_OK));
    CHECK(std::set<CK_MECHANISM_TYPE>(types.begin(), types.end()).size() == count);
    CK_MECHANISM_INFO info{};
    CHECK(name(list.C_GetMechanismInfo(kGroup, CKM_AES_CBC, nullptr)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_GetMechanismInfo(kGroup, CKM_AES_CBC, &info)) == name(CKR_OK));
    CHECK(info.ulMaxKeySize == 32);
    CHECK(name(list.C_GetMechanismInfo(kGroup, CKM_VENDOR_DEFINED + 7, &info)) ==
          name(CKR_MECHANISM_INVALID));
}

TEST_CASE("a session tells its state, and every session of a slot has one login")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    CK_FUNCTION_LIST& list = module();
    CK_SESSION_HANDLE handle = 0;
    CHECK(name(list.C_OpenSession(kGroup, kWrites, nullptr, nullptr, nullptr)) ==
          name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_OpenSession(kGroup, CKF_RW_SESSION, nullptr, nullptr, &handle)) ==
          name(CKR_SESSION_PARALLEL_NOT_SUPPORTED));
    const Caller reads = open_session(kReads);
    const Caller writes = open_session(kWrites);
    CHECK(name(list.C_GetSessionInfo(reads.session, nullptr)) == name(CKR_ARGUMENTS_BAD));
    CHECK(state_of(reads) == CKS_RO_PUBLIC_SESSION);
    CHECK(state_of(writes) == CKS_RW_PUBLIC_SESSION);
    CHECK(session_counts() == std::pair<CK_ULONG, CK_ULONG>(2, 1));

    CHECK(name(list.C_Logout(reads.session)) == name(CKR_USER_NOT_LOGGED_IN));
    CHECK(name(log_in(reads)) == name(CKR_OK));
    CHECK(state_of(reads) == CKS_RO_USER_FUNCTIONS);
    CHECK(state_of(writes) == CKS_RW_USER_FUNCTIONS);
    CHECK(state_of(open_session(kReads)) == CKS_RO_USER_FUNCTIONS);
    CHECK(name(log_in(writes)) == name(CKR_USER_ALREADY_LOGGED_IN));
    CHECK(name(list.C_Logout(writes.session)) == name(CKR_OK));
    CHECK(state_of(reads) == CKS_RO_PUBLIC_SESSION);
    CHECK(name(list.C_Logout(writes.session)) == name(CKR_USER_NOT_LOGGED_IN));
}

TEST_CASE("closing the last session, or all of them, logs out")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    CK_FUNCTION_LIST& list = module();
    const Caller other = open_session();
    CHECK(name(list.C_CloseSession(application.caller().session)) == name(CKR_OK));
    CHECK(name(list.C_CloseSession(application.caller().session)) ==
          name(CKR_SESSION_HANDLE_INVALID));
    CHECK(state_of(other) == CKS_RW_USER_FUNCTIONS);
    CHECK(name(list.C_CloseSession(other.session)) == name(CKR_OK));
    const Caller anew = open_session();
    CHECK(state_of(anew) == CKS_RW_PUBLIC_SESSION);
    CHECK(name(log_in(anew)) == name(CKR_OK));

    const Caller second = open_session();
    CHECK(name(list.C_CloseAllSessions(kGroup)) == name(CKR_OK));
    CK_SESSION_INFO info{};
    CHECK(name(list.C_GetSessionInfo(anew.session, &info)) == name(CKR_SESSION_HANDLE_INVALID));
    CHECK(name(list.C_GetSessionInfo(second.session, &info)) == name(CKR_SESSION_HANDLE_INVALID));
    CHECK(session_counts() == std::pair<CK_ULONG, CK_ULONG>(0, 0));
    CHECK(state_of(open_session()) == CKS_RW_PUBLIC_SESSION);
    CHECK(name(list.C_CloseAllSessions(kGroup)) == name(CKR_OK));
    CHECK(name(list.C_CloseAllSessions(kGroup)) == name(CKR_OK));  // none is as good
}

TEST_CASE("a login that cannot be is refused, and changes nothing")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    CK_FUNCTION_LIST& list = module();
    const Caller caller = open_session();
    CHECK(name(list.C_Login(caller.session, CKU_USER, nullptr, 5)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_Login(caller.session, 77, bytes_of(kPin), length_of(kPin))) ==
          name(CKR_USER_TYPE_INVALID));
    // Administration is not for a group.
    CHECK(name(list.C_Login(caller.session, CKU_SO, bytes_of(kPin), length_of(kPin))) ==
          name(CKR_FUNCTION_NOT_SUPPORTED));
    CHECK(name(log_in(caller, std::string(300, '1'))) == name(CKR_PIN_LEN_RANGE));
    CHECK(name(log_in(caller, "wrong")) == name(CKR_PIN_INCORRECT));
    CHECK(name(log_in(caller, "")) == name(CKR_PIN_INCORRECT));
    CHECK(state_of(caller) == CKS_RW_PUBLIC_SESSION);
    CHECK(name(log_in(caller)) == name(CKR_OK));
}

TEST_CASE("a login for one operation needs an operation that wants it")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    CHECK(name(module().C_Login(application.caller().session, CKU_CONTEXT_SPECIFIC, bytes_of(kPin),
                                length_of(kPin))) == name(CKR_OPERATION_NOT_INITIALIZED));
}

TEST_CASE("a partition that is a slot takes another PIN, and then its group logs in without it")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized(lab_of_two_but("HAOnly = 1", "HAOnly = 0"));
    constexpr CK_SLOT_ID kPartition = 0;
    constexpr CK_SLOT_ID kLast = 2;  // the group
    const auto set = [](const Caller& caller, std::string_view was, std::string_view becomes) {
        return name(module().C_SetPIN(caller.session, bytes_of(was), length_of(was),
                                      bytes_of(becomes), length_of(becomes)));
    };
    const Caller reads = open_session(kReads, kPartition);
    const Caller caller = open_session(kWrites, kPartition);
    CHECK(set(reads, kPin, "another") == name(CKR_SESSION_READ_ONLY));
    CHECK(set(caller, "wrong", "another") == name(CKR_PIN_INCORRECT));
    CHECK(set(caller, kPin, "no") == name(CKR_PIN_LEN_RANGE));
    CHECK(set(caller, kPin, std::string(256, 'x')) == name(CKR_PIN_LEN_RANGE));
    CHECK(name(module().C_SetPIN(caller.session, nullptr, 3, bytes_of(kPin), length_of(kPin))) ==
          name(CKR_ARGUMENTS_BAD));
    CHECK(name(log_in(caller)) == name(CKR_OK));  // nothing has changed so far
    CHECK(set(caller, kPin, "another") == name(CKR_OK));
    CHECK(name(module().C_Logout(caller.session)) == name(CKR_OK));
    CHECK(name(log_in(caller)) == name(CKR_PIN_INCORRECT));
    CHECK(name(log_in(caller, "another")) == name(CKR_OK));

    const Caller group = open_session(kWrites, kLast);
    CHECK(set(group, kPin, "another") == name(CKR_FUNCTION_NOT_SUPPORTED));
    CHECK(name(log_in(group)) == name(CKR_OK));
    CHECK(name(module().C_Finalize(nullptr)) == name(CKR_OK));  // the log is written then
    CHECK(initialized.lab().log().find("can not login to member: 1234840370164") !=
          std::string::npos);
}

TEST_CASE("a PIN that is wrong ten times is locked")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    const Caller caller = open_session();
    for (int i = 0; i < 9; ++i) {
        CHECK(name(log_in(caller, "wrong")) == name(CKR_PIN_INCORRECT));
    }
    const auto says_locked = [&] {
        CK_TOKEN_INFO info{};
        CHECK(name(module().C_GetTokenInfo(kGroup, &info)) == name(CKR_OK));
        return (info.flags & CKF_USER_PIN_LOCKED) != 0;
    };
    CHECK(!says_locked());
    CHECK(name(log_in(caller)) == name(CKR_OK));  // begins the count anew
    CHECK(name(module().C_Logout(caller.session)) == name(CKR_OK));
    int incorrect = 0;
    CK_RV code = CKR_PIN_INCORRECT;
    for (; code == CKR_PIN_INCORRECT && incorrect < 30; ++incorrect) {
        code = log_in(caller, "wrong");
    }
    CHECK(name(code) == name(CKR_PIN_LOCKED));
    CHECK(incorrect >= 10);
    CHECK(name(log_in(caller)) == name(CKR_PIN_LOCKED));
    CHECK(says_locked());
    CHECK(state_of(caller) == CKS_RW_PUBLIC_SESSION);
}

TEST_CASE("a thousand sessions stand side by side, each with an operation of its own")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    CK_FUNCTION_LIST& list = module();
    std::vector<Caller> sessions;
    std::set<CK_SESSION_HANDLE> handles;
    for (int i = 0; i < 1000; ++i) {
        sessions.push_back(open_session(i % 2 == 0 ? kReads : kWrites));
        handles.insert(sessions.back().session);
    }
    CHECK(handles.size() == 1000);
    CHECK(session_counts() == std::pair<CK_ULONG, CK_ULONG>(1001, 501));
    Mechanism sha(CKM_SHA_1);
    bool all = true;
    for (const Caller& caller : sessions) {
        all = all && list.C_DigestInit(caller.session, sha.get()) == CKR_OK;
        all = all && list.C_DigestUpdate(caller.session, bytes_of("a"), 1) == CKR_OK;
    }
    CHECK(all);
    const std::string expected = application.caller().digest(sha, "ab").out;
    for (const Caller& caller : sessions) {
        std::string digest(20, '\0');
        CK_ULONG length = 20;
        all = all && list.C_DigestUpdate(caller.session, bytes_of("b"), 1) == CKR_OK;
        all = all && list.C_DigestFinal(caller.session, bytes_of(digest), &length) == CKR_OK;
        all = all && digest == expected;
        all = all && list.C_CloseSession(caller.session) == CKR_OK;
    }
    CHECK(all);
    CHECK(session_counts() == std::pair<CK_ULONG, CK_ULONG>(1, 1));
}

}  // namespace hasim::test
