/// Where two JSON texts differ, by the names of their fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hasim::corpus {

/// Sentences such as "says 5 in counts.HALOG_DROPMEMBER, and the files say 6", one for each field of `said` that is not
/// as in `found`. The list of files and the manifest's own digest are left out. Both texts must be JSON objects, else
/// std::runtime_error.
[[nodiscard]] std::vector<std::string> manifest_differences(std::string_view said,
                                                            std::string_view found);

}  // namespace hasim::corpus
