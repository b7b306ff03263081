/// What applications see of a configuration: its slots.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hasim/settings.hpp"
#include "scenario/topology.hpp"

namespace hasim::scenario {

/// A slot as the application sees it (chosen: numbered from 0, physical slots first, HA slots last; with HAOnly the HA
/// slots alone, from 0).
struct Slot {
    bool is_group = false;
    std::string label;  ///< of a group; empty for a partition
    Serial serial;

    /// As the product's command-line tool shows it.
    [[nodiscard]] std::string_view description() const
    {
        return is_group ? "HA Virtual Card Slot" : "LunaNet Slot";
    }
};

[[nodiscard]] std::vector<Slot> slots_of(const Settings& settings, const Topology& topology);

}  // namespace hasim::scenario
