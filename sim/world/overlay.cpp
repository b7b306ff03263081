#include "sim/world/overlay.hpp"

#include <algorithm>

namespace hasim::sim {

void Overlay::add_member(const std::string& label, Serial member)
{
    groups_[label].members.push_back({member, true});
}

void Overlay::remove_member(const std::string& label, Serial member)
{
    groups_[label].members.push_back({member, false});
}

void Overlay::recover(const std::string& label)
{
    ++groups_[label].recoveries;
}

Settings Overlay::over(const Settings& file) const
{
    Settings settings = file;
    if (mode_) {
        settings.ha.recovery_mode = *mode_;
    }
    for (GroupSettings& group : settings.groups) {
        const auto found = groups_.find(group.label);
        if (found == groups_.end()) {
            continue;
        }
        group.recover += found->second.recoveries;
        for (const Edit& edit : found->second.members) {
            std::erase(group.members, edit.member);
            if (edit.added && group.members.size() + group.standby.size() < kMaxMembers) {
                std::erase(group.standby, edit.member);
                group.members.push_back(edit.member);
            } else if (!edit.added) {
                std::erase(group.standby, edit.member);
            }
        }
    }
    return settings;
}

}  // namespace hasim::sim
