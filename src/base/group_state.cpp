#include "hasim/group_state.hpp"

namespace hasim {

std::string_view name_of(GroupState state)
{
    switch (state) {
    case GroupState::finalized: return "finalized";
    case GroupState::initializing: return "initializing";
    case GroupState::serving: return "serving";
    case GroupState::latched: return "latched";
    }
    return "unknown";
}

std::optional<GroupState> group_state_named(std::string_view name)
{
    for (const GroupState state : kGroupStates) {
        if (name_of(state) == name) {
            return state;
        }
    }
    return std::nullopt;
}

}  // namespace hasim
