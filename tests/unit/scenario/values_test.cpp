// Goal: single values are read in every spelling the manual names, and printed in one. Method: tables.
#include "scenario/values.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::scenario;
using namespace std::chrono_literals;

TEST_CASE("durations are read, and printed in one spelling")
{
    const std::vector<std::tuple<std::string, Duration, std::string>> table{
        {"0s", 0s, "0s"},
        {"10s", 10s, "10s"},
        {"1.5s", 1500ms, "1.5s"},
        {"250ms", 250ms, "250ms"},
        {"0.25s", 250ms, "250ms"},
        {"60s", 60s, "60s"},
        {"1m", 60s, "60s"},
        {"100s", 100s, "100s"},
        {"599.5s", 599500ms, "599.5s"},
        {"2m", 2min, "120s"},
        {"600s", 10min, "10m"},
        {"1h30m", 90min, "1h30m"},
        {"1h30m2.25s", 90min + 2250ms, "1h30m2.25s"},
        {"1d", 24h, "1d"},
        {"36h", 36h, "1d12h"},
        {"1500us", 1500us, "1500us"},
        {"1.5ms", 1500us, "1500us"},
        {"7ns", 7ns, "7ns"},
        {"1m0.5s", 60500ms, "60.5s"},
        {"1.000000001s", 1s + 1ns, "1.000000001s"},
        {"36500d", kLongestDuration, "36500d"},
    };
    for (const auto& [text, value, canonical] : table) {
        INFO(text);
        CHECK(read_duration(text) == value);
        CHECK(duration_text(value) == canonical);
        CHECK(read_duration(canonical) == value);
    }
}

TEST_CASE("what is no duration is refused")
{
    for (const char* text : {"",        "s",         "10",
                             "10 s",    "-1s",       "+1s",
                             "1,5s",    "1.s",       ".5s",
                             "1.5h30m", "30m1h",     "1h1h",
                             "10S",     "1sec",      "0.1ns",
                             "36501d",  "36500d1ns", "99999999999999999999s",
                             "1e3s",    "1.5",       "1.0000000000000000000000s",
                             "10s\n"}) {
        INFO(text);
        CHECK_FALSE(read_duration(text).has_value());
    }
}

TEST_CASE("a clock may jump back")
{
    CHECK(read_signed_duration("-1h") == Duration(-1h));
    CHECK(read_signed_duration("+90s") == Duration(90s));
    CHECK(read_signed_duration("90s") == Duration(90s));
    CHECK_FALSE(read_signed_duration("--1h").has_value());
    CHECK(duration_text(-90min) == "-1h30m");
}

TEST_CASE("numbers stop at their limit")
{
    CHECK(read_number("18446744073709551615", UINT64_MAX) == UINT64_MAX);
    CHECK_FALSE(read_number("18446744073709551616", UINT64_MAX).has_value());
    CHECK(read_number("007", 7) == 7U);
    CHECK_FALSE(read_number("8", 7).has_value());
    CHECK_FALSE(read_number("", 7).has_value());
    CHECK_FALSE(read_number("-1", 7).has_value());
}

TEST_CASE("shares, factors and rates keep their fractions")
{
    CHECK(read_percent("5%") == 50U);
    CHECK(read_percent("12.5%") == 125U);
    CHECK(read_percent("100%") == 1000U);
    CHECK_FALSE(read_percent("100.1%").has_value());
    CHECK_FALSE(read_percent("0.05%").has_value());
    CHECK_FALSE(read_percent("5").has_value());
    CHECK(percent_text(125) == "12.5%");
    CHECK(percent_text(50) == "5%");
    CHECK(read_thousandths("1.25") == 1250U);
    CHECK(read_thousandths("1000000") == 1'000'000'000U);
    CHECK_FALSE(read_thousandths("1000000.001").has_value());
    CHECK_FALSE(read_thousandths("1.").has_value());
    CHECK(thousandths_text(1250) == "1.25");
    CHECK(thousandths_text(2000) == "2");
    CHECK(read_bandwidth("800B/s") == 800U);
    CHECK(read_bandwidth("64kB/s") == 64'000U);
    CHECK_FALSE(read_bandwidth("0B/s").has_value());
    CHECK_FALSE(read_bandwidth("1GB/s").has_value());
    CHECK(bandwidth_text(2'000'000) == "2MB/s");
    CHECK(bandwidth_text(64'000) == "64kB/s");
    CHECK(bandwidth_text(1'001) == "1001B/s");
}

TEST_CASE("moments of civil time are read in one form only")
{
    const auto start = read_wall_time("2017-10-04T16:29:11Z");
    REQUIRE(start.has_value());
    CHECK(start->time_since_epoch() == 1'507'134'551s);
    CHECK(wall_time_text(*start) == "2017-10-04T16:29:11Z");
    CHECK(wall_time_text(*read_wall_time("2020-02-29T23:59:59.250Z")) == "2020-02-29T23:59:59.25Z");
    for (const char* text :
         {"2017-10-04 16:29:11Z", "2017-10-04T16:29:11", "2019-02-29T00:00:00Z",
          "2017-13-04T16:29:11Z", "2017-10-04T24:00:00Z", "2017-10-04T16:60:00Z",
          "1969-12-31T23:59:59Z", "2017-10-04T16:29:11.Z", "2017-10-04T16:29:11+01:00"}) {
        INFO(text);
        CHECK_FALSE(read_wall_time(text).has_value());
    }
}

TEST_CASE("a word needs quotes only when it could be read otherwise")
{
    CHECK(word_text("../config/Chrystoki.conf") == "../config/Chrystoki.conf");
    CHECK(word_text("user pin") == "\"user pin\"");
    CHECK(word_text("for") == "\"for\"");
    CHECK(word_text("say \"x\\y\"") == R"("say \"x\\y\"")");
}
