// Sessions: PKCS#11 2.40, section 5.6.
#include "pkcs11/abi/entry.hpp"

using namespace hasim::pkcs11;
using namespace hasim::pkcs11::abi;

namespace {

/// For one operation, whose key asks for a login of its own (CKA_ALWAYS_AUTHENTICATE); any member may check the PIN.
CK_RV log_in_for_operation(Library& library, Session& session, std::string pin)
{
    const std::lock_guard lock(session.mutex);
    const std::vector<ActiveOperation*> operations = session.that_ask_login();
    if (operations.empty()) {
        return CKR_OPERATION_NOT_INITIALIZED;
    }
    hasim::cryptoki::Call call = call_of(hasim::cryptoki::Function::login, session);
    call.data = std::move(pin);
    const hasim::Code code = library.call(session.slot, call).code;
    for (ActiveOperation* operation : operations) {
        operation->authenticated = code == hasim::Code::ok;
    }
    return rv(code);
}

}  // namespace

extern "C" {

CK_RV C_OpenSession(CK_SLOT_ID slotID, CK_FLAGS flags, void*, CK_NOTIFY,
                    CK_SESSION_HANDLE* phSession)
{
    return with_slot(slotID, [&](Library& library) -> CK_RV {
        if (phSession == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        if ((flags & CKF_SERIAL_SESSION) == 0) {
            return CKR_SESSION_PARALLEL_NOT_SUPPORTED;
        }
        if (!library.engine().present(static_cast<SlotIndex>(slotID))) {
            return CKR_TOKEN_NOT_PRESENT;
        }
        *phSession = library.sessions().open(slotID, (flags & CKF_RW_SESSION) != 0)->handle;
        return CKR_OK;
    });
}

CK_RV C_CloseSession(CK_SESSION_HANDLE hSession)
{
    return with_library([&](Library& library) -> CK_RV {
        const std::shared_ptr<Session> session = library.sessions().close(hSession);
        if (session == nullptr) {
            return CKR_SESSION_HANDLE_INVALID;
        }
        library.clean_up(*session);
        if (library.sessions().count(session->slot).all == 0) {
            library.close_all(session->slot);
        }
        return CKR_OK;
    });
}

CK_RV C_CloseAllSessions(CK_SLOT_ID slotID)
{
    return with_slot(slotID, [&](Library& library) -> CK_RV {
        library.close_all(slotID);
        return CKR_OK;
    });
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE hSession, CK_SESSION_INFO* pInfo)
{
    return with_session(hSession, [&](Library& library, const Session& session) -> CK_RV {
        if (pInfo == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        const bool user = library.logged_in(session.slot);
        *pInfo = {};
        pInfo->slotID = session.slot;
        pInfo->flags = CKF_SERIAL_SESSION | (session.writes ? CKF_RW_SESSION : 0U);
        if (session.writes) {
            pInfo->state = user ? CKS_RW_USER_FUNCTIONS : CKS_RW_PUBLIC_SESSION;
        } else {
            pInfo->state = user ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION;
        }
        return CKR_OK;
    });
}

CK_RV C_GetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE*, CK_ULONG*)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_SUPPORTED; });
}

CK_RV C_SetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE*, CK_ULONG, CK_OBJECT_HANDLE,
                          CK_OBJECT_HANDLE)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_SUPPORTED; });
}

CK_RV C_Login(CK_SESSION_HANDLE hSession, CK_USER_TYPE userType, CK_UTF8CHAR* pPin,
              CK_ULONG ulPinLen)
{
    return with_library([&](Library& library) -> CK_RV {
        const std::shared_ptr<Session> session = library.sessions().find(hSession);
        if (session == nullptr) {
            return CKR_SESSION_HANDLE_INVALID;
        }
        if (!readable(pPin, ulPinLen) || ulPinLen > hasim::cryptoki::kLongestPin) {
            return pPin == nullptr ? CKR_ARGUMENTS_BAD : CKR_PIN_LEN_RANGE;
        }
        if (userType == CKU_CONTEXT_SPECIFIC) {
            return log_in_for_operation(library, *session, bytes_in(pPin, ulPinLen));
        }
        if (userType != CKU_USER) {
            return userType == CKU_SO ? CKR_FUNCTION_NOT_SUPPORTED : CKR_USER_TYPE_INVALID;
        }
        return library.login(session->slot, bytes_in(pPin, ulPinLen));
    });
}

CK_RV C_Logout(CK_SESSION_HANDLE hSession)
{
    return with_library([&](Library& library) -> CK_RV {
        const std::shared_ptr<Session> session = library.sessions().find(hSession);
        return session == nullptr ? CKR_SESSION_HANDLE_INVALID : library.logout(session->slot);
    });
}

}  // extern "C"
