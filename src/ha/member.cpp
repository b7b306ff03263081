#include "ha/member.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace hasim::ha {

std::vector<Place> places_in(const GroupSettings& settings)
{
    std::vector<Place> places;
    const auto add = [&places](const std::vector<Serial>& serials, Role role) {
        for (const Serial serial : serials) {
            const auto is_this = [serial](const Place& place) { return place.serial == serial; };
            if (std::none_of(places.begin(), places.end(), is_this)) {
                places.push_back({serial, role});
            }
        }
    };
    add(settings.members, Role::active);
    add(settings.standby, Role::standby);
    return places;
}

Member Member::appeared(Serial serial, Role role)
{
    HASIM_ASSERT(find_transition(std::nullopt, Cause::configured_in, MemberState::dropped));
    Member member(serial, role);
    member.state_ = MemberState::dropped;
    return member;
}

void Member::enter(MemberState to, Cause cause)
{
    HASIM_ASSERT(find_transition(state_, cause, to).has_value());
    state_ = to;
    if (to != MemberState::dropped) {
        attempt = 0;
    }
    if (to == MemberState::active) {
        made = 0;
        deactivation_told = false;
    }
}

void Member::grant(std::uint32_t attempts)
{
    made = 0;
    granted = attempts;
}

}  // namespace hasim::ha
