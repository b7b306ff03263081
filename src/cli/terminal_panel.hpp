/// What `hasim run` shows at the end of a terminal: appliances, their members' states, and keys.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/run_streams.hpp"
#include "play/summary.hpp"

namespace hasim::cli {

/// What a digit does to the appliance of that number: a fault, or what ends it.
struct KeyAction {
    char key;
    std::string_view name;
    FaultKind breaks;
    FaultKind mends;
};
inline constexpr std::array kKeyActions{
    KeyAction{'c', "cable", FaultKind::cable_out, FaultKind::cable_in},
    KeyAction{'n', "NTLS", FaultKind::ntls_stop, FaultKind::ntls_start},
    KeyAction{'p', "power", FaultKind::power_off, FaultKind::power_on},
    KeyAction{'d', "deactivate", FaultKind::deactivate, FaultKind::activate},
    KeyAction{'r', "revoke", FaultKind::revoke, FaultKind::assign},
};

/// The line of a scenario for an appliance: what breaks it, or what mends it if that is in force.
[[nodiscard]] std::string line_for(const sim::World& world, const KeyAction& action,
                                   ApplianceIndex appliance);

/// A line for each appliance, in at most `rows`: those in trouble are never left out for others. `chosen` is what the
/// digits do; null: there are no keys.
[[nodiscard]] std::vector<StatusLine> panel(const sim::World& world, const play::Summary& summary,
                                            Instant now, const KeyAction* chosen, std::size_t rows);

}  // namespace hasim::cli
