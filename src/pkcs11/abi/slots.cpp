// Slots and tokens: PKCS#11 2.40, section 5.5. A slot is a group, or a partition; its token is there while a member
// serves.
#include <algorithm>

#include "pkcs11/abi/entry.hpp"
#include "pkcs11/abi/function_list.hpp"

using namespace hasim::pkcs11;
using namespace hasim::pkcs11::abi;
using hasim::cryptoki::Call;
using hasim::cryptoki::Function;

namespace {

/// Hands out a list in the two steps of the standard (5.2).
template <class Value>
CK_RV hand_out(const std::vector<Value>& values, Value* room, CK_ULONG* count)
{
    const CK_ULONG given = *count;
    *count = static_cast<CK_ULONG>(values.size());
    if (room == nullptr) {
        return CKR_OK;
    }
    if (given < values.size()) {
        return CKR_BUFFER_TOO_SMALL;
    }
    std::copy(values.begin(), values.end(), room);
    return CKR_OK;
}

void fill_serial(CK_CHAR (&field)[16], std::string_view serial)
{
    fill(field, serial);
}

}  // namespace

extern "C" {

CK_RV C_GetSlotList(CK_BBOOL tokenPresent, CK_SLOT_ID* pSlotList, CK_ULONG* pulCount)
{
    return with_library([&](Library& library) -> CK_RV {
        if (pulCount == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        std::vector<CK_SLOT_ID> slots;
        for (CK_SLOT_ID slot = 0; slot < library.slots().size(); ++slot) {
            if (tokenPresent == CK_FALSE ||
                library.engine().present(static_cast<SlotIndex>(slot))) {
                slots.push_back(slot);
            }
        }
        return hand_out(slots, pSlotList, pulCount);
    });
}

CK_RV C_GetSlotInfo(CK_SLOT_ID slotID, CK_SLOT_INFO* pInfo)
{
    return with_slot(slotID, [&](Library& library) -> CK_RV {
        if (pInfo == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        const bool group = library.slots()[slotID].is_group;
        *pInfo = {};
        fill(pInfo->slotDescription, group ? "HA Virtual Card Slot" : "Net Token Slot");
        fill(pInfo->manufacturerID, "Safenet, Inc.");
        // The flags that the product shows: 5 for a virtual slot, 7 for one of the network.
        pInfo->flags = CKF_HW_SLOT | (group ? 0U : CKF_REMOVABLE_DEVICE);
        if (library.engine().present(static_cast<SlotIndex>(slotID))) {
            pInfo->flags |= CKF_TOKEN_PRESENT;
        }
        return CKR_OK;
    });
}

CK_RV C_GetTokenInfo(CK_SLOT_ID slotID, CK_TOKEN_INFO* pInfo)
{
    return with_slot(slotID, [&](Library& library) -> CK_RV {
        if (pInfo == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        if (!library.engine().present(static_cast<SlotIndex>(slotID))) {
            return CKR_TOKEN_NOT_PRESENT;
        }
        const auto& slot = library.slots()[slotID];
        const Sessions::Count count = library.sessions().count(slotID);
        *pInfo = {};
        fill(pInfo->label, slot.is_group ? std::string_view(slot.label) : slot.serial.text());
        fill(pInfo->manufacturerID, "Safenet, Inc.");
        fill(pInfo->model, "hasim");
        fill_serial(pInfo->serialNumber, slot.serial.text());
        pInfo->flags =
            CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
        if (library.pin_locked(slotID)) {
            pInfo->flags |= CKF_USER_PIN_LOCKED;
        }
        pInfo->ulMaxSessionCount = CK_EFFECTIVELY_INFINITE;
        pInfo->ulMaxRwSessionCount = CK_EFFECTIVELY_INFINITE;
        pInfo->ulSessionCount = count.all;
        pInfo->ulRwSessionCount = count.writing;
        pInfo->ulMaxPinLen = hasim::cryptoki::kLongestPin;
        pInfo->ulMinPinLen = hasim::cryptoki::kShortestPin;
        pInfo->ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION;
        pInfo->ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
        pInfo->ulTotalPrivateMemory = CK_UNAVAILABLE_INFORMATION;
        pInfo->ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
        fill(pInfo->utcTime, "");
        return CKR_OK;
    });
}

CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID* pSlot, void* pReserved)
{
    return with_library([&](Library& library) -> CK_RV {
        if (pSlot == nullptr || pReserved != nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        const bool waits = (flags & CKF_DONT_BLOCK) == 0;
        const auto slot = library.engine().next_slot_event(waits);
        if (!slot) {
            return waits ? CKR_CRYPTOKI_NOT_INITIALIZED : CKR_NO_EVENT;
        }
        *pSlot = *slot;
        return CKR_OK;
    });
}

CK_RV C_GetMechanismList(CK_SLOT_ID slotID, CK_MECHANISM_TYPE* pMechanismList, CK_ULONG* pulCount)
{
    return with_slot(slotID, [&](Library& library) -> CK_RV {
        if (pulCount == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        std::vector<CK_MECHANISM_TYPE> types;
        const CK_RV code = library.mechanisms(slotID, types);
        return code != CKR_OK ? code : hand_out(types, pMechanismList, pulCount);
    });
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID slotID, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO* pInfo)
{
    return with_slot(slotID, [&](Library& library) -> CK_RV {
        if (pInfo == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        Call call;
        call.function = Function::get_mechanism_info;
        call.mechanism = {type, {}};
        const Reply reply = library.call(slotID, call);
        if (reply.code != hasim::Code::ok || reply.result.numbers.size() != 3) {
            return reply.code != hasim::Code::ok ? rv(reply.code) : CKR_DEVICE_ERROR;
        }
        *pInfo = {reply.result.numbers[0], reply.result.numbers[1], reply.result.numbers[2]};
        return CKR_OK;
    });
}

// Administration is not for an HA slot ("Do not attempt to run administrative tasks on an HA group virtual slot"), and
// the partitions of the lab are set up already.

CK_RV C_InitToken(CK_SLOT_ID slotID, CK_UTF8CHAR*, CK_ULONG, CK_UTF8CHAR*)
{
    return with_slot(slotID, [](Library&) { return CKR_FUNCTION_NOT_SUPPORTED; });
}

CK_RV C_InitPIN(CK_SESSION_HANDLE hSession, CK_UTF8CHAR*, CK_ULONG)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_SUPPORTED; });
}

CK_RV C_SetPIN(CK_SESSION_HANDLE hSession, CK_UTF8CHAR* pOldPin, CK_ULONG ulOldLen,
               CK_UTF8CHAR* pNewPin, CK_ULONG ulNewLen)
{
    return with_session(hSession, [&](Library& library, const Session& session) -> CK_RV {
        if (library.slots()[session.slot].is_group) {
            return CKR_FUNCTION_NOT_SUPPORTED;
        }
        if (!readable(pOldPin, ulOldLen) || !readable(pNewPin, ulNewLen)) {
            return CKR_ARGUMENTS_BAD;
        }
        if (std::max(ulOldLen, ulNewLen) > hasim::cryptoki::kLongestPin) {
            return CKR_PIN_LEN_RANGE;
        }
        hasim::cryptoki::Call call = call_of(hasim::cryptoki::Function::set_pin, session);
        call.data = bytes_in(pOldPin, ulOldLen);
        call.more = bytes_in(pNewPin, ulNewLen);
        return rv(library.call(session.slot, call).code);
    });
}

}  // extern "C"
