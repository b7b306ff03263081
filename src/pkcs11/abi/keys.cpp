// Keys and random numbers: PKCS#11 2.40, sections 5.13 and 5.14.
#include <cstring>

#include "cryptoki/native.hpp"
#include "pkcs11/abi/entry.hpp"
#include "pkcs11/abi/making.hpp"

using namespace hasim::pkcs11;
using namespace hasim::pkcs11::abi;
using hasim::Code;
using hasim::cryptoki::Call;
using hasim::cryptoki::Function;

extern "C" {

CK_RV C_GenerateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism, CK_ATTRIBUTE* pTemplate,
                    CK_ULONG ulCount, CK_OBJECT_HANDLE* phKey)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        Making making(library, session, Function::generate_key);
        making.set_mechanism(pMechanism);
        making.add_template(pTemplate, ulCount);
        making.add_result(phKey);
        return making.run();
    });
}

CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism,
                        CK_ATTRIBUTE* pPublicKeyTemplate, CK_ULONG ulPublicKeyAttributeCount,
                        CK_ATTRIBUTE* pPrivateKeyTemplate, CK_ULONG ulPrivateKeyAttributeCount,
                        CK_OBJECT_HANDLE* phPublicKey, CK_OBJECT_HANDLE* phPrivateKey)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        Making making(library, session, Function::generate_key_pair);
        making.set_mechanism(pMechanism);
        making.add_template(pPublicKeyTemplate, ulPublicKeyAttributeCount);
        making.add_template(pPrivateKeyTemplate, ulPrivateKeyAttributeCount);
        making.add_result(phPublicKey);
        making.add_result(phPrivateKey);
        return making.run();
    });
}

CK_RV C_WrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism, CK_OBJECT_HANDLE hWrappingKey,
                CK_OBJECT_HANDLE hKey, CK_BYTE* pWrappedKey, CK_ULONG* pulWrappedKeyLen)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        if (pMechanism == nullptr || pulWrappedKeyLen == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        Call call = call_of(Function::wrap_key, session);
        call.mechanism = hasim::cryptoki::flatten(*pMechanism);
        if (!call.mechanism) {
            return CKR_MECHANISM_PARAM_INVALID;
        }
        call.objects = {hWrappingKey, hKey};
        const Reply reply = library.call(session.slot, call);
        if (reply.code != Code::ok) {
            return rv(reply.code);
        }
        const std::string& wrapped = reply.result.data;
        const CK_ULONG given = *pulWrappedKeyLen;
        *pulWrappedKeyLen = static_cast<CK_ULONG>(wrapped.size());
        if (pWrappedKey == nullptr) {
            return CKR_OK;
        }
        if (given < wrapped.size()) {
            return CKR_BUFFER_TOO_SMALL;
        }
        std::memcpy(pWrappedKey, wrapped.data(), wrapped.size());
        return CKR_OK;
    });
}

CK_RV C_UnwrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism,
                  CK_OBJECT_HANDLE hUnwrappingKey, CK_BYTE* pWrappedKey, CK_ULONG ulWrappedKeyLen,
                  CK_ATTRIBUTE* pTemplate, CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE* phKey)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        if (!readable(pWrappedKey, ulWrappedKeyLen)) {
            return CKR_ARGUMENTS_BAD;
        }
        if (ulWrappedKeyLen > kMostData) {
            return CKR_WRAPPED_KEY_LEN_RANGE;
        }
        Making making(library, session, Function::unwrap_key);
        making.set_mechanism(pMechanism);
        making.call().objects = {hUnwrappingKey};
        making.call().data = bytes_in(pWrappedKey, ulWrappedKeyLen);
        making.add_template(pTemplate, ulAttributeCount);
        making.add_result(phKey);
        return making.run();
    });
}

CK_RV C_DeriveKey(CK_SESSION_HANDLE hSession, CK_MECHANISM* pMechanism, CK_OBJECT_HANDLE hBaseKey,
                  CK_ATTRIBUTE* pTemplate, CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE* phKey)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        Making making(library, session, Function::derive_key);
        making.set_mechanism(pMechanism);
        making.call().objects = {hBaseKey};
        making.add_template(pTemplate, ulAttributeCount);
        making.add_result(phKey);
        return making.run();
    });
}

CK_RV C_SeedRandom(CK_SESSION_HANDLE hSession, CK_BYTE* pSeed, CK_ULONG ulSeedLen)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        if (!readable(pSeed, ulSeedLen) || ulSeedLen > kMostData) {
            return CKR_ARGUMENTS_BAD;
        }
        Call call = call_of(Function::seed_random, session);
        call.data = bytes_in(pSeed, ulSeedLen);
        return rv(library.call(session.slot, call).code);
    });
}

CK_RV C_GenerateRandom(CK_SESSION_HANDLE hSession, CK_BYTE* pRandomData, CK_ULONG ulRandomLen)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        if (!readable(pRandomData, ulRandomLen)) {
            return CKR_ARGUMENTS_BAD;
        }
        CK_ULONG done = 0;
        do {
            Call call = call_of(Function::generate_random, session);
            call.number = std::min<CK_ULONG>(ulRandomLen - done, hasim::cryptoki::kMaxRandom);
            const Reply reply = library.call(session.slot, call);
            if (reply.code != Code::ok) {
                return rv(reply.code);
            }
            if (reply.result.data.size() != call.number) {
                return CKR_DEVICE_ERROR;
            }
            if (call.number > 0) {
                std::memcpy(pRandomData + done, reply.result.data.data(), call.number);
            }
            done += call.number;
        } while (done < ulRandomLen);
        return CKR_OK;
    });
}

}  // extern "C"
