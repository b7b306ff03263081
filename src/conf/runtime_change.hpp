/// What an edit of the configuration changes while a client runs.
#pragma once

#include <string>
#include <vector>

#include "hasim/settings.hpp"

namespace hasim::conf {

/// The difference of two settings, by when it takes effect.
struct RuntimeChange {
    /// The old settings with what takes effect at run time (VirtualTokenNNMembers, <label>StandbyMembers, HARecover)
    /// taken from the new ones, per group.
    Settings settings;
    /// One sentence per key that differs in `settings` from the old ones; no full stop.
    std::vector<std::string> at_once;
    /// One sentence per change that waits for the next C_Initialize; no full stop. For the diagnostic channel.
    std::vector<std::string> waiting;
};

/// Compares two good settings. A group is known again by its label, else by its serial number.
[[nodiscard]] RuntimeChange runtime_change(const Settings& old_settings,
                                           const Settings& new_settings);

}  // namespace hasim::conf
