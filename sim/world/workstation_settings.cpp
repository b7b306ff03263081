// The configuration of the workstation: the file, what faults changed in it, and when which process takes it.
#include <algorithm>
#include <utility>

#include "sim/world/workstation.hpp"

namespace hasim::sim {

namespace {

/// The group of `settings` that `known` is now: by label, else by serial.
const GroupSettings* again(const Settings& settings, const GroupSettings& known)
{
    const auto find = [&](auto same) {
        const auto at = std::find_if(settings.groups.begin(), settings.groups.end(), same);
        return at == settings.groups.end() ? nullptr : &*at;
    };
    const GroupSettings* const named = find([&](const GroupSettings& group) {
        return !group.label.empty() && group.label == known.label;
    });
    return named != nullptr
               ? named
               : find([&](const GroupSettings& group) { return group.serial == known.serial; });
}

}  // namespace

void Workstation::settings_changed(const Settings& settings)
{
    wake_all();
    file_ = settings;
    overlay_changed();
}

/// Tells every group what the newest configuration says of it. Its serial, other groups and appliances wait for the
/// next C_Initialize.
void Workstation::overlay_changed()
{
    newest_ = overlay_.over(file_);
    ++newest_number_;
    Settings taken = newest_;
    taken.groups = effective_.groups;
    taken.servers = effective_.servers;
    std::vector<bool> said;
    for (GroupSettings& group : taken.groups) {
        const GroupSettings* const now = again(newest_, group);
        said.push_back(now != nullptr);
        if (now != nullptr) {
            const Serial serial = group.serial;
            group = *now;
            group.serial = serial;
        }
    }
    effective_ = std::move(taken);
    for (ClientIndex client = 0; client < clients_.size(); ++client) {
        for (GroupIndex group = 0; group < clients_[client].group_sessions.size(); ++group) {
            if (said[group]) {
                post(client, group, ha::SettingsChanged{effective_.groups[group]});
            }
        }
    }
}

/// Where a group of the newest settings stands among those that are known; one that is new is entered.
GroupIndex Workstation::slot_for(const GroupSettings& group)
{
    std::vector<GroupSettings>& known = effective_.groups;
    for (GroupIndex slot = 0; slot < known.size(); ++slot) {
        if (again(newest_, known[slot]) == &group) {
            known[slot] = group;
            return slot;
        }
    }
    const auto slot = static_cast<GroupIndex>(known.size());
    known.push_back(group);
    for (ClientIndex index = 0; index < clients_.size(); ++index) {
        Client& client = clients_[index];
        client.group_sessions.emplace_back(ha::Group(client.pid, group.serial));
        client.group_sessions.back().configured = false;
        for (const Load& load : asked_loads_) {
            run_load(load, index, slot);
        }
    }
    return slot;
}

/// C_Initialize reads the file: groups, their serials and appliances are what it says now. One that is refused, because
/// the library is initialised, changes nothing.
void Workstation::take_settings(ClientIndex index)
{
    const auto finalized = [](const GroupSession& session) {
        return session.group.state() == GroupState::finalized;
    };
    std::vector<GroupSession>& sessions = clients_[index].group_sessions;
    if (clients_[index].taken == newest_number_ ||
        !std::all_of(sessions.begin(), sessions.end(), finalized)) {
        return;
    }
    wake_all();
    clients_[index].taken = newest_number_;
    for (GroupSession& session : sessions) {
        session.configured = false;
    }
    effective_.servers = newest_.servers;
    for (const ServerSettings& server : newest_.servers) {
        appliances_.add(server);
    }
    for (const GroupSettings& group : newest_.groups) {
        if (effective_.groups.size() == kMaxGroups && again(effective_, group) == nullptr) {
            context_.diagnose("this run has had " + std::to_string(kMaxGroups) +
                              " groups, as many as one can have; group " + group.label +
                              " is left out: start hasim again");
            continue;
        }
        GroupSession& session = sessions[slot_for(group)];
        session.configured = true;
        if (session.group.serial() != group.serial) {
            session.group = ha::Group(clients_[index].pid, group.serial);
        }
        for (const auto* members : {&group.members, &group.standby}) {
            for (const Serial member : *members) {
                appliances_.host_of(member);
            }
        }
    }
}

}  // namespace hasim::sim
