/// Sessions as the application sees them: virtual ones, which stand on no member until something is to be done there.
/// Opening one costs no round trip, and recovery has nothing to reopen.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <p11-kit/pkcs11.h>

#include "cryptoki/call.hpp"
#include "hasim/ids.hpp"

namespace hasim::pkcs11 {

/// Kinds of operations; a session may have one of each (PKCS#11 2.40, section 5.6).
enum class OperationKind : std::uint8_t {
    encrypt,
    decrypt,
    digest,
    sign,
    verify,
    sign_recover,
    verify_recover,
};
inline constexpr std::size_t kOperationKinds = 7;

/// An operation that an Init has begun.
struct ActiveOperation {
    cryptoki::Mechanism mechanism;
    std::vector<cryptoki::ObjectNumber> key;  ///< none for a digest
    bool asks_login = false;     ///< CKA_ALWAYS_AUTHENTICATE: not without a PIN of its own
    bool authenticated = false;  ///< which was given
    bool several = false;        ///< a part was done: a member has it, by this link
    LinkId member{};

    /// What did not fit into the room that the application gave, and the call that it is of.
    struct Kept {
        cryptoki::Function function = cryptoki::Function::sign;
        std::string input;
        std::string output;
    };
    std::optional<Kept> kept{};
};

struct Session {
    CK_SESSION_HANDLE handle = 0;
    CK_SLOT_ID slot = 0;
    bool writes = false;  ///< CKF_RW_SESSION
    /// One call at a time: a second thread waits for the first.
    std::mutex mutex;
    bool closed = false;
    std::array<std::optional<ActiveOperation>, kOperationKinds> operations;
    /// Those that ask for a login of their own.
    [[nodiscard]] std::vector<ActiveOperation*> that_ask_login();

    std::optional<std::vector<cryptoki::ObjectNumber>> found;  ///< of a search, the next one last
    std::set<cryptoki::ObjectNumber> objects;                  ///< session objects that it made
};

/// Thread-safe.
class Sessions {
public:
    [[nodiscard]] std::shared_ptr<Session> open(CK_SLOT_ID slot, bool writes);
    /// Null when there is no such session.
    [[nodiscard]] std::shared_ptr<Session> find(CK_SESSION_HANDLE handle) const;
    /// Takes it out; null when there is none.
    std::shared_ptr<Session> close(CK_SESSION_HANDLE handle);
    /// Takes out all of a slot.
    std::vector<std::shared_ptr<Session>> close_all(CK_SLOT_ID slot);
    /// How many a slot has, and how many of them may write.
    struct Count {
        CK_ULONG all = 0;
        CK_ULONG writing = 0;
    };
    [[nodiscard]] Count count(CK_SLOT_ID slot) const;
    /// Every session of a slot.
    [[nodiscard]] std::vector<std::shared_ptr<Session>> of(CK_SLOT_ID slot) const;

private:
    mutable std::mutex mutex_;
    std::map<CK_SESSION_HANDLE, std::shared_ptr<Session>> sessions_;
    std::map<CK_SLOT_ID, Count> counts_;
    CK_SESSION_HANDLE last_ = 0;
};

}  // namespace hasim::pkcs11
