/// Golden files: texts under tests/golden/ that say what a thing printed when somebody last looked and agreed.
#pragma once

#include <string>
#include <string_view>

namespace hasim::test {

/// Fails the running test (as CHECK does) with the first differing line, unless `text` is what tests/golden/`name`
/// holds. With HASIM_UPDATE_GOLDEN=1 in the environment the file is written anew instead, and the test passes: read
/// the difference before you commit it.
void matches_golden(std::string_view name, std::string_view text);

/// What `matches_golden` says about two texts: empty when they are the same, else the first line that differs.
[[nodiscard]] std::string first_difference(std::string_view expected, std::string_view actual);

}  // namespace hasim::test
