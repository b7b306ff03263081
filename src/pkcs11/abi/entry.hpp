/// What every function of the C interface begins with: is there a library, is there a session, and no exception leaves.
#pragma once

#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include "pkcs11/library.hpp"

namespace hasim::pkcs11::abi {

/// The library, if it is initialised in this very process.
[[nodiscard]] std::shared_ptr<Library> current();

/// Runs `body`; what it throws becomes a code.
template <class Body>
CK_RV without_exceptions(Body body) noexcept
{
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return CKR_HOST_MEMORY;
    } catch (const std::exception& problem) {
        Diagnostics().say(problem.what());
        return CKR_GENERAL_ERROR;
    }
}

/// `body` gets the library, which must be initialised.
template <class Body>
CK_RV with_library(Body body) noexcept
{
    return without_exceptions([&]() -> CK_RV {
        const std::shared_ptr<Library> library = current();
        return library == nullptr ? CKR_CRYPTOKI_NOT_INITIALIZED : body(*library);
    });
}

/// `body` gets a slot that exists.
template <class Body>
CK_RV with_slot(CK_SLOT_ID slot, Body body) noexcept
{
    return with_library([&](Library& library) -> CK_RV {
        return library.is_slot(slot) ? body(library) : CKR_SLOT_ID_INVALID;
    });
}

/// `body` gets a session that exists, for itself alone.
template <class Body>
CK_RV with_session(CK_SESSION_HANDLE handle, Body body) noexcept
{
    return with_library([&](Library& library) -> CK_RV {
        const std::shared_ptr<Session> session = library.sessions().find(handle);
        if (session == nullptr) {
            return CKR_SESSION_HANDLE_INVALID;
        }
        const std::lock_guard lock(session->mutex);
        return session->closed ? CKR_SESSION_HANDLE_INVALID : body(library, *session);
    });
}

/// A call of that function for that session.
[[nodiscard]] inline cryptoki::Call call_of(cryptoki::Function function, const Session& session)
{
    cryptoki::Call call;
    call.function = function;
    call.session = session.handle;
    call.reads_only = !session.writes;
    return call;
}

/// Whether bytes are there where a length says so.
[[nodiscard]] inline bool readable(const void* bytes, CK_ULONG length)
{
    return bytes != nullptr || length == 0;
}

/// What the application hands in, as bytes.
[[nodiscard]] inline std::string bytes_in(const CK_BYTE* bytes, CK_ULONG length)
{
    return length == 0 ? std::string{} : std::string(reinterpret_cast<const char*>(bytes), length);
}

/// The longest data that one call may carry: what is longer is to be sent in several parts (chosen).
inline constexpr CK_ULONG kMostData = CK_ULONG{1000} * 1024;

}  // namespace hasim::pkcs11::abi
