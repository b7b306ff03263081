#include "scenario/slots.hpp"

namespace hasim::scenario {

std::vector<Slot> slots_of(const Settings& settings, const Topology& topology)
{
    std::vector<Slot> slots;
    if (!settings.ha.ha_only) {
        for (const auto& appliance : topology.appliances()) {
            for (const Serial partition : appliance.partitions) {
                slots.push_back({false, {}, partition});
            }
        }
    }
    for (const GroupSettings& group : settings.groups) {
        slots.push_back({true, group.label, group.serial});
    }
    return slots;
}

}  // namespace hasim::scenario
