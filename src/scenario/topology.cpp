#include "scenario/topology.hpp"

#include <algorithm>

namespace hasim::scenario {

Topology::Topology(const Settings& settings, const std::vector<Placement>& placements)
    : own_each_(settings.servers.empty())
{
    for (const ServerSettings& server : settings.servers) {
        appliances_.push_back({server.name, server.port, {}});
    }
    for (const Placement& placement : placements) {
        while (appliances_.size() < placement.hsm) {
            make_appliance();
        }
        put(placement.member, placement.hsm - 1);
    }
    for (const GroupSettings& group : settings.groups) {
        for (const Serial member : group.members) {
            place(member);
        }
        for (const Serial member : group.standby) {
            place(member);
        }
    }
}

std::optional<ApplianceIndex> Topology::place_of(Serial member) const
{
    const auto* const place = places_.find(member);
    return place != nullptr ? *place : std::nullopt;
}

std::optional<ApplianceIndex> Topology::named(std::string_view name) const
{
    for (std::size_t index = 0; index < appliances_.size(); ++index) {
        if (appliances_[index].name == name) {
            return static_cast<ApplianceIndex>(index);
        }
    }
    return std::nullopt;
}

std::optional<ApplianceIndex> Topology::add(const ServerSettings& server)
{
    if (named(server.name)) {
        return std::nullopt;
    }
    own_each_ = false;
    appliances_.push_back({server.name, server.port, {}});
    return static_cast<ApplianceIndex>(appliances_.size() - 1);
}

std::pair<ApplianceIndex, bool> Topology::place(Serial member)
{
    if (const auto known = place_of(member)) {
        return {*known, false};
    }
    const bool makes_one = own_each_ || appliances_.empty();
    ApplianceIndex where = next_;
    if (makes_one) {
        // Placements may have made appliances for others; an empty one is taken before another is made.
        while (where < appliances_.size() && !appliances_[where].partitions.empty()) {
            ++where;
        }
        next_ = where + 1;
        const bool is_new = where == appliances_.size();
        if (is_new) {
            make_appliance();
        }
        put(member, where);
        return {where, is_new};
    }
    next_ = (next_ + 1) % static_cast<ApplianceIndex>(appliances_.size());
    put(member, where);
    return {where, false};
}

void Topology::put(Serial member, ApplianceIndex appliance)
{
    if (std::optional<ApplianceIndex>& place = places_[member]; !place) {
        place = appliance;
        appliances_[appliance].partitions.push_back(member);
    }
}

ApplianceIndex Topology::make_appliance()
{
    appliances_.push_back({"hsm" + std::to_string(appliances_.size() + 1), 1792, {}});
    return static_cast<ApplianceIndex>(appliances_.size() - 1);
}

}  // namespace hasim::scenario
