/// An option whose value is a duration.
#pragma once

#include <optional>
#include <string>

#include "cli/options.hpp"
#include "hasim/time.hpp"

namespace hasim::cli {

/// Binds an option that is written as durations are in a scenario: 90s, 5m, 1h30m.
void duration_option(Options& options, std::string name, std::optional<Duration>& target,
                     std::string help);

}  // namespace hasim::cli
