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
    context_.queue.add(due, EventOwner::fault, 0, next_later_);
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
    context_.begin(now);
    workstation_.wake_all();
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
    case scenario::FaultChapter::group: error = workstation_.apply_to_group(fault, drawn); break;
    case scenario::FaultChapter::machine: workstation_.apply_to_machine(fault); break;
    case scenario::FaultChapter::client: error = workstation_.apply_to_clients(fault, drawn); break;
    }
    if (!error.empty()) {
        return error;
    }
    note_in_force(fault, drawn);
    for (WorldObserver* observer : context_.observers) {
        observer->on_fault(fault, drawn, context_.now);
    }
    return {};
}

std::string World::check(const Fault& fault, const Target& target) const
{
    using scenario::FaultChapter;
    switch (scenario::fault_info(fault.kind).chapter) {
    case FaultChapter::group: return workstation_.check_group(fault, target);
    case FaultChapter::client: return workstation_.check_clients(target);
    case FaultChapter::machine: return {};
    default: break;
    }
    return fault.kind == FaultKind::heal_all ? std::string{} : rack_.hosts_of(target).error;
}

/// Enters a fault that was applied, and its end when it has one.
void World::note_in_force(const Fault& fault, const Target& target)
{
    const std::uint64_t firing = fault.lasts ? next_later_ : 0;
    if (fault.kind == FaultKind::heal_all) {
        in_force_.heal_all();
    } else if (fault.kind == FaultKind::heal) {
        for (const ApplianceIndex host : rack_.hosts_of(target).hosts) {
            in_force_.heal(host, target.kind == Target::Kind::member ? target.serial : Serial{});
        }
    } else {
        for (const FaultPlace& place : rack_.places_of(fault, target)) {
            in_force_.add(place, fault, firing);
        }
    }
    if (fault.lasts) {
        put_off(context_.now + *fault.lasts, fault, target, PutOff::ending);
    }
}

/// The time of a fault is over: it ends where it is still in force, and nothing else does.
void World::end_fault(const Later& later, std::uint64_t firing)
{
    workstation_.wake_all();
    bool ended = false;
    for (const FaultPlace& place : rack_.places_of(later.fault, later.target)) {
        const auto next = in_force_.end(place, later.fault.kind, firing);
        if (!next) {
            continue;
        }
        ended = true;
        if (place.host == kWorkstationPlace) {
            workstation_.apply_to_machine(*next);
        } else {
            rack_.apply(*next, place.host, place.partition);
        }
    }
    for (WorldObserver* observer : context_.observers) {
        if (ended) {
            observer->on_fault(ending_of(later.fault), later.target, context_.now);
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
        target.name = workstation_.name(
            static_cast<ClientIndex>(context_.random.below(workstation_.clients())));
        return target;
    }
    std::vector<Serial> partitions;
    if (scenario::fault_info(kind).chapter == scenario::FaultChapter::partition) {
        for (const scenario::Topology::Appliance& appliance : rack_.topology().appliances()) {
            partitions.insert(partitions.end(), appliance.partitions.begin(),
                              appliance.partitions.end());
        }
    }
    if (!partitions.empty()) {
        target.kind = Target::Kind::member;
        target.serial = partitions[context_.random.below(partitions.size())];
        return target;
    }
    target.kind = Target::Kind::hsm;
    target.first = static_cast<std::uint32_t>(context_.random.below(rack_.size())) + 1;
    target.last = target.first;
    return target;
}

std::string World::apply_to_hosts(const Fault& fault, const Target& target)
{
    if (fault.kind == FaultKind::heal && !fault.only) {
        end_patterns(rack_.hosts_of(target).hosts);
    }
    return rack_.apply(fault, target);
}

// ---- Patterns ---------------------------------------------------------------------------------------------------

std::string World::apply_pattern(const Fault& fault, const Target& target)
{
    auto [hosts, error] = rack_.hosts_of(target);
    const auto one = [](ApplianceIndex host) {
        return Target{Target::Kind::hsm, host + 1, host + 1, {}, {}};
    };
    Fault part;
    switch (fault.kind) {
    case FaultKind::flap_cable:
    case FaultKind::flap_ntls:
        for (const ApplianceIndex host : hosts) {
            rack_.apply(fault, host, {});
        }
        break;
    case FaultKind::rolling_restart: {
        Instant at = context_.now;
        part.kind = FaultKind::ntls_restart;
        part.duration = fault.duration;
        for (const ApplianceIndex host : hosts) {
            put_off(at, part, one(host), PutOff::pattern);
            at += fault.duration + fault.pause;
        }
        break;
    }
    case FaultKind::swizzle: {
        Instant at = context_.now;
        part.kind = FaultKind::cable_out;
        for (const ApplianceIndex host : hosts) {
            put_off(at, part, one(host), PutOff::pattern);
            at += fault.duration;
        }
        part.kind = FaultKind::cable_in;
        context_.random.shuffle(hosts);
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

/// Everything is as at the start, the configuration included; the processes are left alone.
void World::heal_all()
{
    std::erase_if(later_, [](const auto& entry) { return entry.second.why != PutOff::caller; });
    Fault heal;
    heal.kind = FaultKind::heal_all;
    for (ApplianceIndex host = 0; host < rack_.size(); ++host) {
        rack_.apply(heal, host, {});
    }
    workstation_.heal();
}

/// The time of a fault that was put off has come.
void World::handle_fault(std::uint64_t number)
{
    const auto later = later_.extract(number);
    if (later.empty()) {
        return;  // healed meanwhile
    }
    if (later.mapped().why == PutOff::ending) {
        end_fault(later.mapped(), later.key());
    } else {
        apply(later.mapped().fault, later.mapped().target, context_.now);
    }
}

void World::settings_changed(const Settings& settings, Instant now)
{
    context_.begin(now);
    workstation_.settings_changed(settings);
}

}  // namespace hasim::sim
