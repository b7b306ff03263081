#include "host/zone_rule.hpp"

#include <chrono>
#include <exception>

#include <date/ptz.h>

namespace hasim::host {

std::optional<std::vector<OffsetChange>> follow_rule(const std::string& rule, std::int64_t from,
                                                     std::int64_t until)
{
    try {
        const Posix::time_zone zone(rule);
        std::vector<OffsetChange> changes;
        while (from < until) {
            const date::sys_info info =
                zone.get_info(date::sys_seconds(std::chrono::seconds(from)));
            changes.push_back({from, info.offset.count()});
            const std::int64_t end = info.end.time_since_epoch().count();
            if (end <= from) {
                break;
            }
            from = end;
        }
        return changes;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace hasim::host
