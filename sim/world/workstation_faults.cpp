// What is done to the client machine, its processes, and the configuration of its groups.
#include <algorithm>
#include <utility>

#include "sim/world/workstation.hpp"

namespace hasim::sim {

namespace {

/// Why a file cannot say that `group` has, or has no longer, this member; empty when it can.
std::string refusal_of(const Fault& fault, const GroupSettings& group)
{
    const auto named_in = [&](const std::vector<Serial>& serials) {
        return std::find(serials.begin(), serials.end(), fault.serial) != serials.end();
    };
    const bool active = named_in(group.members);
    const bool there = active || named_in(group.standby);
    const std::string serial(fault.serial.text());
    const std::string name = group.label.empty() ? std::string(group.serial.text()) : group.label;
    if (fault.kind == FaultKind::add_member) {
        if (active) {
            return serial + " is a member of group " + name + " already";
        }
        if (!there && group.members.size() + group.standby.size() >= kMaxMembers) {
            return "group " + name + " has " + std::to_string(kMaxMembers) +
                   " members, as many as a group may have";
        }
    } else if (fault.kind == FaultKind::remove_member) {
        if (!there) {
            return serial + " is no member of group " + name;
        }
        if (group.members.size() + group.standby.size() == 1) {
            return serial + " is the only member of group " + name +
                   "; a group must have one, so add another first";
        }
    }
    return {};
}

bool is_meant(const Target& target, const GroupSettings& group)
{
    return target.kind != Target::Kind::group || target.name == group.label;
}

bool is_meant(const Target& target, const std::string& client)
{
    return target.kind != Target::Kind::client || target.name.empty() || target.name == client;
}

}  // namespace

std::string Workstation::check_group(const Fault& fault, const Target& target) const
{
    std::string refused = "there is no group called " + target.name;
    for (const GroupSettings& group : newest_.groups) {
        if (is_meant(target, group)) {
            refused = refusal_of(fault, group);
            if (refused.empty()) {
                break;  // one that takes it is enough
            }
        }
    }
    return refused;
}

std::string Workstation::apply_to_group(const Fault& fault, const Target& target)
{
    if (std::string refused = check_group(fault, target); !refused.empty()) {
        return refused;
    }
    for (const GroupSettings& group : newest_.groups) {
        if (!is_meant(target, group) || !refusal_of(fault, group).empty()) {
            continue;
        }
        switch (fault.kind) {
        case FaultKind::add_member: overlay_.add_member(group.label, fault.serial); break;
        case FaultKind::remove_member: overlay_.remove_member(group.label, fault.serial); break;
        case FaultKind::recover: overlay_.recover(group.label); break;
        case FaultKind::mode:
            overlay_.set_mode(fault.enhanced ? RecoveryMode::active_enhanced
                                             : RecoveryMode::active_basic);
            break;
        default: break;
        }
    }
    overlay_changed();
    return {};
}

void Workstation::apply_to_machine(const Fault& fault)
{
    switch (fault.kind) {
    case FaultKind::log_directory_missing: log_directory_missing_ = true; break;
    case FaultKind::log_directory_back: log_directory_missing_ = false; break;
    case FaultKind::disk_full: disk_full_ = true; break;
    case FaultKind::disk_free: disk_full_ = false; break;
    case FaultKind::clock_jump: clock_offset_ += fault.duration; break;
    default: break;
    }
}

void Workstation::heal()
{
    log_directory_missing_ = false;
    disk_full_ = false;
}

std::string Workstation::check_clients(const Target& target) const
{
    const bool found = std::any_of(clients_.begin(), clients_.end(), [&](const Client& client) {
        return is_meant(target, client.name);
    });
    return found ? std::string{} : "there is no client called " + target.name;
}

std::string Workstation::apply_to_clients(const Fault& fault, const Target& target)
{
    std::string refused = check_clients(target);
    for (ClientIndex client = 0; client < clients_.size(); ++client) {
        if (is_meant(target, clients_[client].name)) {
            apply_to_client(fault, client);
        }
    }
    return refused;
}

/// A call of the main thread waits until the one before it has returned; other threads sign meanwhile (chosen).
void Workstation::apply_to_client(const Fault& fault, ClientIndex client)
{
    const bool waits = fault.kind != FaultKind::kill && fault.kind != FaultKind::restart;
    if (waits && clients_[client].session_calls > 0) {
        clients_[client].verbs.push_back(fault);
        return;
    }
    switch (fault.kind) {
    case FaultKind::initialize: initialize(client); break;
    case FaultKind::login: login(client, fault.text); break;
    case FaultKind::logout: logout(client); break;
    case FaultKind::finalize: finalize(client); break;
    case FaultKind::sign: sign(client, fault.count); break;
    case FaultKind::kill: kill(client); break;
    case FaultKind::restart: restart(client, Pid{static_cast<std::uint32_t>(fault.count)}); break;
    default: break;
    }
}

}  // namespace hasim::sim
