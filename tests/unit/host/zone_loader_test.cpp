// Goal: the stamps of a log are those that ctime would write. Method: moments whose local time is known from the rules
// of their zones, years after the tables end, and the C library beside ours.
#include "host/zone_loader.hpp"

#include <cstdlib>
#include <ctime>
#include <string>
#include <variant>

#include "support/catch.hpp"

using namespace hasim;
using namespace std::chrono_literals;

namespace {

std::chrono::sys_seconds noon(int year, unsigned month, unsigned day)
{
    return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                                 std::chrono::day(day)) +
           10h;
}

/// What localtime says of `at` in the zone of this process, in seconds from UTC.
std::chrono::seconds offset_of_the_c_library(std::chrono::sys_seconds at)
{
    const std::time_t time = at.time_since_epoch().count();
    std::tm local{};
    ::tzset();
    ::localtime_r(&time, &local);
    return std::chrono::seconds(local.tm_gmtoff);
}

/// $TZ for as long as it lives.
class ZoneOfProcess {
public:
    explicit ZoneOfProcess(const std::string& name) { ::setenv("TZ", name.c_str(), 1); }
    ~ZoneOfProcess()
    {
        ::unsetenv("TZ");
        ::tzset();
    }
    ZoneOfProcess(const ZoneOfProcess&) = delete;
    ZoneOfProcess& operator=(const ZoneOfProcess&) = delete;
};

}  // namespace

TEST_CASE("summer time goes on after the table of a zone's file")
{
    const auto zone = std::get<Zone>(host::load_zone("Europe/Berlin"));
    CHECK(zone.offset_at(noon(2036, 7, 1)) == 2h);
    CHECK(zone.offset_at(noon(2040, 7, 1)) == 2h);
    CHECK(zone.offset_at(noon(2040, 1, 1)) == 1h);
    CHECK(zone.offset_at(noon(2100, 3, 27)) == 1h);
    CHECK(zone.offset_at(noon(2100, 3, 28)) == 2h);
    CHECK(std::get<Zone>(host::load_zone("Asia/Tokyo")).offset_at(noon(2100, 7, 1)) == 9h);
}

TEST_CASE("TZ means what it means to ctime, name or rule")
{
    for (const std::string name :
         {"JST-9", "CET-1CEST,M3.5.0,M10.5.0/3", "America/New_York", ":Europe/Berlin",
          "<-03>3", "Australia/Sydney", "EST5EDT", "Nonsense", "America/Santiago", "UTC"}) {
        INFO(name);
        const ZoneOfProcess process(name);
        const Zone zone = host::local_zone();
        for (int year = 1975; year < 2120; year += 5) {
            for (const unsigned month : {1U, 4U, 7U, 10U}) {
                const auto at = noon(year, month, 15);
                INFO(year << "-" << month);
                CHECK(zone.offset_at(at) == offset_of_the_c_library(at));
            }
        }
    }
}
