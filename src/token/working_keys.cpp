#include "token/working_keys.hpp"

#include <utility>

namespace hasim::token {

std::optional<WorkingKeys::Key> WorkingKeys::find(CK_SESSION_HANDLE keeper, CK_OBJECT_HANDLE object)
{
    // The lock is held while the token is asked: so a key that is destroyed meanwhile is not remembered after that.
    const std::lock_guard lock(mutex_);
    if (const auto at = known_.find(object); at != known_.end()) {
        if (std::exchange(at->second.may_copy, false)) {
            copy(keeper, at->second);
        }
        return at->second.key;
    }
    const std::optional<Known> read_now = read(keeper, object);
    if (read_now && known_.size() < kMost) {
        known_.emplace(object, *read_now);
    }
    return read_now ? std::optional(read_now->key) : std::nullopt;
}

void WorkingKeys::forget(CK_SESSION_HANDLE keeper, CK_OBJECT_HANDLE object)
{
    const std::lock_guard lock(mutex_);
    const auto at = known_.find(object);
    if (at == known_.end()) {
        return;
    }
    if (at->second.key.handle != object) {
        functions_.C_DestroyObject(keeper, at->second.key.handle);
    }
    known_.erase(at);
}

std::optional<WorkingKeys::Known> WorkingKeys::read(CK_SESSION_HANDLE keeper,
                                                    CK_OBJECT_HANDLE object)
{
    Known known;
    known.key.handle = object;
    CK_BBOOL lasts = CK_FALSE;
    CK_ATTRIBUTE asked[] = {{CKA_KEY_TYPE, &known.key.type, sizeof known.key.type},
                            {CKA_TOKEN, &lasts, sizeof lasts}};
    if (functions_.C_GetAttributeValue(keeper, object, asked, 2) != CKR_OK) {
        return std::nullopt;
    }
    CK_ATTRIBUTE modulus{CKA_MODULUS, nullptr, 0};
    if (known.key.type == CKK_RSA &&
        functions_.C_GetAttributeValue(keeper, object, &modulus, 1) == CKR_OK) {
        known.key.modulus = modulus.ulValueLen;
    }
    CK_BBOOL always = CK_FALSE;
    CK_ATTRIBUTE asks{CKA_ALWAYS_AUTHENTICATE, &always, sizeof always};
    known.key.asks_login =
        functions_.C_GetAttributeValue(keeper, object, &asks, 1) == CKR_OK && always != CK_FALSE;
    known.may_copy = lasts != CK_FALSE;
    return known;
}

/// A key that must not be copied works as it is.
void WorkingKeys::copy(CK_SESSION_HANDLE keeper, Known& known)
{
    CK_BBOOL no = CK_FALSE;
    CK_ATTRIBUTE for_the_session{CKA_TOKEN, &no, sizeof no};
    CK_OBJECT_HANDLE made = 0;
    if (functions_.C_CopyObject(keeper, known.key.handle, &for_the_session, 1, &made) == CKR_OK) {
        known.key.handle = made;
    }
}

}  // namespace hasim::token
