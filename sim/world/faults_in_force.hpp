/// Which faults that can last are in force where, so that the end of one ends nothing else. Of several of one kind in
/// one place the newest counts; when it ends, the one before it, if it is still to last, comes back (chosen).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "hasim/fault.hpp"
#include "hasim/ids.hpp"

namespace hasim::sim {

/// Where a fault is in force: an appliance and its path, one partition of it, or the workstation.
struct FaultPlace {
    ApplianceIndex host = 0;
    Serial partition{};  ///< empty: the appliance itself

    friend bool operator<(const FaultPlace& a, const FaultPlace& b)
    {
        return a.host != b.host ? a.host < b.host : a.partition < b.partition;
    }
};

inline constexpr ApplianceIndex kWorkstationPlace = 0xffffffff;

class FaultsInForce {
public:
    /// Something was done there. `firing` is this fault's number when it was given `for D`, else 0.
    void add(const FaultPlace& place, const Fault& fault, std::uint64_t firing);
    /// The time of a firing is over. Returns what is to be done there now: what ends it, or the fault that was in force
    /// before it; nothing when it ended before, or a newer one is in force.
    std::optional<Fault> end(const FaultPlace& place, FaultKind kind, std::uint64_t firing);
    /// `heal` of an appliance, or of one partition of it: faults of the appliance end either way.
    void heal(ApplianceIndex host, Serial partition);
    void heal_all() { places_.clear(); }
    /// Those in force in one place, each kind once, the oldest first.
    [[nodiscard]] std::vector<Fault> at(const FaultPlace& place) const;

private:
    struct Firing {
        Fault fault;
        std::uint64_t number = 0;
    };

    std::map<FaultPlace, std::vector<Firing>> places_;  ///< the newest last
};

/// What ends a fault.
[[nodiscard]] Fault ending_of(const Fault& fault);

}  // namespace hasim::sim
