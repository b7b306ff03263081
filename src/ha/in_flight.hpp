/// What a group waits for: connection attempts and requests without an answer, oldest deadline first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ha/event.hpp"
#include "hasim/exchange.hpp"
#include "hasim/ids.hpp"
#include "hasim/time.hpp"

namespace hasim::ha {

/// Index of a member in its group; stays with it.
using MemberIndex = std::uint16_t;

/// Why it is waited for.
enum class Purpose : std::uint8_t {
    connect,    ///< a connection attempt; no request
    open,       ///< the opening of the partition on a new link
    relogin,    ///< the login of a recovery attempt
    login,      ///< a member's part of C_Login
    logout,     ///< a member's part of C_Logout
    command,    ///< a command of the application
    clone_out,  ///< what a writing command changed, to be taken to the others
    clone_in,   ///< one of these
    sync_out,   ///< all objects, for a member that recovers; asked of another one
    sync_in,    ///< the same, to the one that recovers
};

struct Pending {
    RequestId id{};
    Purpose purpose = Purpose::connect;
    MemberIndex member = 0;
    CallId call{};
    std::uint32_t moves = 0;  ///< members that failed the command before
    Instant deadline{};
    std::string body;                       ///< of a command, so that it can go to the next member
    Operation operation = Operation::sign;  ///< of a command
    Reach reach = Reach::any;
    LinkId bound{};
    std::uint64_t transaction = 0;
    std::string answer{};      ///< clone_out: what the command returned
    MemberIndex recovers = 0;  ///< sync_out: for whom
};

/// All timeouts of a group are alike, so the order of sending is the order of deadlines: a list through a slab, with
/// every operation in constant time. A RequestId carries its slot, and a generation against replies that come late.
class InFlight {
public:
    /// Adds it with the latest deadline; `pending.id` is given here.
    Pending& add(Pending pending);
    /// The one waited for under `id`, or null.
    [[nodiscard]] Pending* find(RequestId id);
    Pending remove(RequestId id);
    /// The one with the earliest deadline, or null.
    [[nodiscard]] const Pending* oldest() const;
    /// The one sent next after `pending`, or null.
    [[nodiscard]] const Pending* after(const Pending& pending) const;
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    static constexpr std::uint32_t kNone = 0xffffffff;

    struct Slot {
        Pending pending;
        std::uint32_t generation = 0;
        std::uint32_t previous = kNone;
        std::uint32_t next = kNone;  ///< also links the free slots
        bool used = false;
    };

    [[nodiscard]] std::uint32_t slot_of(RequestId id) const;

    std::vector<Slot> slots_;
    std::uint32_t first_ = kNone;
    std::uint32_t last_ = kNone;
    std::uint32_t free_ = kNone;
    std::size_t size_ = 0;
};

}  // namespace hasim::ha
