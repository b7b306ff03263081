/// Counts the lines of logs on several cores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hasim/result.hpp"
#include "logtools/file_pieces.hpp"
#include "logtools/line_counter.hpp"

namespace hasim::logtools {

struct LogCount {
    LineCounts counts;               ///< of all that was read before the failure
    std::optional<Finding> failure;  ///< of the first file that could not be read to its end
};

/// Counts `files` with `jobs` threads, large ones in pieces of at least `least` bytes. What comes of it does not depend
/// on their number.
[[nodiscard]] LogCount count_logs(const std::vector<std::string>& files, std::uint64_t jobs,
                                  std::uint64_t least = kLeastPiece);

}  // namespace hasim::logtools
