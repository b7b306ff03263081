/// Time zones as the machine's database has them.
#pragma once

#include <string>
#include <variant>

#include "hasim/zone.hpp"

namespace hasim::host {

/// The zone called `name` ("America/Toronto", "UTC"; empty is UTC), or an error text with a remedy. Covers the years
/// 1970 to 2200; after the table of the zone's file its rule goes on.
[[nodiscard]] std::variant<Zone, std::string> load_zone(const std::string& name);

/// The zone of this process: $TZ, a name or a POSIX rule such as JST-9, else /etc/localtime, else UTC (as ctime does).
[[nodiscard]] Zone local_zone();

}  // namespace hasim::host
