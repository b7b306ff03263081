#include "unit/pkcs11/function_rows.hpp"

#include <array>
#include <type_traits>

namespace hasim::test {

namespace {

/// What pointers lead to: nothing the application would mind to be written over.
alignas(64) std::array<unsigned char, std::size_t{64} * 1024> zeros;

template <class Argument>
Argument argument(Pointers pointers)
{
    if constexpr (std::is_pointer_v<Argument> &&
                  !std::is_function_v<std::remove_pointer_t<Argument>>) {
        return pointers == Pointers::null ? nullptr
                                          : static_cast<Argument>(static_cast<void*>(zeros.data()));
    } else {
        return Argument{};
    }
}

template <class First, class... Rest>
FunctionRow row(const char* name, Takes takes, CK_RV (*function)(First, Rest...))
{
    return {name, takes, [function](CK_ULONG handle, Pointers pointers) {
                zeros.fill(0);
                if constexpr (std::is_same_v<First, CK_ULONG>) {
                    return function(handle, argument<Rest>(pointers)...);
                } else {
                    static_cast<void>(handle);
                    return function(argument<First>(pointers), argument<Rest>(pointers)...);
                }
            }};
}

std::vector<FunctionRow> rows_of(const CK_FUNCTION_LIST& list)
{
    return {
        row("C_Initialize", Takes::nothing, list.C_Initialize),
        row("C_Finalize", Takes::nothing, list.C_Finalize),
        row("C_GetInfo", Takes::nothing, list.C_GetInfo),
        row("C_GetFunctionList", Takes::nothing, list.C_GetFunctionList),
        row("C_GetSlotList", Takes::nothing, list.C_GetSlotList),
        row("C_GetSlotInfo", Takes::slot, list.C_GetSlotInfo),
        row("C_GetTokenInfo", Takes::slot, list.C_GetTokenInfo),
        row("C_GetMechanismList", Takes::slot, list.C_GetMechanismList),
        row("C_GetMechanismInfo", Takes::slot, list.C_GetMechanismInfo),
        row("C_InitToken", Takes::slot, list.C_InitToken),
        row("C_InitPIN", Takes::session, list.C_InitPIN),
        row("C_SetPIN", Takes::session, list.C_SetPIN),
        row("C_OpenSession", Takes::slot, list.C_OpenSession),
        row("C_CloseSession", Takes::session, list.C_CloseSession),
        row("C_CloseAllSessions", Takes::slot, list.C_CloseAllSessions),
        row("C_GetSessionInfo", Takes::session, list.C_GetSessionInfo),
        row("C_GetOperationState", Takes::session, list.C_GetOperationState),
        row("C_SetOperationState", Takes::session, list.C_SetOperationState),
        row("C_Login", Takes::session, list.C_Login),
        row("C_Logout", Takes::session, list.C_Logout),
        row("C_CreateObject", Takes::session, list.C_CreateObject),
        row("C_CopyObject", Takes::session, list.C_CopyObject),
        row("C_DestroyObject", Takes::session, list.C_DestroyObject),
        row("C_GetObjectSize", Takes::session, list.C_GetObjectSize),
        row("C_GetAttributeValue", Takes::session, list.C_GetAttributeValue),
        row("C_SetAttributeValue", Takes::session, list.C_SetAttributeValue),
        row("C_FindObjectsInit", Takes::session, list.C_FindObjectsInit),
        row("C_FindObjects", Takes::session, list.C_FindObjects),
        row("C_FindObjectsFinal", Takes::session, list.C_FindObjectsFinal),
        row("C_EncryptInit", Takes::session, list.C_EncryptInit),
        row("C_Encrypt", Takes::session, list.C_Encrypt),
        row("C_EncryptUpdate", Takes::session, list.C_EncryptUpdate),
        row("C_EncryptFinal", Takes::session, list.C_EncryptFinal),
        row("C_DecryptInit", Takes::session, list.C_DecryptInit),
        row("C_Decrypt", Takes::session, list.C_Decrypt),
        row("C_DecryptUpdate", Takes::session, list.C_DecryptUpdate),
        row("C_DecryptFinal", Takes::session, list.C_DecryptFinal),
        row("C_DigestInit", Takes::session, list.C_DigestInit),
        row("C_Digest", Takes::session, list.C_Digest),
        row("C_DigestUpdate", Takes::session, list.C_DigestUpdate),
        row("C_DigestKey", Takes::session, list.C_DigestKey),
        row("C_DigestFinal", Takes::session, list.C_DigestFinal),
        row("C_SignInit", Takes::session, list.C_SignInit),
        row("C_Sign", Takes::session, list.C_Sign),
        row("C_SignUpdate", Takes::session, list.C_SignUpdate),
        row("C_SignFinal", Takes::session, list.C_SignFinal),
        row("C_SignRecoverInit", Takes::session, list.C_SignRecoverInit),
        row("C_SignRecover", Takes::session, list.C_SignRecover),
        row("C_VerifyInit", Takes::session, list.C_VerifyInit),
        row("C_Verify", Takes::session, list.C_Verify),
        row("C_VerifyUpdate", Takes::session, list.C_VerifyUpdate),
        row("C_VerifyFinal", Takes::session, list.C_VerifyFinal),
        row("C_VerifyRecoverInit", Takes::session, list.C_VerifyRecoverInit),
        row("C_VerifyRecover", Takes::session, list.C_VerifyRecover),
        row("C_DigestEncryptUpdate", Takes::session, list.C_DigestEncryptUpdate),
        row("C_DecryptDigestUpdate", Takes::session, list.C_DecryptDigestUpdate),
        row("C_SignEncryptUpdate", Takes::session, list.C_SignEncryptUpdate),
        row("C_DecryptVerifyUpdate", Takes::session, list.C_DecryptVerifyUpdate),
        row("C_GenerateKey", Takes::session, list.C_GenerateKey),
        row("C_GenerateKeyPair", Takes::session, list.C_GenerateKeyPair),
        row("C_WrapKey", Takes::session, list.C_WrapKey),
        row("C_UnwrapKey", Takes::session, list.C_UnwrapKey),
        row("C_DeriveKey", Takes::session, list.C_DeriveKey),
        row("C_SeedRandom", Takes::session, list.C_SeedRandom),
        row("C_GenerateRandom", Takes::session, list.C_GenerateRandom),
        row("C_GetFunctionStatus", Takes::session, list.C_GetFunctionStatus),
        row("C_CancelFunction", Takes::session, list.C_CancelFunction),
        row("C_WaitForSlotEvent", Takes::nothing, list.C_WaitForSlotEvent),
    };
}

}  // namespace

std::vector<FunctionRow> all_functions()
{
    return rows_of(module());
}

}  // namespace hasim::test
