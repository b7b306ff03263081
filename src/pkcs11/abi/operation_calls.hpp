/// Cryptographic operations as the application makes them: an Init that is kept here, and goes along with the one part
/// or with the first of several. So a one-part operation is one round trip, and a failover can play it again.
#pragma once

#include "pkcs11/library.hpp"

namespace hasim::pkcs11::abi {

/// The functions of one kind of operation.
struct OperationFunctions {
    OperationKind kind;
    cryptoki::Function init;
    cryptoki::Function one_part;
    cryptoki::Function update;
    cryptoki::Function final;
};

[[nodiscard]] const OperationFunctions& functions_of(OperationKind kind);

/// Bytes that the application hands in.
struct Input {
    const CK_BYTE* bytes = nullptr;
    CK_ULONG length = 0;
};

/// Room that it gives, as section 5.2 has it: null asks for the length.
struct Room {
    CK_BYTE* bytes = nullptr;
    CK_ULONG* length = nullptr;
};

/// C_...Init; `key` is null for a digest.
[[nodiscard]] CK_RV begin(CK_SESSION_HANDLE session, OperationKind kind, CK_MECHANISM* mechanism,
                          const CK_OBJECT_HANDLE* key);
/// C_Encrypt, C_Decrypt, C_Digest, C_Sign, C_SignRecover, C_VerifyRecover.
[[nodiscard]] CK_RV one_part(CK_SESSION_HANDLE session, OperationKind kind, Input data, Room out);
[[nodiscard]] CK_RV verify(CK_SESSION_HANDLE session, Input data, Input signature);
/// C_EncryptUpdate, C_DecryptUpdate.
[[nodiscard]] CK_RV update(CK_SESSION_HANDLE session, OperationKind kind, Input data, Room out);
/// C_DigestUpdate, C_SignUpdate, C_VerifyUpdate.
[[nodiscard]] CK_RV update(CK_SESSION_HANDLE session, OperationKind kind, Input data);
[[nodiscard]] CK_RV digest_key(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key);
/// C_EncryptFinal, C_DecryptFinal, C_DigestFinal, C_SignFinal.
[[nodiscard]] CK_RV finish(CK_SESSION_HANDLE session, OperationKind kind, Room out);
[[nodiscard]] CK_RV verify_final(CK_SESSION_HANDLE session, Input signature);

}  // namespace hasim::pkcs11::abi
