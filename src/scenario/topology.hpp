/// Who is where: appliances by name, and the one on which each partition lives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/serial_table.hpp"
#include "hasim/ids.hpp"
#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"

namespace hasim::scenario {

/// One appliance per ServerNameNN; with no server in the file each member gets its own, called hsm1, hsm2, ... A serial
/// is placed once, at its first appearance in the file (a group's members, then its standby members), on the next
/// server in turn, and never moves; `place S on hsmN` overrides (chosen).
class Topology {
public:
    struct Appliance {
        std::string name;           ///< ServerNameNN, or hsmN
        std::uint16_t port = 1792;  ///< as the file has it; simulated appliances listen elsewhere
        std::vector<Serial> partitions;
    };

    /// `placements` name appliances that may be beyond the file's: they are made.
    Topology(const Settings& settings, const std::vector<Placement>& placements);

    [[nodiscard]] const std::vector<Appliance>& appliances() const { return appliances_; }
    [[nodiscard]] std::optional<ApplianceIndex> place_of(Serial member) const;
    [[nodiscard]] std::optional<ApplianceIndex> named(std::string_view name) const;

    /// A server that the file names now; returns where it stands when it is new.
    std::optional<ApplianceIndex> add(const ServerSettings& server);

    /// Places a serial that appeared at run time; returns where it is, and whether that appliance is new.
    std::pair<ApplianceIndex, bool> place(Serial member);

private:
    void put(Serial member, ApplianceIndex appliance);
    ApplianceIndex make_appliance();

    std::vector<Appliance> appliances_;
    SerialTable<std::optional<ApplianceIndex>> places_;
    bool own_each_ = false;  ///< no server in the file
    ApplianceIndex next_ = 0;
};

}  // namespace hasim::scenario
