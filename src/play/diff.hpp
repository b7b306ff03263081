/// What differs between two lists of lines, as people are used to read it.
#pragma once

#include <string>
#include <vector>

namespace hasim::play {

/// A unified diff with `context` lines around each change; empty when the lists are equal. Lists that are very long and
/// very different are compared in part, and it says so.
[[nodiscard]] std::string unified_diff(const std::vector<std::string>& expected,
                                       const std::vector<std::string>& actual,
                                       const std::string& expected_name,
                                       const std::string& actual_name, std::size_t context = 2);

}  // namespace hasim::play
