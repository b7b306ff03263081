#include "host/zone_loader.hpp"

#include <cstdlib>
#include <exception>

#include <date/tz.h>

namespace hasim::host {

namespace {

Zone walk(const date::time_zone& zone)
{
    using std::chrono::seconds;
    std::vector<Zone::Change> changes;
    date::sys_seconds at = date::sys_days(date::year(1970) / 1 / 1);
    const date::sys_seconds end = date::sys_days(date::year(2200) / 1 / 1);
    while (at < end) {
        const date::sys_info info = zone.get_info(at);
        changes.push_back({std::chrono::sys_seconds(at.time_since_epoch()), info.offset});
        if (info.end <= at) {
            break;
        }
        at = info.end;
    }
    return Zone(zone.name(), std::move(changes));
}

}  // namespace

std::variant<Zone, std::string> load_zone(const std::string& name)
{
    if (name.empty() || name == "UTC") {
        return Zone{};
    }
    try {
        return walk(*date::locate_zone(name));
    } catch (const std::exception&) {
        return "there is no time zone '" + name +
               "' on this machine; use a name such as America/Toronto, and install the package "
               "tzdata";
    }
}

Zone local_zone()
{
    try {
        if (const char* name = std::getenv("TZ"); name != nullptr && *name != '\0') {
            return walk(*date::locate_zone(*name == ':' ? name + 1 : name));
        }
        return walk(*date::current_zone());
    } catch (const std::exception&) {
        return Zone{};
    }
}

}  // namespace hasim::host
