/// One member of a group: its state, its link, and its count of recovery attempts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ha/in_flight.hpp"
#include "ha/policy.hpp"
#include "ha/transitions.hpp"
#include "hasim/ids.hpp"
#include "hasim/member_state.hpp"
#include "hasim/settings.hpp"

namespace hasim::ha {

enum class Role : std::uint8_t {
    active,   ///< serves
    standby,  ///< is logged in and waits; serves when no active-role member can
};

/// One member as the configuration names it.
struct Place {
    Serial serial;
    Role role = Role::active;
};

/// The members of a group in configured order, active role first. A serial that is named twice has its first place.
[[nodiscard]] std::vector<Place> places_in(const GroupSettings& settings);

class Member {
public:
    /// A member that C_Initialize is about to reach.
    Member(Serial serial, Role role) : serial_(serial), role_(role) {}
    /// A member that appeared in the configuration at run time.
    static Member appeared(Serial serial, Role role);

    /// The only way a state changes. The edge must stand in kTransitions.
    void enter(MemberState to, Cause cause);

    [[nodiscard]] Serial serial() const { return serial_; }
    [[nodiscard]] MemberState state() const { return state_; }
    [[nodiscard]] bool is(MemberState state) const { return state_ == state; }
    [[nodiscard]] bool attempt_runs() const { return attempt != 0; }
    [[nodiscard]] bool may_be_tried() const
    {
        return state_ == MemberState::dropped && !attempt_runs() && attempts_left(made, granted);
    }

    /// Attempts are counted from 1 again, and `granted` of them may be made. One that runs keeps its number.
    void grant(std::uint32_t attempts);

    Role role() const { return role_; }
    void set_role(Role role) { role_ = role; }

    LinkId link{};  ///< none when 0
    std::uint32_t waiting =
        0;  ///< requests and connection attempts of every purpose without an answer
    std::uint32_t made = 0;  ///< recovery attempts since it was dropped (or since manual recovery)
    std::uint32_t granted = 0;  ///< how many may be made; kUnlimited
    std::uint32_t attempt = 0;  ///< number of the attempt that runs; 0: none does
    std::size_t place = 0;      ///< in configured order; behind all others when it is removed
    Load load;                  ///< commands under way
    bool deactivation_told =
        false;  ///< MEMBER_DEACTIVATED was written, and it has answered nothing else since
    bool failed = false;   ///< it was valid, turned invalid, and has not come back
    bool untried = false;  ///< new in the configuration, and its first attempt has not ended
    std::optional<Code>
        undecided_failure;  ///< C_Initialize failed on it, others are not decided yet

private:
    Serial serial_;
    Role role_;
    MemberState state_ = MemberState::connecting;
};

}  // namespace hasim::ha
