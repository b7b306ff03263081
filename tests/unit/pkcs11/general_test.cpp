// C_Initialize and C_Finalize, and what every function says before, between and after: PKCS#11 2.40, 5.1 to 5.4.
#include "unit/pkcs11/function_rows.hpp"

#include <set>

namespace hasim::test {
namespace {

/// Every function but those that may be called at any time.
void expect_nothing_works()
{
    for (const FunctionRow& row : all_functions()) {
        if (row.name == "C_Initialize" || row.name == "C_GetFunctionList") {
            continue;
        }
        CAPTURE(row.name);
        CHECK(name(row.call(1, Pointers::null)) == name(CKR_CRYPTOKI_NOT_INITIALIZED));
        if (row.name != "C_Finalize") {  // its pointer must be null
            CHECK(name(row.call(1, Pointers::zeros)) == name(CKR_CRYPTOKI_NOT_INITIALIZED));
        }
    }
}

CK_RV create_mutex(void** mutex)
{
    *mutex = nullptr;
    return CKR_OK;
}

CK_RV use_mutex(void*)
{
    return CKR_OK;
}

/// The arguments of C_Initialize with some of the four functions: bit 0 is CreateMutex.
CK_C_INITIALIZE_ARGS with_mutexes(unsigned which, CK_FLAGS flags)
{
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = flags;
    arguments.CreateMutex = (which & 1U) != 0 ? &create_mutex : nullptr;
    arguments.DestroyMutex = (which & 2U) != 0 ? &use_mutex : nullptr;
    arguments.LockMutex = (which & 4U) != 0 ? &use_mutex : nullptr;
    arguments.UnlockMutex = (which & 8U) != 0 ? &use_mutex : nullptr;
    return arguments;
}

}  // namespace

TEST_CASE("the function list holds all 68 functions of version 2.40")
{
    CHECK(name(C_GetFunctionList(nullptr)) == name(CKR_ARGUMENTS_BAD));
    const CK_FUNCTION_LIST& list = module();
    CHECK(list.version.major == 2);
    CHECK(list.version.minor == 40);
    CK_FUNCTION_LIST* again = nullptr;
    CHECK(name(list.C_GetFunctionList(&again)) == name(CKR_OK));
    CHECK(again == &list);
    std::set<void*> places;
    constexpr std::size_t kFunctions = 68;
    const auto* const first = reinterpret_cast<void* const*>(&list.C_Initialize);
    for (std::size_t i = 0; i < kFunctions; ++i) {
        CAPTURE(i);
        CHECK(first[i] != nullptr);
        places.insert(first[i]);
    }
    CHECK(places.size() == kFunctions);
    CHECK(all_functions().size() == kFunctions);
}

TEST_CASE("before C_Initialize every function says so")
{
    expect_nothing_works();
}

TEST_CASE("after C_Finalize every function says so, and C_Initialize begins anew")
{
    if (without_lab()) {
        return;
    }
    const Lab lab;
    for (int round = 0; round < 3; ++round) {
        CAPTURE(round);
        REQUIRE(name(module().C_Initialize(nullptr)) == name(CKR_OK));
        const Caller caller = open_session();
        CHECK(name(log_in(caller)) == name(CKR_OK));
        CHECK(name(caller.digest(Mechanism(CKM_SHA256), "abc").code) == name(CKR_OK));
        CHECK(name(module().C_Finalize(nullptr)) == name(CKR_OK));
        expect_nothing_works();
    }
    REQUIRE(name(module().C_Initialize(nullptr)) == name(CKR_OK));
    CK_SESSION_INFO info{};
    CHECK(name(module().C_GetSessionInfo(1, &info)) == name(CKR_SESSION_HANDLE_INVALID));
    const Caller anew = open_session();
    CHECK(name(module().C_GetSessionInfo(anew.session, &info)) == name(CKR_OK));
    CHECK(info.state == CKS_RW_PUBLIC_SESSION);  // the login has ended too
    CHECK(name(module().C_Finalize(nullptr)) == name(CKR_OK));
}

TEST_CASE("C_Initialize takes and refuses its arguments as section 5.4 has it")
{
    if (without_lab()) {
        return;
    }
    const Lab lab;
    struct Case {
        const char* what;
        CK_C_INITIALIZE_ARGS arguments;
        CK_RV expected;
    };
    CK_C_INITIALIZE_ARGS reserved{};
    int anything = 0;
    reserved.pReserved = &anything;
    std::vector<Case> cases{
        {"no locking needed", with_mutexes(0, 0), CKR_OK},
        {"locking of the system", with_mutexes(0, CKF_OS_LOCKING_OK), CKR_OK},
        {"either locking", with_mutexes(15, CKF_OS_LOCKING_OK), CKR_OK},
        {"only the application's locking: not to be had", with_mutexes(15, 0), CKR_CANT_LOCK},
        {"no threads, please: taken all the same",
         with_mutexes(0, CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS), CKR_OK},
        {"reserved", reserved, CKR_ARGUMENTS_BAD},
    };
    for (unsigned some = 1; some < 15; ++some) {
        cases.push_back({"some of the four", with_mutexes(some, 0), CKR_ARGUMENTS_BAD});
        cases.push_back(
            {"some of the four", with_mutexes(some, CKF_OS_LOCKING_OK), CKR_ARGUMENTS_BAD});
    }
    for (Case& one : cases) {
        CAPTURE(one.what);
        CHECK(name(module().C_Initialize(&one.arguments)) == name(one.expected));
        CHECK(name(module().C_Finalize(nullptr)) ==
              name(one.expected == CKR_OK ? CKR_OK : CKR_CRYPTOKI_NOT_INITIALIZED));
    }
    CHECK(name(module().C_Initialize(nullptr)) == name(CKR_OK));
    CHECK(name(module().C_Initialize(nullptr)) == name(CKR_CRYPTOKI_ALREADY_INITIALIZED));
    CHECK(name(module().C_Finalize(&anything)) == name(CKR_ARGUMENTS_BAD));
    CK_INFO info{};
    CHECK(name(module().C_GetInfo(&info)) == name(CKR_OK));  // none of these ended it
    CHECK(name(module().C_Finalize(nullptr)) == name(CKR_OK));
}

TEST_CASE("C_Initialize without a configuration fails, and works once there is one")
{
    if (without_lab()) {
        return;
    }
    const TemporaryDirectory empty;
    ::setenv("ChrystokiConfigurationPath", empty.path().c_str(), 1);
    CHECK(name(module().C_Initialize(nullptr)) == name(CKR_GENERAL_ERROR));
    expect_nothing_works();
    const Initialized initialized;
    CHECK(name(log_in(open_session())) == name(CKR_OK));
}

TEST_CASE("a session that is none is told before anything else")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller closed = open_session();
    REQUIRE(name(module().C_CloseSession(closed.session)) == name(CKR_OK));
    for (const FunctionRow& row : all_functions()) {
        if (row.takes != Takes::session) {
            continue;
        }
        for (const CK_SESSION_HANDLE handle : {CK_SESSION_HANDLE{0}, kNoSession, closed.session}) {
            CAPTURE(row.name, handle);
            CHECK(name(row.call(handle, Pointers::zeros)) == name(CKR_SESSION_HANDLE_INVALID));
            CHECK(name(row.call(handle, Pointers::null)) == name(CKR_SESSION_HANDLE_INVALID));
        }
    }
}

TEST_CASE("a slot that is none is told")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    for (const FunctionRow& row : all_functions()) {
        if (row.takes != Takes::slot) {
            continue;
        }
        for (const CK_SLOT_ID slot : {CK_SLOT_ID{1}, CK_SLOT_ID{987654321}, ~CK_SLOT_ID{0}}) {
            CAPTURE(row.name, slot);
            CHECK(name(row.call(slot, Pointers::zeros)) == name(CKR_SLOT_ID_INVALID));
        }
    }
}

TEST_CASE("what the module leaves out is told as not supported")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const CK_SESSION_HANDLE session = application.caller().session;
    // Administration is not for a group; no token behind hasim saves a state or does two operations in one call.
    const std::set<std::string> left_out{
        "C_InitToken",           "C_InitPIN",           "C_SetPIN",
        "C_GetOperationState",   "C_SetOperationState", "C_DigestEncryptUpdate",
        "C_DecryptDigestUpdate", "C_SignEncryptUpdate", "C_DecryptVerifyUpdate"};
    for (const FunctionRow& row : all_functions()) {
        CAPTURE(row.name);
        if (left_out.contains(row.name)) {
            const CK_ULONG handle = row.takes == Takes::slot ? kGroup : session;
            CHECK(name(row.call(handle, Pointers::zeros)) == name(CKR_FUNCTION_NOT_SUPPORTED));
        } else if (row.name == "C_GetFunctionStatus" || row.name == "C_CancelFunction") {
            CHECK(row.call(session, Pointers::null) == CKR_FUNCTION_NOT_PARALLEL);
        }
    }
}

}  // namespace hasim::test
