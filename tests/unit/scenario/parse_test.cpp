// Goal: every form of the language is read as the value it stands for, and canonical text survives being read and
// printed. Method: texts spelt out by hand.
#include <string>
#include <string_view>
#include <vector>

#include "hasim/scenario.hpp"

#include "messages.hpp"

#include "support/catch.hpp"

using namespace hasim;
using hasim::test::messages;
using namespace std::chrono_literals;

namespace {

Scenario read(std::string_view text)
{
    const ScenarioResult result = parse_scenario("t.hasim", text);
    INFO(messages(result.findings));
    CHECK(result.findings.empty());
    return result.scenario;
}

Event event(std::string_view line)
{
    const EventResult result = parse_event_line(line);
    INFO(messages(result.findings));
    REQUIRE(result.event.has_value());
    return *result.event;
}

}  // namespace

TEST_CASE("a canonical scenario is printed as it was read")
{
    constexpr std::string_view kText = R"(# A cable is pulled, and put back half a minute later.
#
# Covers: HALOG_DROPMEMBER, HALOG_RECOVERED.
hasim 1
conf      Chrystoki.conf
start     2017-10-04T16:29:11Z
timezone  UTC
client    app pid 17469
client    batch pid 17470
seed      42
for       100s
load      sign 50/s threads 4 client app
load      sign 6/m group "haGroup1" client batch
place     1234924189183 on hsm2
messages  all
stamp     ctime
pin       "user pin"
port      11792
live      no the clock jumps

# The story begins.
at 10s    hsm2  cable out  # pulled
at 40s    hsm2  cable in
every 10s +-2s from 5s until 60s  any  reset
every 20s times 3  hsm1..hsm3  delay 200ms jitter 50ms for 5s
on nth sign 100  member 1234924189183  return 0xc0001234 times 3
on log DROPMEMBER group "haGroup1" member 1234924189183 client app after 1.5s each  heal all
on state lost member 1234924189183  client batch  login "other pin"

expect 30s..31s  DROPMEMBER member 1234924189183 client app
expect 0s..5s  no RECOVERED
expect at least 2 RECOVERYFAILED attempt 1
expect no RECOVERYEXHAUSTED
expect ops lost 0
expect ops done at least 1000
expect stall below 25s
# It is back.
expect state active member 1234924189183
expect state dropped member 1234924189183 at 45s
)";
    CHECK(print(read(kText)) == kText);
}

TEST_CASE("an inline configuration and a log block are kept verbatim")
{
    constexpr std::string_view kText = R"(hasim 1
conf      <<
VirtualToken = {
   VirtualToken00Label = haGroup1; # kept

}
>>
start     2017-10-04T16:29:11Z
for       100s

at 10s    hsm2  cable out

log <<
Wed Oct 4 16:29:41 2017 : [17469] HA group: 11234840370164 has dropped member: 1234924189183
>>
)";
    const Scenario scenario = read(kText);
    CHECK(std::get<ConfText>(scenario.conf).text ==
          "VirtualToken = {\n   VirtualToken00Label = haGroup1; # kept\n\n}\n");
    REQUIRE(scenario.log.has_value());
    CHECK(scenario.log->lines.size() == 1);
    CHECK(scenario.log->place.line == 13);
    CHECK(scenario.log->end_line == 15);
    CHECK(print(scenario) == kText);
}

TEST_CASE("blanks, tabs, line ends, a byte-order mark and the other plus-minus sign do not matter")
{
    const Scenario scenario = read(
        "\xef\xbb\xbfhasim\t1\r\n for   60s # beside\r\n\r\nevery 10s \xc2\xb1"
        "2s  hsm1   reset\r\nevery 10s +- 2s hsm1 reset");
    CHECK(scenario.length == Duration(60s));
    REQUIRE(scenario.events.size() == 2);
    CHECK(scenario.events[0] == scenario.events[1]);
    CHECK(scenario.events[0].place.line == 4);
    CHECK(scenario.events[0].place.column == 1);
    CHECK(print(scenario) ==
          "hasim 1\nfor       60s\n\nevery 10s +-2s  hsm1  reset\n"
          "every 10s +-2s  hsm1  reset\n");
}

TEST_CASE("the header's values are those written")
{
    const Scenario scenario = read(
        "hasim 1\nconf \"my conf\"\nclient app pid 17469\nload sign 50/s threads 4\n"
        "pin p\nlive no because of \"it\"\n");
    CHECK(std::get<ConfPath>(scenario.conf).path == "my conf");
    REQUIRE(scenario.clients.size() == 1);
    CHECK(scenario.clients[0].pid.value == 17469);
    REQUIRE(scenario.loads.size() == 1);
    CHECK(scenario.loads[0].count == 50);
    CHECK(scenario.loads[0].per == Duration(1s));
    CHECK(scenario.loads[0].threads == 4);
    CHECK(scenario.live_no == "because of it");
    CHECK(read("hasim 1\nload none\n").load_none);
}

TEST_CASE("every trigger is read")
{
    CHECK(event("hsm2 cable out").trigger == Trigger(Now{}));
    CHECK(event("at 1m30s hsm2 cable out").trigger == Trigger(At{kStart + 90s}));
    CHECK(event("every 10s +-2s from 5s until 60s hsm1 reset").trigger ==
          Trigger(Every{10s, 2s, kStart + 5s, kStart + 60s, 0}));
    CHECK(event("every 10s times 3 hsm1 reset").trigger == Trigger(Every{10s, 0s, {}, {}, 3}));
    CHECK(event("on nth sign 100 hsm1 reset").trigger ==
          Trigger(On{NthOperation{Operation::sign, 100}, 0s, false}));
    CHECK(event("on state lost member 77 after 2s each hsm1 reset").trigger ==
          Trigger(On{StateReached{MemberState::lost, *Serial::parse("77")}, 2s, true}));
    const Event on_log =
        event("on log halog_renablemember group L member 7 client a each hsm1 reset");
    CHECK(on_log.trigger ==
          Trigger(On{LogPattern{LogForm::reenable_member, "L", *Serial::parse("7"), 0, "a"}, 0s,
                     true}));
}

TEST_CASE("every target is read")
{
    CHECK(event("hsm2 reset").target == Target{Target::Kind::hsm, 2, 2, {}, {}});
    CHECK(event("hsm2..hsm4 reset").target == Target{Target::Kind::hsm, 2, 4, {}, {}});
    CHECK(event("appliance luna-1.example.com reset").target ==
          Target{Target::Kind::appliance, 0, 0, {}, "luna-1.example.com"});
    CHECK(event("member 0012 revoke").target ==
          Target{Target::Kind::member, 0, 0, *Serial::parse("0012"), {}});
    CHECK(event("group \"my group\" recover").target ==
          Target{Target::Kind::group, 0, 0, {}, "my group"});
    CHECK(event("client sign 5").target == Target{Target::Kind::client, 0, 0, {}, {}});
    CHECK(event("client app sign 5").target == Target{Target::Kind::client, 0, 0, {}, "app"});
    CHECK(event("any reset").target.kind == Target::Kind::any);
    CHECK(event("all heal").target.kind == Target::Kind::all);
    CHECK(event("disk full").target == Target{});
    CHECK(event("client disk full").target == Target{});
}

TEST_CASE("what stands directly before a fault is its target, not part of the pattern")
{
    const auto pattern = [](const Event& event) {
        return std::get<LogPattern>(std::get<On>(event.trigger).condition);
    };
    const Event target = event("on log DROPMEMBER member 7 revoke");
    CHECK(pattern(target).member.empty());
    CHECK(target.target.kind == Target::Kind::member);
    const Event both = event("on log DROPMEMBER member 7 member 8 revoke");
    CHECK(pattern(both).member.text() == "7");
    CHECK(both.target.serial.text() == "8");
    const Event client = event("on log DROPMEMBER client sign 5");
    CHECK(pattern(client).client.empty());
    CHECK(client.target.kind == Target::Kind::client);
    CHECK(print_event(event("on log DROPMEMBER member 7 all disk full")) ==
          "on log DROPMEMBER member 7  all  disk full");
    CHECK(print_event(event("on log DROPMEMBER member 7 after 1s disk full")) ==
          "on log DROPMEMBER member 7 after 1s  disk full");
}

TEST_CASE("the client's verbs are read")
{
    CHECK(event("client app initialize").fault.kind == FaultKind::initialize);
    CHECK(event("client finalize").fault.kind == FaultKind::finalize);
    CHECK(event("client app login").fault.text.empty());
    CHECK(event("client app login \"for\"").fault.text == "for");
    CHECK(event("client app logout").fault.kind == FaultKind::logout);
    CHECK(event("client app sign").fault.count == 1);
    CHECK(event("client app sign 20").fault.count == 20);
    CHECK(event("client app kill").fault.kind == FaultKind::kill);
    CHECK(event("client app restart").fault.count == 0);
    CHECK(event("client app restart pid 18000").fault.count == 18000);
}

TEST_CASE("a load is read by itself, as the command line has it")
{
    const LoadResult load = parse_load("sign 10/s threads 2");
    REQUIRE(load.load.has_value());
    CHECK(load.load->count == 10);
    CHECK(load.load->threads == 2);
    const LoadResult none = parse_load("none");
    CHECK_FALSE(none.load.has_value());
    CHECK(none.findings.empty());
    CHECK(parse_load("sing 10/s").findings.size() == 1);
    CHECK(parse_load("sign").findings.size() == 1);
}

TEST_CASE("a line for a running world is one line")
{
    CHECK(print_event(event("  hsm2   cable out  for 1m")) == "hsm2  cable out for 60s");
    for (const char* text :
         {"", "   ", "# only a comment", "hsm2", "hsm2 cable out\nhsm3 cable out",
          "hsm2 cable out now", "expect DROPMEMBER", "hsm2 cable out for"}) {
        INFO(text);
        const EventResult result = parse_event_line(text);
        CHECK_FALSE(result.event.has_value());
        CHECK(result.findings.size() == 1);
    }
}

TEST_CASE("a run ends after `for`, else with the last moment that is named")
{
    CHECK(end_of(read("hasim 1\nfor 90s\nat 10s hsm1 reset\n")) == kStart + 90s);
    CHECK(end_of(read("hasim 1\nat 10s hsm1 cable out for 30s\n")) == kStart + 40s);
    CHECK(end_of(read("hasim 1\nevery 10s from 5s times 3 hsm1 reset\n")) == kStart + 25s);
    CHECK(end_of(read("hasim 1\nat 10s hsm1 reset\nexpect 30s..31s no RECOVERED\n")) ==
          kStart + 31s);
}

TEST_CASE("a log block is replaced, and everything else is left as it was")
{
    const std::string text = "hasim 1  # odd   spacing\n\nfor 5s\nlog <<\nold\n>>\n# the end";
    const ScenarioResult result = parse_scenario("t.hasim", text);
    CHECK(with_log(text, result.scenario, {"new 1", "new 2"}) ==
          "hasim 1  # odd   spacing\n\nfor 5s\nlog <<\nnew 1\nnew 2\n>>\n# the end");
    const std::string bare = "hasim 1\nfor 5s";
    CHECK(with_log(bare, read(bare), {"a"}) == "hasim 1\nfor 5s\nlog <<\na\n>>\n");
}

TEST_CASE("a flap has a period that the world can follow, and an end that can be reached")
{
    const EventResult tiny = parse_event_line("all flap cable period 1ns duty 50%");
    REQUIRE_FALSE(tiny.event);
    CHECK_THAT(tiny.findings.front().text, ContainsSubstring("at least 1ms"));
    CHECK(parse_event_line("all flap cable period 1ms duty 50%").event);
}
