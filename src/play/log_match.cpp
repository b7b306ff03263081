#include "play/log_match.hpp"

namespace hasim::play {

bool matches(const sim::World& world, const LogPattern& pattern, sim::ClientIndex client,
             const LogRecord& record)
{
    const auto group_matches = [&] {
        const std::vector<GroupSettings>& groups = world.settings().groups;
        for (sim::GroupIndex group = 0; group < groups.size(); ++group) {
            if (groups[group].label == pattern.group &&
                world.group_serial(client, group) == record.group) {
                return true;
            }
        }
        return false;
    };
    return record.form == pattern.form && (pattern.group.empty() || group_matches()) &&
           (pattern.member.empty() || pattern.member == record.member) &&
           (pattern.attempt == 0 || pattern.attempt == record.attempt) &&
           (pattern.client.empty() || pattern.client == world.client_name(client));
}

}  // namespace hasim::play
