/// Counts of lines, for people and for programs.
#pragma once

#include <string>

#include "logtools/line_counter.hpp"

namespace hasim::logtools {

/// A table: a row per line form that occurs, then what is no record.
[[nodiscard]] std::string counts_table(const LineCounts& counts);

/// An object with every form by its name, even where it is 0, and lines, records, unknown, torn, empty, unterminated.
[[nodiscard]] std::string counts_json(const LineCounts& counts);

/// "12 lines: 10 records, 1 unknown, 1 torn, 0 empty"
[[nodiscard]] std::string counts_summary(const LineCounts& counts);

}  // namespace hasim::logtools
