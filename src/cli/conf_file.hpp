/// What the `conf` commands share.
#pragma once

#include "cli/console.hpp"
#include "conf/configuration.hpp"

#include <optional>
#include <string>

namespace hasim::cli {

/// Reads the configuration at `path`. Nothing, and the reason on the diagnostic stream, when there is nothing to read:
/// no file, not a text, empty.
[[nodiscard]] std::optional<conf::Configuration> load_configuration(const std::string& path,
                                                                    Console& console);

/// The findings as a JSON array, one to a line.
[[nodiscard]] std::string findings_json(const conf::Configuration& configuration);

}  // namespace hasim::cli
