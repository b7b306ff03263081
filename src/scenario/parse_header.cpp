// The lines of a scenario's header.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "scenario/parse.hpp"
#include "scenario/values.hpp"

namespace hasim::scenario {
namespace {

// One line of the header behind its keyword.
using ReadLine = bool (*)(Cursor& cursor, Place place, Scenario& scenario);

// Reports a line that may stand only once.
bool once(Cursor& cursor, Place place, bool absent, std::string_view keyword)
{
    return absent ||
           cursor.fail_at(place, fmt::format("a second '{}': it may stand once", keyword));
}

bool read_conf(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, std::holds_alternative<std::monostate>(scenario.conf), "conf")) {
        return false;
    }
    auto path = cursor.text("the path of a Chrystoki.conf, or '<<'");
    scenario.conf = ConfPath{path.value_or("")};
    scenario.conf_place = place;
    return path.has_value();
}

bool read_start(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, !scenario.start, "start")) {
        return false;
    }
    scenario.start = read_wall_time(cursor.peek());
    if (!scenario.start) {
        return cursor.fail("a moment in UTC, 1970 to 2199 (2017-10-04T16:29:11Z)");
    }
    cursor.advance();
    return true;
}

bool read_timezone(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, scenario.timezone.empty(), "timezone")) {
        return false;
    }
    const std::string_view name = cursor.peek();
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/_+-").find(c) != std::string_view::npos;
    });
    if (name.empty() || name.size() > 64 || name.front() == '/' || !plain) {
        return cursor.fail("the name of a time zone (UTC, America/Toronto)");
    }
    scenario.timezone = std::string(name);
    cursor.advance();
    return true;
}

bool read_client(Cursor& cursor, Place place, Scenario& scenario)
{
    const Place name_place = cursor.place();
    auto name = cursor.name("the client's name");
    if (!name) {
        return false;
    }
    if (begins_fault(*name) || *name == "client") {
        return cursor.fail_at(name_place,
                              fmt::format("'{}' is a word of the language: name the client "
                                          "otherwise",
                                          *name));
    }
    if (!cursor.expect("pid")) {
        return false;
    }
    const Place pid_place = cursor.place();
    const auto number = cursor.number("the process id", 1, UINT32_MAX);
    if (!number) {
        return false;
    }
    const Pid pid{static_cast<std::uint32_t>(*number)};
    for (const ScenarioClient& other : scenario.clients) {
        if (other.name == *name) {
            return cursor.fail_at(name_place,
                                  fmt::format("a second client '{}'; the first is in line {}",
                                              shown(*name), other.place.line));
        }
        if (other.pid == pid) {
            return cursor.fail_at(pid_place, fmt::format("client '{}' has pid {} already",
                                                         shown(other.name), pid.value));
        }
    }
    scenario.clients.push_back({place, std::move(*name), pid});
    return true;
}

bool read_seed(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, !scenario.seed, "seed")) {
        return false;
    }
    scenario.seed = cursor.number("the seed", 0, UINT64_MAX);
    return scenario.seed.has_value();
}

bool read_length(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, !scenario.length, "for")) {
        return false;
    }
    const Place value = cursor.place();
    scenario.length = cursor.duration("how long the run is");
    if (scenario.length && *scenario.length == Duration::zero()) {
        return cursor.fail_at(value, "a run must be longer than 0s");
    }
    return scenario.length.has_value();
}

bool read_load(Cursor& cursor, Place place, Scenario& scenario)
{
    if (scenario.load_none || (!scenario.loads.empty() && cursor.peek() == "none")) {
        return cursor.fail_at(place, "'load none' cannot stand beside another load");
    }
    if (cursor.accept("none")) {
        scenario.load_none = true;
        return true;
    }
    Load load;
    load.place = place;
    if (!parse_load_words(cursor, load)) {
        return false;
    }
    scenario.loads.push_back(std::move(load));
    return true;
}

bool read_place(Cursor& cursor, Place place, Scenario& scenario)
{
    Placement placement{place, {}, 1};
    const Place serial_place = cursor.place();
    const auto serial = cursor.serial();
    if (!serial || !cursor.expect("on")) {
        return false;
    }
    placement.member = *serial;
    const std::string_view word = cursor.peek();
    const auto number =
        word.substr(0, 3) == "hsm" ? read_number(word.substr(3), 100'000) : std::nullopt;
    if (!number || *number == 0) {
        return cursor.fail("an appliance (hsm1, hsm2, ...)");
    }
    placement.hsm = static_cast<std::uint32_t>(*number);
    cursor.advance();
    const auto same = [&](const Placement& other) { return other.member == placement.member; };
    if (std::any_of(scenario.placements.begin(), scenario.placements.end(), same)) {
        return cursor.fail_at(serial_place, "this partition is placed already");
    }
    scenario.placements.push_back(placement);
    return true;
}

bool read_messages(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, !scenario.messages, "messages")) {
        return false;
    }
    if (cursor.accept("6.2.2")) {
        scenario.messages = MessageSet::current;
    } else if (cursor.accept("all")) {
        scenario.messages = MessageSet::all;
    }
    return scenario.messages || cursor.fail("6.2.2 or all", {"6.2.2", "all"});
}

bool read_stamp(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, !scenario.stamp, "stamp")) {
        return false;
    }
    if (cursor.accept("note")) {
        scenario.stamp = StampStyle::note;
    } else if (cursor.accept("ctime")) {
        scenario.stamp = StampStyle::ctime;
    }
    return scenario.stamp || cursor.fail("note or ctime", {"note", "ctime"});
}

bool read_pin(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, scenario.pin.empty(), "pin")) {
        return false;
    }
    auto pin = cursor.text("the PIN of every partition");
    scenario.pin = pin.value_or("");
    return pin.has_value();
}

bool read_port(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, !scenario.port, "port")) {
        return false;
    }
    const auto port = cursor.number("the port of hsm1", 1, 65535);
    if (!port) {
        return false;
    }
    scenario.port = static_cast<std::uint16_t>(*port);
    return true;
}

bool read_live(Cursor& cursor, Place place, Scenario& scenario)
{
    if (!once(cursor, place, scenario.live_no.empty(), "live") || !cursor.expect("no")) {
        return false;
    }
    std::string reason;
    while (!cursor.at_end()) {
        auto word = cursor.text("why it cannot be played over TCP");
        if (!word) {
            return false;
        }
        reason += (reason.empty() ? "" : " ") + *word;
    }
    scenario.live_no = reason;
    return !reason.empty() || cursor.fail("why it cannot be played over TCP");
}

constexpr std::array<std::pair<std::string_view, ReadLine>, 13> kReaders{{
    {"conf", read_conf},
    {"start", read_start},
    {"timezone", read_timezone},
    {"client", read_client},
    {"seed", read_seed},
    {"for", read_length},
    {"load", read_load},
    {"place", read_place},
    {"messages", read_messages},
    {"stamp", read_stamp},
    {"pin", read_pin},
    {"port", read_port},
    {"live", read_live},
}};

// 50/s, 6/m, 1/h
bool read_rate(Cursor& cursor, Load& load)
{
    const std::string_view word = cursor.peek();
    const std::size_t slash = word.find('/');
    const auto count = read_number(word.substr(0, slash), 1'000'000);
    const std::string_view per =
        slash == std::string_view::npos ? std::string_view() : word.substr(slash + 1);
    if (!count || *count == 0 || (per != "s" && per != "m" && per != "h")) {
        return cursor.fail("a rate (50/s, 6/m or 1/h; up to 1000000)");
    }
    load.count = static_cast<std::uint32_t>(*count);
    load.per = per == "s"   ? Duration(std::chrono::seconds(1))
               : per == "m" ? Duration(std::chrono::minutes(1))
                            : Duration(std::chrono::hours(1));
    cursor.advance();
    return true;
}

}  // namespace

bool parse_load_words(Cursor& cursor, Load& load)
{
    if (!cursor.accept("sign")) {
        return cursor.fail("'sign' or 'none'", {"sign", "none"});
    }
    if (!read_rate(cursor, load)) {
        return false;
    }
    if (cursor.accept("threads")) {
        load.threads =
            static_cast<std::uint32_t>(cursor.number("how many threads", 1, 1024).value_or(1));
    }
    if (cursor.accept("group") && !parse_label(cursor, load.group)) {
        return false;
    }
    if (cursor.accept("client")) {
        load.client = cursor.name("the client's name").value_or("");
    }
    return !cursor.failed();
}

bool is_header_word(std::string_view word)
{
    return std::any_of(kReaders.begin(), kReaders.end(),
                       [word](const auto& entry) { return entry.first == word; });
}

bool parse_header(std::string_view keyword, Place place, Cursor& cursor, Scenario& scenario)
{
    for (const auto& [word, read] : kReaders) {
        if (word == keyword) {
            return read(cursor, place, scenario) && cursor.finish();
        }
    }
    return false;
}

}  // namespace hasim::scenario
