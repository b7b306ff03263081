/// The scenario files that a command line names.
#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"

namespace hasim::cli {

/// Files as given, and every *.hasim below the folders, in order of their paths. Those whose path does not hold every
/// word of `filter` are left out. False when a path does not exist; then the reason was said.
[[nodiscard]] bool find_scenarios(const std::vector<std::string>& paths, const std::string& filter,
                                  std::vector<std::string>& files, Console& console);

}  // namespace hasim::cli
