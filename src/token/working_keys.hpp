/// What a token's operations know of keys beforehand. SoftHSM2 opens, locks and reads two files for each operation on a
/// key that is a token object, and none for a session object: so a key that is used again is copied into one, and the
/// copy works in its place. Nobody finds the copy (it is in no catalogue), and it ends with its key.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>

#include "cryptoki/native.hpp"

namespace hasim::token {

/// May be used from several threads at once.
class WorkingKeys {
public:
    static constexpr std::size_t kMost =
        4096;  ///< that are remembered; further ones work as they are

    struct Key {
        CK_OBJECT_HANDLE handle = 0;  ///< to be used in its place: a copy, or itself
        CK_KEY_TYPE type = 0;
        CK_ULONG modulus = 0;     ///< bytes; 0 for a key that has none
        bool asks_login = false;  ///< CKA_ALWAYS_AUTHENTICATE: for each operation anew
    };

    explicit WorkingKeys(CK_FUNCTION_LIST& functions) : functions_(functions) {}

    /// Nothing for what is no key. Copies belong to `keeper`, a session that stays.
    [[nodiscard]] std::optional<Key> find(CK_SESSION_HANDLE keeper, CK_OBJECT_HANDLE object);
    /// After the object was changed or destroyed: what was known of it holds no more.
    void forget(CK_SESSION_HANDLE keeper, CK_OBJECT_HANDLE object);

private:
    struct Known {
        Key key;
        bool may_copy = false;
    };

    [[nodiscard]] std::optional<Known> read(CK_SESSION_HANDLE keeper, CK_OBJECT_HANDLE object);
    void copy(CK_SESSION_HANDLE keeper, Known& known);

    CK_FUNCTION_LIST& functions_;
    std::mutex mutex_;
    std::map<CK_OBJECT_HANDLE, Known> known_;
};

}  // namespace hasim::token
