/// POSIX time-zone rules, as $TZ and the last lines of zone files hold them: `CET-1CEST,M3.5.0,M10.5.0/3`.
/// This header is C++17: the library that reads rules does not compile as C++20.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hasim::host {

struct OffsetChange {
    std::int64_t from = 0;    ///< seconds since 1970
    std::int64_t offset = 0;  ///< seconds east of Greenwich, from then on
};

/// What `rule` says of [`from`, `until`), in seconds since 1970; the first entry is at `from`. Nothing when it is no
/// rule.
[[nodiscard]] std::optional<std::vector<OffsetChange>> follow_rule(const std::string& rule,
                                                                   std::int64_t from,
                                                                   std::int64_t until);

}  // namespace hasim::host
