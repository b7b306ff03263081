/// The parameters of mechanisms that are structures, as PKCS#11 2.40 lays them out. p11-kit's header has them too, but
/// its versions name their members differently.
#pragma once

#include <p11-kit/pkcs11.h>

namespace hasim::cryptoki {

/// CK_RSA_PKCS_OAEP_PARAMS
struct OaepParameter {
    CK_MECHANISM_TYPE hash;
    CK_ULONG mgf;
    CK_ULONG source;
    void* source_data;
    CK_ULONG source_length;
};

/// CK_RSA_PKCS_PSS_PARAMS
struct PssParameter {
    CK_MECHANISM_TYPE hash;
    CK_ULONG mgf;
    CK_ULONG salt_length;
};

/// CK_AES_CTR_PARAMS
struct CtrParameter {
    CK_ULONG counter_bits;
    CK_BYTE block[16];
};

/// CK_GCM_PARAMS
struct GcmParameter {
    CK_BYTE* iv;
    CK_ULONG iv_length;
    CK_ULONG iv_bits;
    CK_BYTE* aad;
    CK_ULONG aad_length;
    CK_ULONG tag_bits;
};

/// CK_ECDH1_DERIVE_PARAMS
struct EcdhParameter {
    CK_ULONG kdf;
    CK_ULONG shared_length;
    CK_BYTE* shared;
    CK_ULONG public_length;
    CK_BYTE* public_data;
};

/// CK_KEY_DERIVATION_STRING_DATA
struct StringParameter {
    CK_BYTE* data;
    CK_ULONG length;
};

/// CK_DES_CBC_ENCRYPT_DATA_PARAMS
struct DesDataParameter {
    CK_BYTE iv[8];
    CK_BYTE* data;
    CK_ULONG length;
};

/// CK_AES_CBC_ENCRYPT_DATA_PARAMS
struct AesDataParameter {
    CK_BYTE iv[16];
    CK_BYTE* data;
    CK_ULONG length;
};

}  // namespace hasim::cryptoki
