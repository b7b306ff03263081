// Encryption, decryption, digests, signatures: PKCS#11 2.40, sections 5.8 to 5.12.
#include "pkcs11/abi/entry.hpp"
#include "pkcs11/abi/operation_calls.hpp"

using namespace hasim::pkcs11;
using namespace hasim::pkcs11::abi;
using Kind = OperationKind;

extern "C" {

CK_RV C_EncryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism, CK_OBJECT_HANDLE hKey)
{
    return begin(hSession, Kind::encrypt, pMechanism, &hKey);
}

CK_RV C_Encrypt(CK_SESSION_HANDLE hSession, CK_BYTE* pData, CK_ULONG ulDataLen, CK_BYTE* pOut,
                CK_ULONG* pulOutLen)
{
    return one_part(hSession, Kind::encrypt, {pData, ulDataLen}, {pOut, pulOutLen});
}

CK_RV C_EncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE* pPart, CK_ULONG ulPartLen, CK_BYTE* pOut,
                      CK_ULONG* pulOutLen)
{
    return update(hSession, Kind::encrypt, {pPart, ulPartLen}, {pOut, pulOutLen});
}

CK_RV C_EncryptFinal(CK_SESSION_HANDLE hSession, CK_BYTE* pOut, CK_ULONG* pulOutLen)
{
    return finish(hSession, Kind::encrypt, {pOut, pulOutLen});
}

CK_RV C_DecryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism, CK_OBJECT_HANDLE hKey)
{
    return begin(hSession, Kind::decrypt, pMechanism, &hKey);
}

CK_RV C_Decrypt(CK_SESSION_HANDLE hSession, CK_BYTE* pData, CK_ULONG ulDataLen, CK_BYTE* pOut,
                CK_ULONG* pulOutLen)
{
    return one_part(hSession, Kind::decrypt, {pData, ulDataLen}, {pOut, pulOutLen});
}

CK_RV C_DecryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE* pPart, CK_ULONG ulPartLen, CK_BYTE* pOut,
                      CK_ULONG* pulOutLen)
{
    return update(hSession, Kind::decrypt, {pPart, ulPartLen}, {pOut, pulOutLen});
}

CK_RV C_DecryptFinal(CK_SESSION_HANDLE hSession, CK_BYTE* pOut, CK_ULONG* pulOutLen)
{
    return finish(hSession, Kind::decrypt, {pOut, pulOutLen});
}

CK_RV C_DigestInit(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism)
{
    return begin(hSession, Kind::digest, pMechanism, nullptr);
}

CK_RV C_Digest(CK_SESSION_HANDLE hSession, CK_BYTE* pData, CK_ULONG ulDataLen, CK_BYTE* pOut,
               CK_ULONG* pulOutLen)
{
    return one_part(hSession, Kind::digest, {pData, ulDataLen}, {pOut, pulOutLen});
}

CK_RV C_DigestUpdate(CK_SESSION_HANDLE hSession, CK_BYTE* pPart, CK_ULONG ulPartLen)
{
    return update(hSession, Kind::digest, {pPart, ulPartLen});
}

CK_RV C_DigestKey(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hKey)
{
    return digest_key(hSession, hKey);
}

CK_RV C_DigestFinal(CK_SESSION_HANDLE hSession, CK_BYTE* pOut, CK_ULONG* pulOutLen)
{
    return finish(hSession, Kind::digest, {pOut, pulOutLen});
}

CK_RV C_SignInit(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism, CK_OBJECT_HANDLE hKey)
{
    return begin(hSession, Kind::sign, pMechanism, &hKey);
}

CK_RV C_Sign(CK_SESSION_HANDLE hSession, CK_BYTE* pData, CK_ULONG ulDataLen, CK_BYTE* pOut,
             CK_ULONG* pulOutLen)
{
    return one_part(hSession, Kind::sign, {pData, ulDataLen}, {pOut, pulOutLen});
}

CK_RV C_SignUpdate(CK_SESSION_HANDLE hSession, CK_BYTE* pPart, CK_ULONG ulPartLen)
{
    return update(hSession, Kind::sign, {pPart, ulPartLen});
}

CK_RV C_SignFinal(CK_SESSION_HANDLE hSession, CK_BYTE* pOut, CK_ULONG* pulOutLen)
{
    return finish(hSession, Kind::sign, {pOut, pulOutLen});
}

CK_RV C_SignRecoverInit(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism, CK_OBJECT_HANDLE hKey)
{
    return begin(hSession, Kind::sign_recover, pMechanism, &hKey);
}

CK_RV C_SignRecover(CK_SESSION_HANDLE hSession, CK_BYTE* pData, CK_ULONG ulDataLen, CK_BYTE* pOut,
                    CK_ULONG* pulOutLen)
{
    return one_part(hSession, Kind::sign_recover, {pData, ulDataLen}, {pOut, pulOutLen});
}

CK_RV C_VerifyInit(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism, CK_OBJECT_HANDLE hKey)
{
    return begin(hSession, Kind::verify, pMechanism, &hKey);
}

CK_RV C_Verify(CK_SESSION_HANDLE hSession, CK_BYTE* pData, CK_ULONG ulDataLen, CK_BYTE* pSignature,
               CK_ULONG ulSignatureLen)
{
    return verify(hSession, {pData, ulDataLen}, {pSignature, ulSignatureLen});
}

CK_RV C_VerifyUpdate(CK_SESSION_HANDLE hSession, CK_BYTE* pPart, CK_ULONG ulPartLen)
{
    return update(hSession, Kind::verify, {pPart, ulPartLen});
}

CK_RV C_VerifyFinal(CK_SESSION_HANDLE hSession, CK_BYTE* pSignature, CK_ULONG ulSignatureLen)
{
    return verify_final(hSession, {pSignature, ulSignatureLen});
}

CK_RV C_VerifyRecoverInit(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism,
                          CK_OBJECT_HANDLE hKey)
{
    return begin(hSession, Kind::verify_recover, pMechanism, &hKey);
}

CK_RV C_VerifyRecover(CK_SESSION_HANDLE hSession, CK_BYTE* pData, CK_ULONG ulDataLen, CK_BYTE* pOut,
                      CK_ULONG* pulOutLen)
{
    return one_part(hSession, Kind::verify_recover, {pData, ulDataLen}, {pOut, pulOutLen});
}

// Two operations in one call: no token behind hasim offers them, and every application can do without.

CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_SUPPORTED; });
}

CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE hSession, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_SUPPORTED; });
}

CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_SUPPORTED; });
}

CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE hSession, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*)
{
    return with_session(hSession, [](Library&, Session&) { return CKR_FUNCTION_NOT_SUPPORTED; });
}

}  // extern "C"
