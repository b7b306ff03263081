#include "host/zone_loader.hpp"

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include <date/tz.h>

#include "host/zone_rule.hpp"

namespace hasim::host {

namespace {

using Changes = std::vector<Zone::Change>;

const date::sys_seconds kFirst = date::sys_days(date::year(1970) / 1 / 1);
const date::sys_seconds kEnd = date::sys_days(date::year(2200) / 1 / 1);

/// Appends what `rule` says from `at` on. False when it is no rule.
bool append_rule(const std::string& rule, date::sys_seconds at, Changes& changes)
{
    const auto followed =
        follow_rule(rule, at.time_since_epoch().count(), kEnd.time_since_epoch().count());
    if (!followed) {
        return false;
    }
    for (const OffsetChange& change : *followed) {
        changes.push_back({std::chrono::sys_seconds(std::chrono::seconds(change.from)),
                           std::chrono::seconds(change.offset)});
    }
    return true;
}

/// The rule for the time after the table of a zone's file: its last line (RFC 8536, section 3.3). The library leaves it
/// out, so that summer time would end in 2037.
std::string rule_behind(const std::string& name)
{
    const char* const own = std::getenv("TZDIR");
    const std::filesystem::path folder = own != nullptr ? own : "/usr/share/zoneinfo";
    std::ifstream file(folder / name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const std::size_t last = bytes.rfind('\n');
    const std::size_t before =
        last == std::string::npos || last == 0 ? last : bytes.rfind('\n', last - 1);
    return before == std::string::npos ? "" : bytes.substr(before + 1, last - before - 1);
}

Zone walk(const date::time_zone& zone)
{
    Changes changes;
    date::sys_seconds at = kFirst;
    while (at < kEnd) {
        const date::sys_info info = zone.get_info(at);
        if ((info.end <= at || info.end >= kEnd) &&
            append_rule(rule_behind(zone.name()), at, changes)) {
            break;
        }
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
    const char* const named = std::getenv("TZ");
    try {
        if (named == nullptr || *named == '\0') {
            return walk(*date::current_zone());
        }
        return walk(*date::locate_zone(*named == ':' ? named + 1 : named));
    } catch (const std::exception&) {
        Changes changes;
        return named != nullptr && append_rule(named, kFirst, changes)
                   ? Zone(named, std::move(changes))
                   : Zone{};
    }
}

}  // namespace hasim::host
