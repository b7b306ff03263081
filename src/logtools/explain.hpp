/// What one line means, from the message catalogue; and what is wrong with one that means nothing.
#pragma once

#include <string>
#include <string_view>

#include "hasim/ha_log.hpp"
#include "log/catalogue.hpp"

namespace hasim::logtools {

struct Explanation {
    bool is_record = false;
    std::string text;  ///< several lines
    log::LineKind kind = log::LineKind::empty;
    log::ParsedLine parsed;  ///< views point into the line; of a record all of it has a meaning
    std::string expected;    ///< at `parsed.matched`; empty for a record
    const log::Message* nearest = nullptr;  ///< the message that no record is nearest to, if any
};

/// Explains `line`, given with or without its newline. Of a line that is no record: where it stops to look like one,
/// what would be expected there, and the message it is nearest to.
[[nodiscard]] Explanation explain(std::string_view line);

}  // namespace hasim::logtools
