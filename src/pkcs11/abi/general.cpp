// General-purpose functions: PKCS#11 2.40, sections 5.4 and 5.5.
#include <pthread.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "pkcs11/abi/entry.hpp"
#include "pkcs11/abi/function_list.hpp"

namespace hasim::pkcs11::abi {

namespace {

/// Lives for ever: other threads may be inside when the process ends.
struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::shared_ptr<Library> library;
    bool changing = false;  ///< C_Initialize or C_Finalize is under way
};

State& state()
{
    static State* const only = new State;
    return *only;
}

/// After a fork the child has the memory of the parent's library, but none of its threads: it is left alone, and the
/// child begins anew.
void in_child()
{
    State& inherited = state();
    new (&inherited.mutex) std::mutex;
    new (&inherited.changed) std::condition_variable;
    inherited.changing = false;
    if (inherited.library != nullptr) {
        inherited.library->engine().abandon();
        static std::shared_ptr<Library>* left = nullptr;
        left = new std::shared_ptr<Library>(std::move(inherited.library));
        static_cast<void>(left);
        inherited.library = nullptr;
    }
}

/// Many applications end without C_Finalize. What they did is in the log all the same.
void write_out()
{
    if (const std::shared_ptr<Library> library = current()) {
        library->engine().write_out();
    }
}

void watch_process()
{
    static const int forks = ::pthread_atfork(nullptr, nullptr, &in_child);
    static const int exits = std::atexit(&write_out);
    static_cast<void>(forks);
    static_cast<void>(exits);
}

CK_RV check(const CK_C_INITIALIZE_ARGS* arguments)
{
    if (arguments == nullptr) {
        return CKR_OK;
    }
    if (arguments->pReserved != nullptr) {
        return CKR_ARGUMENTS_BAD;
    }
    const int mutexes =
        (arguments->CreateMutex != nullptr ? 1 : 0) + (arguments->DestroyMutex != nullptr ? 1 : 0) +
        (arguments->LockMutex != nullptr ? 1 : 0) + (arguments->UnlockMutex != nullptr ? 1 : 0);
    if (mutexes != 0 && mutexes != 4) {
        return CKR_ARGUMENTS_BAD;
    }
    // CKF_LIBRARY_CANT_CREATE_OS_THREADS is accepted, as by other modules that have a network behind them (chosen):
    // GnuTLS always sets it, and the one thread that is made takes no signal and calls nothing of the application.
    return mutexes == 4 && (arguments->flags & CKF_OS_LOCKING_OK) == 0 ? CKR_CANT_LOCK : CKR_OK;
}

/// C_Initialize and C_Finalize take their turns: the second of two waits for what the first makes of it.
class Turn {
public:
    explicit Turn(State& held) : state_(held)
    {
        std::unique_lock lock(state_.mutex);
        state_.changed.wait(lock, [&] { return !state_.changing; });
        state_.changing = true;
    }
    ~Turn()
    {
        {
            const std::lock_guard lock(state_.mutex);
            state_.changing = false;
        }
        state_.changed.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    State& state_;
};

CK_RV initialize(const CK_C_INITIALIZE_ARGS* arguments)
{
    if (const CK_RV bad = check(arguments); bad != CKR_OK) {
        return bad;
    }
    watch_process();
    const Turn turn(state());
    if (current() != nullptr) {
        return CKR_CRYPTOKI_ALREADY_INITIALIZED;
    }
    auto configuration = find_configuration();
    if (const std::string* problem = std::get_if<std::string>(&configuration)) {
        Diagnostics().say(*problem);
        return CKR_GENERAL_ERROR;
    }
    auto library = std::make_shared<Library>(std::get<Configuration>(std::move(configuration)));
    library->engine().initialize();
    const std::lock_guard lock(state().mutex);
    state().library = std::move(library);
    return CKR_OK;
}

CK_RV finalize()
{
    const Turn turn(state());
    std::shared_ptr<Library> library;
    {
        const std::lock_guard lock(state().mutex);
        library = std::exchange(state().library, nullptr);
    }
    if (library == nullptr) {
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    }
    library->engine().end_slot_events();
    library->engine().finalize();
    return CKR_OK;
}

}  // namespace

std::shared_ptr<Library> current()
{
    const std::lock_guard lock(state().mutex);
    return state().library;
}

}  // namespace hasim::pkcs11::abi

using namespace hasim::pkcs11;
using namespace hasim::pkcs11::abi;

extern "C" {

CK_RV C_Initialize(void* pInitArgs)
{
    return without_exceptions(
        [&] { return initialize(static_cast<const CK_C_INITIALIZE_ARGS*>(pInitArgs)); });
}

CK_RV C_Finalize(void* pReserved)
{
    return without_exceptions(
        [&]() -> CK_RV { return pReserved != nullptr ? CKR_ARGUMENTS_BAD : finalize(); });
}

CK_RV C_GetInfo(CK_INFO* pInfo)
{
    return with_library([&](Library&) -> CK_RV {
        if (pInfo == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        *pInfo = {};
        pInfo->cryptokiVersion = {2, 40};
        fill(pInfo->manufacturerID, "Safenet, Inc.");
        fill(pInfo->libraryDescription, "hasim, no Luna client");
        pInfo->libraryVersion = {0, 1};
        return CKR_OK;
    });
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** ppFunctionList)
{
    if (ppFunctionList == nullptr) {
        return CKR_ARGUMENTS_BAD;
    }
    *ppFunctionList = function_list();
    return CKR_OK;
}

CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE hSession)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_PARALLEL; });
}

CK_RV C_CancelFunction(CK_SESSION_HANDLE hSession)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_PARALLEL; });
}

}  // extern "C"
