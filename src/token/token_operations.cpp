// Cryptographic operations: of one part, whose Init comes with them, and of several, which keep a session of the token.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "token/lease.hpp"

namespace hasim::token {

using cryptoki::Call;
using cryptoki::Function;
using cryptoki::NativeMechanism;

namespace {

/// What one operation is made of. Pointers to members of the module's function list; null where there is none.
struct Operation {
    Function init;
    Function one_part;
    Function update;
    Function final;
    CK_RV (*CK_FUNCTION_LIST::*begin)(CK_SESSION_HANDLE, CK_MECHANISM*, CK_OBJECT_HANDLE);
    CK_RV (*CK_FUNCTION_LIST::*once)(CK_SESSION_HANDLE, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*);
    CK_RV (*CK_FUNCTION_LIST::*part)(CK_SESSION_HANDLE, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*);
    CK_RV (*CK_FUNCTION_LIST::*take)(CK_SESSION_HANDLE, CK_BYTE*, CK_ULONG);
    CK_RV (*CK_FUNCTION_LIST::*end)(CK_SESSION_HANDLE, CK_BYTE*, CK_ULONG*);
};

using List = CK_FUNCTION_LIST;

constexpr Function kNone = Function::initialize;

constexpr std::array kOperations{
    Operation{Function::encrypt_init, Function::encrypt, Function::encrypt_update,
              Function::encrypt_final, &List::C_EncryptInit, &List::C_Encrypt,
              &List::C_EncryptUpdate, nullptr, &List::C_EncryptFinal},
    Operation{Function::decrypt_init, Function::decrypt, Function::decrypt_update,
              Function::decrypt_final, &List::C_DecryptInit, &List::C_Decrypt,
              &List::C_DecryptUpdate, nullptr, &List::C_DecryptFinal},
    Operation{Function::digest_init, Function::digest, Function::digest_update,
              Function::digest_final, nullptr, &List::C_Digest, nullptr, &List::C_DigestUpdate,
              &List::C_DigestFinal},
    Operation{Function::sign_init, Function::sign, Function::sign_update, Function::sign_final,
              &List::C_SignInit, &List::C_Sign, nullptr, &List::C_SignUpdate, &List::C_SignFinal},
    Operation{Function::verify_init, Function::verify, Function::verify_update,
              Function::verify_final, &List::C_VerifyInit, nullptr, nullptr, &List::C_VerifyUpdate,
              nullptr},
    Operation{Function::sign_recover_init, Function::sign_recover, kNone, kNone,
              &List::C_SignRecoverInit, &List::C_SignRecover, nullptr, nullptr, nullptr},
    Operation{Function::verify_recover_init, Function::verify_recover, kNone, kNone,
              &List::C_VerifyRecoverInit, &List::C_VerifyRecover, nullptr, nullptr, nullptr},
};

constexpr int kDigest = 2;

/// Which operation a function belongs to.
int operation_of(Function function)
{
    for (std::size_t i = 0; i < kOperations.size(); ++i) {
        const Operation& operation = kOperations[i];
        if (function == operation.init || function == operation.one_part ||
            function == operation.update || function == operation.final) {
            return static_cast<int>(i);
        }
    }
    return kDigest;  // C_DigestKey
}

/// Calls what writes into room of `length` bytes until the room is enough.
template <class Fill>
CK_RV with_room(std::size_t first, std::string& out, Fill fill)
{
    out.resize(first);
    auto length = static_cast<CK_ULONG>(out.size());
    CK_RV code = fill(reinterpret_cast<CK_BYTE*>(out.data()), &length);
    if (code == CKR_BUFFER_TOO_SMALL && length <= (std::size_t{16} << 20U)) {
        out.resize(length);
        code = fill(reinterpret_cast<CK_BYTE*>(out.data()), &length);
    }
    out.resize(code == CKR_OK ? length : 0);
    return code;
}

constexpr std::size_t kRoom = 4096;

/// The type of key that a mechanism is for. Token modules have been seen to crash, and take the lab with them, when
/// the key is of another one.
struct KeyRow {
    CK_MECHANISM_TYPE first;
    CK_MECHANISM_TYPE last;
    CK_KEY_TYPE key;
};

constexpr std::array kKeyTypes{
    KeyRow{CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_SHA1_RSA_PKCS_PSS, CKK_RSA},
    KeyRow{CKM_DSA, CKM_DSA_SHA512, CKK_DSA},
    KeyRow{CKM_SHA256_RSA_PKCS, CKM_SHA224_RSA_PKCS_PSS, CKK_RSA},
    KeyRow{CKM_DES3_ECB, CKM_DES3_CBC_PAD, CKK_DES3},
    KeyRow{CKM_ECDSA, CKM_ECDSA_SHA512, CKK_EC},
    KeyRow{CKM_EDDSA, CKM_EDDSA, CKK_EC_EDWARDS},
    KeyRow{CKM_AES_ECB, CKM_AES_CTS, CKK_AES},
};

/// Refuses what would end the token module's process, and with it the lab.
CK_RV check_key(const std::optional<WorkingKeys::Key>& key, const Call& call)
{
    const auto mechanism = static_cast<CK_MECHANISM_TYPE>(call.mechanism->type);
    const auto* const row = std::find_if(
        kKeyTypes.begin(), kKeyTypes.end(),
        [&](const KeyRow& one) { return mechanism >= one.first && mechanism <= one.last; });
    if (row == kKeyTypes.end()) {
        return CKR_OK;
    }
    const bool triple = row->key == CKK_DES3 && key && key->type == CKK_DES2;
    if (!key || (key->type != row->key && !triple)) {
        return CKR_KEY_TYPE_INCONSISTENT;
    }
    if (mechanism == CKM_RSA_X_509 && key->modulus > 0 && call.data.size() > key->modulus) {
        return CKR_DATA_LEN_RANGE;
    }
    return CKR_OK;
}

}  // namespace

/// What an Init that failed, or was refused after it, left in the session is the caller's to spoil.
CK_RV Token::begin(CK_SESSION_HANDLE session, Function init, const Call& call)
{
    auto mechanism = NativeMechanism::of(*call.mechanism);
    if (!mechanism) {
        return CKR_MECHANISM_PARAM_INVALID;
    }
    const int index = operation_of(init);
    if (index == kDigest) {
        return functions_.C_DigestInit(session, mechanism->get());
    }
    const auto begin_it = kOperations[static_cast<std::size_t>(index)].begin;
    const auto object = static_cast<CK_OBJECT_HANDLE>(call.objects.front());
    const std::optional<WorkingKeys::Key> key = keys_.find(keeper_, object);
    const CK_OBJECT_HANDLE works = key ? key->handle : object;
    CK_RV code = (functions_.*begin_it)(session, mechanism->get(), works);
    if (code != CKR_OK && works != object) {
        code =
            (functions_.*begin_it)(session, mechanism->get(), object);  // the copy may have ended
    }
    return code == CKR_OK ? check_key(key, call) : code;
}

bool Token::asks_login(const Call& call)
{
    const auto key = call.objects.empty()
                         ? std::nullopt
                         : keys_.find(keeper_, static_cast<CK_OBJECT_HANDLE>(call.objects.front()));
    return key && key->asks_login;
}

/// An Init whose operation follows. The partition has seen to it that the client gave the PIN where that is asked for;
/// the token is told with the lab's own.
CK_RV Token::begin_to_work(CK_SESSION_HANDLE session, Function init, const Call& call)
{
    const CK_RV code = begin(session, init, call);
    if (code != CKR_OK || !asks_login(call)) {
        return code;
    }
    return call.authenticated ? functions_.C_Login(session, CKU_CONTEXT_SPECIFIC, bytes_of(pin_),
                                                   static_cast<CK_ULONG>(pin_.size()))
                              : CKR_USER_NOT_LOGGED_IN;
}

/// Only whether the Init would do: the client keeps it, and sends it along with what it is for.
Outcome Token::begin_and_drop(const Call& call)
{
    Lease lease(*this);
    Outcome outcome;
    outcome.code = begin(lease.session(), call.function, call);
    outcome.result.numbers = {asks_login(call) ? 1U : 0U};
    lease.spoil();
    return outcome;
}

Outcome Token::one_part(const Call& call)
{
    const Operation& operation = kOperations[static_cast<std::size_t>(operation_of(call.function))];
    Lease lease(*this);
    const CK_SESSION_HANDLE session = lease.session();
    Outcome outcome;
    outcome.code = begin_to_work(session, operation.init, call);
    if (outcome.code != CKR_OK) {
        lease.spoil();
        return outcome;
    }
    const auto size = static_cast<CK_ULONG>(call.data.size());
    if (call.function == Function::verify) {
        outcome.code = functions_.C_Verify(session, bytes_of(call.data), size, bytes_of(call.more),
                                           static_cast<CK_ULONG>(call.more.size()));
        return outcome;
    }
    if (call.length_only) {
        CK_ULONG length = 0;
        outcome.code =
            (functions_.*operation.once)(session, bytes_of(call.data), size, nullptr, &length);
        outcome.result.numbers = {length};
        lease.spoil();
        return outcome;
    }
    outcome.code = with_room(
        call.data.size() + kRoom, outcome.result.data, [&](CK_BYTE* room, CK_ULONG* length) {
            return (functions_.*operation.once)(session, bytes_of(call.data), size, room, length);
        });
    if (outcome.code != CKR_OK) {
        lease.spoil();
    }
    return outcome;
}

/// An operation of several parts has a session of its own, from the part that begins it to the last, or to an error.
Outcome Token::next_part(const Call& call, ConnectionId connection)
{
    const int index = operation_of(call.function);
    const Operation& operation = kOperations[static_cast<std::size_t>(index)];
    const OperationKey key{connection, call.session, index};
    CK_SESSION_HANDLE kept = 0;
    {
        const std::lock_guard lock(mutex_);
        if (const auto at = operations_.find(key); at != operations_.end()) {
            kept = at->second;
            operations_.erase(at);
        }
    }
    if (kept != 0 && (call.begins || call.abandons)) {
        functions_.C_CloseSession(std::exchange(kept, 0));
    }
    Outcome outcome;
    if (call.abandons) {
        return outcome;
    }
    if (kept == 0 && !call.begins) {
        outcome.code = CKR_OPERATION_NOT_INITIALIZED;
        return outcome;
    }
    Lease lease(*this, kept != 0 ? kept : take_session());
    const CK_SESSION_HANDLE session = lease.session();
    if (call.begins) {
        outcome.code = begin_to_work(session, operation.init, call);
    }
    const auto size = static_cast<CK_ULONG>(call.data.size());
    const bool last = call.function == operation.final;
    if (outcome.code != CKR_OK) {
        lease.spoil();
        return outcome;
    }
    if (call.function == Function::digest_key) {
        outcome.code =
            functions_.C_DigestKey(session, static_cast<CK_OBJECT_HANDLE>(call.objects.front()));
    } else if (call.function == Function::verify_final) {
        outcome.code = functions_.C_VerifyFinal(session, bytes_of(call.more),
                                                static_cast<CK_ULONG>(call.more.size()));
    } else if (last) {
        outcome.code = with_room(kRoom, outcome.result.data, [&](CK_BYTE* room, CK_ULONG* length) {
            return (functions_.*operation.end)(session, room, length);
        });
    } else if (operation.take != nullptr) {
        outcome.code = (functions_.*operation.take)(session, bytes_of(call.data), size);
    } else {
        outcome.code = with_room(call.data.size() + kRoom, outcome.result.data,
                                 [&](CK_BYTE* room, CK_ULONG* length) {
                                     return (functions_.*operation.part)(
                                         session, bytes_of(call.data), size, room, length);
                                 });
    }
    if (outcome.code != CKR_OK) {
        lease.spoil();
    } else if (!last) {
        const std::lock_guard lock(mutex_);
        operations_[key] = lease.keep();
    }
    return outcome;
}

Outcome Token::wrap(const Call& call)
{
    auto mechanism = NativeMechanism::of(*call.mechanism);
    Outcome outcome;
    if (!mechanism) {
        outcome.code = CKR_MECHANISM_PARAM_INVALID;
        return outcome;
    }
    const Lease lease(*this);
    outcome.code = with_room(kRoom, outcome.result.data, [&](CK_BYTE* room, CK_ULONG* length) {
        return functions_.C_WrapKey(lease.session(), mechanism->get(),
                                    static_cast<CK_OBJECT_HANDLE>(call.objects[0]),
                                    static_cast<CK_OBJECT_HANDLE>(call.objects[1]), room, length);
    });
    return outcome;
}

}  // namespace hasim::token
