#include "sim/world/faults_in_force.hpp"

#include <algorithm>
#include <array>

#include "scenario/faults.hpp"

namespace hasim::sim {

namespace {

/// What else ends a fault: its opposite, and a new start of the service.
struct Opposite {
    FaultKind done;
    FaultKind over;
};
constexpr std::array kOpposites{
    Opposite{FaultKind::cable_in, FaultKind::cable_out},
    Opposite{FaultKind::power_on, FaultKind::power_off},
    Opposite{FaultKind::power_on, FaultKind::ntls_stop},
    Opposite{FaultKind::power_off, FaultKind::ntls_stop},
    Opposite{FaultKind::reboot, FaultKind::power_off},
    Opposite{FaultKind::reboot, FaultKind::ntls_stop},
    Opposite{FaultKind::ntls_start, FaultKind::ntls_stop},
    Opposite{FaultKind::ntls_restart, FaultKind::ntls_stop},
    Opposite{FaultKind::activate, FaultKind::deactivate},
    Opposite{FaultKind::assign, FaultKind::revoke},
    Opposite{FaultKind::log_directory_back, FaultKind::log_directory_missing},
    Opposite{FaultKind::disk_free, FaultKind::disk_full},
};

/// An appliance flaps in one way at a time.
bool same_kind(FaultKind a, FaultKind b)
{
    const auto flaps = [](FaultKind kind) {
        return kind == FaultKind::flap_cable || kind == FaultKind::flap_ntls;
    };
    return a == b || (flaps(a) && flaps(b));
}

}  // namespace

Fault ending_of(const Fault& fault)
{
    Fault ending;
    switch (fault.kind) {
    case FaultKind::cable_out: ending.kind = FaultKind::cable_in; break;
    case FaultKind::power_off: ending.kind = FaultKind::power_on; break;
    case FaultKind::ntls_stop: ending.kind = FaultKind::ntls_start; break;
    case FaultKind::deactivate: ending.kind = FaultKind::activate; break;
    case FaultKind::revoke: ending.kind = FaultKind::assign; break;
    case FaultKind::log_directory_missing: ending.kind = FaultKind::log_directory_back; break;
    case FaultKind::disk_full: ending.kind = FaultKind::disk_free; break;
    default:
        ending.kind = FaultKind::heal;
        ending.only = fault.kind;
        break;
    }
    return ending;
}

void FaultsInForce::add(const FaultPlace& place, const Fault& fault, std::uint64_t firing)
{
    if (const auto found = places_.find(place); found != places_.end()) {
        std::erase_if(found->second, [&](const Firing& old) {
            // One without an end that another covers would never count again.
            const bool covered =
                old.number == 0 && firing == 0 && same_kind(old.fault.kind, fault.kind);
            return covered ||
                   std::any_of(kOpposites.begin(), kOpposites.end(), [&](const Opposite& row) {
                       return row.done == fault.kind && row.over == old.fault.kind;
                   });
        });
    }
    if (scenario::fault_info(fault.kind).may_last) {
        places_[place].push_back({fault, firing});
    }
}

std::optional<Fault> FaultsInForce::end(const FaultPlace& place, FaultKind kind,
                                        std::uint64_t firing)
{
    const auto found = places_.find(place);
    if (found == places_.end()) {
        return std::nullopt;
    }
    std::vector<Firing>& firings = found->second;
    const auto ended = std::find_if(firings.begin(), firings.end(),
                                    [&](const Firing& one) { return one.number == firing; });
    if (ended == firings.end()) {
        return std::nullopt;
    }
    const auto of_its_kind = [&](const Firing& one) { return same_kind(one.fault.kind, kind); };
    const bool newest = std::none_of(ended + 1, firings.end(), of_its_kind);
    const Fault over = ending_of(ended->fault);
    firings.erase(ended);
    if (!newest) {
        return std::nullopt;
    }
    const auto before = std::find_if(firings.rbegin(), firings.rend(), of_its_kind);
    return before == firings.rend() ? over : before->fault;
}

std::vector<Fault> FaultsInForce::at(const FaultPlace& place) const
{
    std::vector<Fault> faults;
    const auto found = places_.find(place);
    if (found == places_.end()) {
        return faults;
    }
    for (const Firing& firing : found->second) {
        std::erase_if(faults,
                      [&](const Fault& older) { return same_kind(older.kind, firing.fault.kind); });
        faults.push_back(firing.fault);
    }
    return faults;
}

void FaultsInForce::heal(ApplianceIndex host, Serial partition)
{
    std::erase_if(places_, [&](const auto& entry) {
        const FaultPlace& place = entry.first;
        return place.host == host &&
               (partition.empty() || place.partition.empty() || place.partition == partition);
    });
}

}  // namespace hasim::sim
