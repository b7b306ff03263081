// What is seen of a world: state, events, waits, metrics.
#include <set>

#include <boost/json/parse.hpp>

#include "monitor/json_text.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"
#include "unit/monitor/watched.hpp"

using namespace hasim;
using namespace hasim::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

std::string events_of(monitor::EventFeed& feed, std::string_view kind)
{
    feed.seal();
    std::string all;
    std::uint64_t number = 0;
    while (const auto piece = feed.behind(number)) {
        all += *piece->text;
        number = piece->last;
    }
    std::string found;
    const std::string begin = "event: " + std::string(kind) + "\ndata: ";
    for (std::size_t at = all.find(begin); at != all.npos; at = all.find(begin, at + 1)) {
        const std::size_t data = at + begin.size();
        found += all.substr(data, all.find('\n', data) + 1 - data);
    }
    return found;
}

}  // namespace

TEST_CASE("JSON is written as people read numbers, and is the same JSON")
{
    const json::value value = json::parse(R"({"a":[1,-2,3.25,0.1,1e-9,120000.5,1e3],"b":{},"c":[],)"
                                          R"("d":"q\"\n<é>","e":null,"f":true})");
    const std::string text = monitor::json_text(value);
    CHECK(
        text ==
        "{\"a\":[1,-2,3.25,0.1,0,120000.5,1000],\"b\":{},\"c\":[],\"d\":\"q\\\"\\n<é>\",\"e\":null,"
        "\"f\":true}");
    CHECK(json::parse(text).at("d") == value.at("d"));
}

TEST_CASE("the state tells groups, members, appliances and what is in force on them")
{
    Watched watched;
    watched.give("hsm2 cable out", 10s);
    watched.give("member 11 slow 3", 11s);
    watched.give("member 11 pin secret-pin", 11s);
    watched.run_until(70s);
    const json::object state = watched.state.whole(kStart + 70s, 42);
    matches_golden("http/state.json", monitor::json_text(state) + "\n");
    CHECK_THAT(monitor::json_text(state), !ContainsSubstring("secret-pin"));
    watched.give("heal all", 71s);
    const std::string healed = monitor::json_text(watched.state.whole(kStart + 71s, 43));
    CHECK_THAT(healed, !ContainsSubstring("cable out") && !ContainsSubstring("slow"));
}

TEST_CASE("events tell lines, states, faults and the appliances that changed")
{
    Watched watched;
    watched.give("hsm2 cable out for 40s", 10s);
    watched.events.tell_done();
    watched.run_until(100s);
    watched.events.tell_steady(kStart + 100s);
    CHECK_THAT(events_of(watched.feed, "fault"),
               ContainsSubstring(R"({"at":10,"text":"hsm2 cable out for 40s"})") &&
                   ContainsSubstring(R"({"at":50,"text":"hsm2 cable in"})"));
    CHECK_THAT(events_of(watched.feed, "appliance"),
               ContainsSubstring(R"("faults":["cable out for 40s"])") &&
                   ContainsSubstring(R"("reachable":true)"));
    CHECK_THAT(events_of(watched.feed, "member"),
               ContainsSubstring(R"("group":"g<b>\"x","member":"12","to":"dropped"})") &&
                   ContainsSubstring(R"("member":"12","to":"active"})"));
    const std::string lines = events_of(watched.feed, "line");
    CHECK_THAT(lines, ContainsSubstring(R"("id":"HALOG_DROPMEMBER","text":"Wed Oct 4 )") &&
                          ContainsSubstring(R"("id":"HALOG_RECOVERED","attempt":1,)"));
    CHECK_THAT(events_of(watched.feed, "calls"), ContainsSubstring(R"("retried":1,"lost":0)"));
    CHECK_THAT(events_of(watched.feed, "group"), ContainsSubstring(R"("state":"serving"})"));

    const std::uint64_t before = watched.feed.last();
    watched.events.tell_steady(kStart + 100s);
    CHECK(watched.feed.last() == before);  // nothing has changed
}

TEST_CASE("killing a process tells that its groups and members have no state")
{
    Watched watched;
    watched.give("client kill", 10s);
    CHECK_THAT(events_of(watched.feed, "member"), ContainsSubstring(R"("member":"11","to":null})"));
    CHECK_THAT(events_of(watched.feed, "group"), ContainsSubstring(R"("state":null})"));
    const std::string state = monitor::json_text(watched.state.whole(kStart + 10s, 1));
    CHECK_THAT(state, ContainsSubstring(R"("serial":"99","state":null)") &&
                          ContainsSubstring(R"("role":"active","state":null)"));
}

TEST_CASE("who waits for a line gets the first that it is, now or later, and nobody else's")
{
    Watched watched;
    std::vector<std::string> found;
    const auto wait = [&](std::string_view pattern, std::uint64_t after) {
        return watched.waits.wait(
            *parse_log_pattern(pattern).pattern, after, [&](const json::object& line) {
                found.push_back(std::string(line.at("id").as_string()) + " " +
                                std::to_string(line.at("line").to_number<int>()));
            });
    };
    const auto dropped = wait("DROPMEMBER member 12", 0);
    const auto other = wait("DROPMEMBER member 11", 0);
    const auto recovered = wait("RECOVERED", 0);
    {
        const auto given_up = wait("DROPMEMBER", 0);
    }
    watched.give("hsm2 cable out for 40s", 10s);
    watched.run_until(100s);
    CHECK(found == std::vector<std::string>{"HALOG_DROPMEMBER 1", "HALOG_RECOVERED 2"});
    const auto again = wait("DROPMEMBER", 0);
    CHECK(found.back() == "HALOG_DROPMEMBER 1");
    const auto behind = wait("DROPMEMBER", 1);
    CHECK(found.size() == 3);
    watched.give("hsm2 reset", 101s);
    watched.run_until(110s);
    CHECK(found.size() == 4);
    CHECK(watched.waits.lines() == 3);
}

TEST_CASE("a line that no file took is not waited for with success")
{
    Watched watched;
    watched.give("disk full", 5s);
    bool found = false;
    const auto wait = watched.waits.wait(*parse_log_pattern("DROPMEMBER").pattern, 0,
                                         [&](const json::object&) { found = true; });
    watched.give("hsm2 cable out", 10s);
    watched.run_until(50s);
    CHECK_FALSE(found);
    CHECK(watched.waits.lines() == 0);
}

TEST_CASE("at most so many wait at once, and who left makes room")
{
    Watched watched;
    std::vector<std::shared_ptr<monitor::LineWaits::Wait>> waits;
    const auto wait = [&] {
        return watched.waits.wait(*parse_log_pattern("DROPMEMBER").pattern, 0,
                                  [](const json::object&) {});
    };
    for (std::size_t i = 0; i < monitor::LineWaits::kMostWaits; ++i) {
        waits.push_back(wait());
    }
    CHECK(waits.back() != nullptr);
    CHECK(wait() == nullptr);
    waits.pop_back();
    CHECK(wait() != nullptr);
}

TEST_CASE("metrics are in the text format, and count what happened")
{
    Watched watched;
    watched.give("hsm2 cable out for 40s", 10s);
    watched.run_until(100s);
    matches_golden("http/metrics.txt", watched.metrics.text(kStart + 100s, {3, 1}));
}

TEST_CASE("docs/http.md names every metric, and no other")
{
    const auto names_in = [](const std::string& text, std::string_view before) {
        std::set<std::string> names;
        const std::string begin = std::string(before) + "hasim_";
        for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
            const std::size_t name = at + before.size();
            names.insert(text.substr(
                name, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", name) - name));
        }
        return names;
    };
    const Watched watched;
    // One whose log counts are all known.
    const monitor::State state(*watched.world, watched.summary, {}, nullptr, [] {
        return monitor::LogCounts{1, 1, 1};
    });
    const monitor::Metrics metrics(*watched.world, watched.summary, state);
    const auto told = names_in(metrics.text(kStart, {}), "# TYPE ");
    CHECK(told.size() > 15);
    CHECK(names_in(read_file(source_dir() / "docs/http.md"), "`") == told);
}

TEST_CASE("a label of any bytes is valid JSON")
{
    const std::string label = "caf\xe9 \xff\"\x01";
    REQUIRE_THROWS(json::parse('"' + std::string("caf\xe9 \xff") + '"'));
    const std::string text = monitor::json_text(json::object{{"label", label}});
    CAPTURE(text);
    CHECK(json::parse(text).at("label").as_string().starts_with("caf"));
}
