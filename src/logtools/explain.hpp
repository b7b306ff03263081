/// What one line means, from the message catalogue; and what is wrong with one that means nothing.
#pragma once

#include <string>
#include <string_view>

namespace hasim::logtools {

struct Explanation {
    bool is_record = false;
    std::string text;  ///< several lines
};

/// Explains `line`, given with or without its newline. Of a line that is no record: where it stops to look like one,
/// what would be expected there, and the message it is nearest to.
[[nodiscard]] Explanation explain(std::string_view line);

}  // namespace hasim::logtools
