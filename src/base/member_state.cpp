#include "hasim/member_state.hpp"

namespace hasim {

std::string_view name_of(MemberState state)
{
    switch (state) {
    case MemberState::connecting: return "connecting";
    case MemberState::active: return "active";
    case MemberState::lost: return "lost";
    case MemberState::dropped: return "dropped";
    case MemberState::login_failed: return "login_failed";
    case MemberState::exhausted: return "exhausted";
    case MemberState::revoked: return "revoked";
    case MemberState::ineligible: return "ineligible";
    case MemberState::removed: return "removed";
    }
    return "unknown";
}

std::optional<MemberState> member_state_named(std::string_view name)
{
    for (const MemberState state : kMemberStates) {
        if (name_of(state) == name) {
            return state;
        }
    }
    return std::nullopt;
}

}  // namespace hasim
