// What is done to the world: each fault is led to the owner that knows how it goes.
#include <algorithm>
#include <utility>

#include "scenario/faults.hpp"
#include "sim/world/world.hpp"

namespace hasim::sim {

void World::apply_at(Instant due, const Fault& fault, const Target& target)
{
    put_off(due, fault, target, PutOff::caller);
}

void World::put_off(Instant due, const Fault& fault, const Target& target, PutOff why)
{
    queue_.add(due, EventOwner::fault, 0, next_later_);
    later_.emplace(next_later_++, Later{fault, target, why});
}

/// What patterns have still to do to these appliances is not done any more.
void World::end_patterns(const std::vector<ApplianceIndex>& hosts)
{
    std::erase_if(later_, [&](const auto& entry) {
        const Later& later = entry.second;
        return later.why == PutOff::pattern &&
               std::find(hosts.begin(), hosts.end(), later.target.first - 1) != hosts.end();
    });
}

std::string World::apply(const Fault& fault, const Target& target, Instant now)
{
    begin(now);
    wake_all();
    std::string error;
    const Target drawn = target.kind == Target::Kind::any ? draw(fault.kind) : target;
    switch (scenario::fault_info(fault.kind).chapter) {
    case scenario::FaultChapter::network:
    case scenario::FaultChapter::appliance:
    case scenario::FaultChapter::partition: error = apply_to_hosts(fault, drawn); break;
    case scenario::FaultChapter::pattern: error = apply_pattern(fault, drawn); break;
    case scenario::FaultChapter::healing:
        if (fault.kind == FaultKind::heal_all) {
            heal_all();
        } else {
            error = apply_to_hosts(fault, drawn);
        }
        break;
    case scenario::FaultChapter::group: error = apply_to_group(fault, drawn); break;
    case scenario::FaultChapter::machine: apply_to_workstation(fault); break;
    case scenario::FaultChapter::client: error = apply_to_clients(fault, drawn); break;
    }
    if (!error.empty()) {
        return error;
    }
    note_in_force(fault, drawn);
    for (WorldObserver* observer : observers_) {
        observer->on_fault(fault, drawn, now_);
    }
    return {};
}

/// Where a fault is in force once it is applied to `target`.
std::vector<FaultPlace> World::places_of(const Fault& fault, const Target& target)
{
    using scenario::FaultChapter;
    const FaultChapter chapter = scenario::fault_info(fault.kind).chapter;
    if (chapter == FaultChapter::machine) {
        return {FaultPlace{kWorkstationPlace, {}}};
    }
    std::vector<FaultPlace> places;
    if (chapter == FaultChapter::group || chapter == FaultChapter::client) {
        return places;
    }
    for (const ApplianceIndex host : hosts_of(target).first) {
        if (chapter != FaultChapter::partition) {
            places.push_back({host, {}});
            continue;
        }
        for (const Serial partition : topology_.appliances()[host].partitions) {
            if (target.kind != Target::Kind::member || target.serial == partition) {
                places.push_back({host, partition});
            }
        }
    }
    return places;
}

/// Enters a fault that was applied, and its end when it has one.
void World::note_in_force(const Fault& fault, const Target& target)
{
    const std::uint64_t firing = fault.lasts ? next_later_ : 0;
    if (fault.kind == FaultKind::heal_all) {
        in_force_.heal_all();
    } else if (fault.kind == FaultKind::heal) {
        for (const ApplianceIndex host : hosts_of(target).first) {
            in_force_.heal(host, target.kind == Target::Kind::member ? target.serial : Serial{});
        }
    } else {
        for (const FaultPlace& place : places_of(fault, target)) {
            in_force_.add(place, fault, firing);
        }
    }
    if (fault.lasts) {
        put_off(now_ + *fault.lasts, fault, target, PutOff::ending);
    }
}

/// The time of a fault is over: it ends where it is still in force, and nothing else does.
void World::end_fault(const Later& later, std::uint64_t firing)
{
    wake_all();
    bool ended = false;
    for (const FaultPlace& place : places_of(later.fault, later.target)) {
        const auto next = in_force_.end(place, later.fault.kind, firing);
        if (!next) {
            continue;
        }
        ended = true;
        if (place.host == kWorkstationPlace) {
            apply_to_workstation(*next);
        } else {
            hosts_[place.host].apply(*next, place.partition, now_);
            reschedule(place.host);
        }
    }
    for (WorldObserver* observer : observers_) {
        if (ended) {
            observer->on_fault(ending_of(later.fault), later.target, now_);
        }
    }
}

// ---- Targets ----------------------------------------------------------------------------------------------------

/// `any`: one of those that the fault may be done to.
Target World::draw(FaultKind kind)
{
    Target target;
    if (scenario::fault_info(kind).chapter == scenario::FaultChapter::client) {
        target.kind = Target::Kind::client;
        target.name = clients_[random_.below(clients_.size())].name;
        return target;
    }
    std::vector<Serial> partitions;
    if (scenario::fault_info(kind).chapter == scenario::FaultChapter::partition) {
        for (const scenario::Topology::Appliance& appliance : topology_.appliances()) {
            partitions.insert(partitions.end(), appliance.partitions.begin(),
                              appliance.partitions.end());
        }
    }
    if (!partitions.empty()) {
        target.kind = Target::Kind::member;
        target.serial = partitions[random_.below(partitions.size())];
        return target;
    }
    target.kind = Target::Kind::hsm;
    target.first = static_cast<std::uint32_t>(random_.below(hosts_.size())) + 1;
    target.last = target.first;
    return target;
}

/// The appliances a target stands for; empty, with a reason, when there is none.
std::pair<std::vector<ApplianceIndex>, std::string> World::hosts_of(const Target& target)
{
    std::vector<ApplianceIndex> hosts;
    switch (target.kind) {
    case Target::Kind::hsm:
        if (target.first < 1 || target.last > hosts_.size() || target.first > target.last) {
            return {{},
                    "there is no hsm" + std::to_string(target.last) +
                        ": this world has hsm1 to hsm" + std::to_string(hosts_.size())};
        }
        for (std::uint32_t number = target.first; number <= target.last; ++number) {
            hosts.push_back(number - 1);
        }
        return {hosts, {}};
    case Target::Kind::appliance:
        if (const auto found = topology_.named(target.name)) {
            return {{*found}, {}};
        }
        return {{}, "there is no appliance called " + target.name};
    case Target::Kind::member:
        if (const auto found = topology_.place_of(target.serial)) {
            return {{*found}, {}};
        }
        return {{}, "no partition has the serial " + std::string(target.serial.text())};
    case Target::Kind::any:
    case Target::Kind::all:
        for (ApplianceIndex index = 0; index < hosts_.size(); ++index) {
            hosts.push_back(index);
        }
        return {hosts, {}};
    case Target::Kind::group:
    case Target::Kind::client: break;
    }
    return {{}, "a group or a client is no target for this fault"};
}

std::string World::apply_to_hosts(const Fault& fault, const Target& target)
{
    const auto [hosts, error] = hosts_of(target);
    if (fault.kind == FaultKind::heal && !fault.only) {
        end_patterns(hosts);
    }
    for (const ApplianceIndex host : hosts) {
        hosts_[host].apply(fault, target.kind == Target::Kind::member ? target.serial : Serial{},
                           now_);
        reschedule(host);
    }
    return error;
}

// ---- Patterns ---------------------------------------------------------------------------------------------------

std::string World::apply_pattern(const Fault& fault, const Target& target)
{
    auto [hosts, error] = hosts_of(target);
    const auto one = [](ApplianceIndex host) {
        return Target{Target::Kind::hsm, host + 1, host + 1, {}, {}};
    };
    Fault part;
    switch (fault.kind) {
    case FaultKind::flap_cable:
    case FaultKind::flap_ntls:
        for (const ApplianceIndex host : hosts) {
            hosts_[host].apply(fault, {}, now_);
            reschedule(host);
        }
        break;
    case FaultKind::rolling_restart: {
        Instant at = now_;
        part.kind = FaultKind::ntls_restart;
        part.duration = fault.duration;
        for (const ApplianceIndex host : hosts) {
            put_off(at, part, one(host), PutOff::pattern);
            at += fault.duration + fault.pause;
        }
        break;
    }
    case FaultKind::swizzle: {
        Instant at = now_;
        part.kind = FaultKind::cable_out;
        for (const ApplianceIndex host : hosts) {
            put_off(at, part, one(host), PutOff::pattern);
            at += fault.duration;
        }
        part.kind = FaultKind::cable_in;
        random_.shuffle(hosts);
        for (const ApplianceIndex host : hosts) {
            put_off(at, part, one(host), PutOff::pattern);
            at += fault.duration;
        }
        break;
    }
    default: error = "not a pattern"; break;
    }
    return error;
}

// ---- Workstation and processes ----------------------------------------------------------------------------------

void World::apply_to_workstation(const Fault& fault)
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

std::string World::apply_to_clients(const Fault& fault, const Target& target)
{
    bool found = false;
    for (ClientIndex client = 0; client < clients_.size(); ++client) {
        const bool named = target.kind == Target::Kind::client && !target.name.empty();
        if (!named || target.name == clients_[client].name) {
            found = true;
            apply_to_client(fault, client);
        }
    }
    return found ? std::string{} : "there is no client called " + target.name;
}

/// A call of the main thread waits until the one before it has returned; other threads sign meanwhile (chosen).
void World::apply_to_client(const Fault& fault, ClientIndex client)
{
    const bool waits = fault.kind != FaultKind::kill && fault.kind != FaultKind::restart;
    if (waits && clients_[client].session_calls > 0) {
        clients_[client].verbs.push_back(fault);
        return;
    }
    switch (fault.kind) {
    case FaultKind::initialize: initialize(client, now_); break;
    case FaultKind::login: login(client, fault.text, now_); break;
    case FaultKind::logout: logout(client, now_); break;
    case FaultKind::finalize: finalize(client, now_); break;
    case FaultKind::sign: sign(client, fault.count, now_); break;
    case FaultKind::kill: kill(client, now_); break;
    case FaultKind::restart:
        restart(client, Pid{static_cast<std::uint32_t>(fault.count)}, now_);
        break;
    default: break;
    }
}

/// Everything is as at the start, the configuration included; the processes are left alone.
void World::heal_all()
{
    std::erase_if(later_, [](const auto& entry) { return entry.second.why != PutOff::caller; });
    Fault heal;
    heal.kind = FaultKind::heal_all;
    for (ApplianceIndex host = 0; host < hosts_.size(); ++host) {
        hosts_[host].apply(heal, {}, now_);
        reschedule(host);
    }
    log_directory_missing_ = false;
    disk_full_ = false;
}

}  // namespace hasim::sim
