/// The states in the life of one member of a group, as one client process sees it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hasim {

/// Where a member stands, per (client process, group, member). Which message goes with which edge is the note's; the
/// states and their names are hasim's (chosen). The legal transitions are the table in src/ha/transitions.hpp.
enum class MemberState : std::uint8_t {
    connecting,    ///< C_Initialize is reaching it; leaves as `active`, or with DROPUNRECOVERABLE as `dropped`
    active,        ///< its connection is valid and, if the client logged in, logged in: it serves
    lost,          ///< its connection was seen closed and nothing is logged yet: the next command meets it
    dropped,       ///< not valid; retried at recovery ticks, attempts numbered from 1, at most reconnAtt
    login_failed,  ///< LOGINFAILED: not retried until manual recovery or C_Initialize
    exhausted,     ///< the last attempt allowed has failed: not retried until manual recovery or C_Initialize
    revoked,       ///< an attempt found the partition revoked: not retried until manual recovery or C_Initialize
    ineligible,    ///< an attempt found it zeroised, or its login refused: not retried, as above
    removed,       ///< no longer in the configuration: no commands, no lines
};

inline constexpr std::array kMemberStates{
    MemberState::connecting, MemberState::active,    MemberState::lost,
    MemberState::dropped,    MemberState::login_failed, MemberState::exhausted,
    MemberState::revoked,    MemberState::ineligible,   MemberState::removed,
};

/// The state's word, as the enumerator is spelled. Stable: scenarios and the control interface use it.
[[nodiscard]] std::string_view name_of(MemberState state);

/// The state called `name`, spelled exactly.
[[nodiscard]] std::optional<MemberState> member_state_named(std::string_view name);

}  // namespace hasim
