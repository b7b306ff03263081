/// The states of a whole HA group, as one client process sees it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hasim {

/// What the library of a process is to its application, for one group (names are hasim's: chosen).
enum class GroupState : std::uint8_t {
    finalized,     ///< before C_Initialize, and after C_Finalize
    initializing,  ///< C_Initialize is reaching the members
    serving,       ///< calls are served while a member is left
    latched,  ///< activeBasic, and all members were lost: calls fail until C_Finalize and C_Initialize
};

inline constexpr std::array kGroupStates{GroupState::finalized, GroupState::initializing,
                                         GroupState::serving, GroupState::latched};

/// The state's word, as the enumerator is spelled.
[[nodiscard]] std::string_view name_of(GroupState state);

/// The state called `name`, spelled exactly.
[[nodiscard]] std::optional<GroupState> group_state_named(std::string_view name);

}  // namespace hasim
