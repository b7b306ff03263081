// Goal: every form of `expect`, and every trigger, tells what holds from what does not.
// Method: one outage in virtual time, with an expectation that holds, or one that must not.
#include "play/play.hpp"
#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::play;
using namespace std::chrono_literals;

namespace {

Settings two_members()
{
    Settings settings;
    GroupSettings group;
    group.label = "g";
    group.serial = *Serial::parse("100");
    group.members = {*Serial::parse("11"), *Serial::parse("12")};
    settings.groups = {group};
    settings.ha.recovery_attempts = 3;
    return settings;
}

/// What does not hold when `lines` are added to a scenario in which hsm2 is gone from 10 s to 40 s.
std::vector<Broken> judged(const std::string& lines, const Tolerance& tolerance = {})
{
    ScenarioResult parsed =
        parse_scenario("test.hasim",
                       "hasim 1\nstart 2017-10-04T00:00:00Z\nclient app pid 9\nfor 100s\n"
                       "load sign 10/s threads 1\nat 10s hsm2 cable out\nat 40s hsm2 cable in\n" +
                           lines);
    for (const Finding& finding : parsed.findings) {
        FAIL(to_text(finding));
    }
    PlayOptions options;
    options.settings = two_members();
    options.scenario = std::move(parsed.scenario);
    options.start = *options.scenario.start;
    VirtualPlay play(options);
    play.run_until(kStart + 100s);
    return play.play().runner().judge(tolerance);
}

}  // namespace

TEST_CASE("expectations that hold are silent")
{
    const auto line = GENERATE(
        as<std::string>{}, "expect 30s..31s DROPMEMBER member 12",
        "expect RECOVERED group g attempt 1", "expect no LOGINFAILED",
        "expect 0s..20s no DROPMEMBER", "expect at least 1 DROPMEMBER client app",
        "expect ops lost 0", "expect ops done at least 100", "expect ops retried 1",
        "expect stall below 21s", "expect state active member 12",
        "expect state dropped member 12 at 35s", "expect state active member 12 at 5s",
        "expect 1 DROPMEMBER", "expect at most 1 DROPMEMBER", "expect at most 9 LOGINFAILED",
        "expect 0s..35s 1 DROPMEMBER", "expect 0s..9s ops lost 0", "expect 0s..9s ops retried 0",
        "expect 29s..31s ops retried 1", "expect 1s..2s ops done at most 12",
        "expect 1s..2s ops done at least 9", "expect group g state serving",
        "expect group g state serving at 35s");
    CAPTURE(line);
    for (const Broken& broken : judged(line + "\n")) {
        FAIL(broken.text);
    }
}

TEST_CASE("expectations that do not hold say what came instead")
{
    using Row = std::pair<std::string, std::string>;
    const auto row = GENERATE(
        as<Row>{},
        Row{"expect 0s..5s DROPMEMBER member 12",
            "expected exactly one such line, and 0 came; it came at 30"},
        Row{"expect 59s..60s RECOVERED member 12",
            "expected exactly one such line, and 0 came; it came at 60.000"},
        Row{"expect no DROPMEMBER", "expected no such line, and 1 came"},
        Row{"expect at least 2 DROPMEMBER", "expected at least 2 such lines, and 1 came"},
        Row{"expect 2 DROPMEMBER", "expected exactly 2 such lines, and 1 came"},
        Row{"expect 50s..60s at least 1 DROPMEMBER member 12",
            "expected at least 1 such line, and 0 came; it came at 30"},
        Row{"expect 0s..31s ops retried 0", "expected 0, and there were 1"},
        Row{"expect 31s..32s ops retried 1", "expected 1, and there were 0"},
        Row{"expect 1s..2s ops done at most 2", "expected at most 2, and there were 1"},
        Row{"expect 12s..29s ops done at least 1", "expected at least 1, and there were 0"},
        Row{"expect group g state latched", "it is serving"},
        Row{"expect group g state finalized at 35s", "it is serving"},
        Row{"expect ops lost 5", "expected 5, and there were 0"},
        Row{"expect ops retried at least 2", "expected at least 2, and there were 1"},
        Row{"expect stall below 1s", "the longest call took 20"},
        Row{"expect state dropped member 12", "it is active"},
        Row{"expect state active member 12 at 35s", "it is dropped"},
        Row{"expect state active member 77", "no process has it as a member"});
    CAPTURE(row.first);
    const auto broken = judged(row.first + "\n");
    REQUIRE(broken.size() == 1);
    CHECK_THAT(broken.front().text,
               StartsWith("`expect ") && ContainsSubstring("`: " + row.second));
    CHECK(broken.front().place.line == 8);
}

TEST_CASE("what does not hold comes with the log around its time")
{
    const auto broken = judged("expect 41s..45s DROPMEMBER member 12\n");
    REQUIRE(broken.size() == 1);
    CHECK_THAT(broken.front().log, ContainsSubstring("has dropped member: 12\n") &&
                                       ContainsSubstring("succeeded for member: 12\n"));
    CHECK(judged("expect 2 DROPMEMBER\n").front().log.empty());  // the whole run is no time
}

TEST_CASE("of the lines that came instead, the nearest in time are told first")
{
    const auto broken = judged(
        "every 1s from 50s until 59s hsm1 reset\n"
        "expect 55s..56s DROPMEMBER member 12\n");
    REQUIRE(broken.size() == 1);
    CHECK_THAT(broken.front().text, ContainsSubstring("it came at 30") &&
                                        ContainsSubstring("DROPMEMBER came at 5") &&
                                        ContainsSubstring("member 11"));
}

TEST_CASE("a group that lost all its members is latched, in every client")
{
    const std::string lost = "at 50s hsm1..hsm2 cable out\n";
    CHECK(judged(lost + "expect group g state latched\n").empty());
    CHECK(judged(lost + "expect group g state serving at 49s\n").empty());
    CHECK(judged("at 60s client app kill\nexpect group g state finalized at 61s\n").empty());
    CHECK(judged("at 60s client app kill\nexpect group g state serving at 61s\n").front().text ==
          "`expect group \"g\" state serving at 61s`: it is finalized");
}

TEST_CASE("the log block is compared to the byte, or over TCP by the texts of each story")
{
    const std::string drop = " : [9] HA group: 100 has dropped member: 12\n";
    const std::string back = " : [9] HA group: 100 recovery attempt 1 succeeded for member: 12\n";
    const auto block = [](const std::string& lines) { return "log <<\n" + lines + ">>\n"; };
    const std::string right = "Wed Oct 4 00:00:30 2017" + drop + "Wed Oct 4 00:01:00 2017" + back;
    const std::string other_second =
        "Wed Oct 4 00:00:31 2017" + drop + "Wed Oct 4 00:01:00 2017" + back;
    const std::string other_order =
        "Wed Oct 4 00:01:00 2017" + back + "Wed Oct 4 00:00:30 2017" + drop;
    const Tolerance live{250ms, true};
    CHECK(judged(block(right)).empty());
    CHECK(judged(block(right), live).empty());
    CHECK(judged(block(other_second)).size() == 1);
    CHECK(judged(block(other_second), live).empty());
    CHECK(judged(block(other_order), live).size() == 1);
    CHECK_THAT(judged(block("")).front().text, StartsWith("line 1 of the log should be missing"));
}

TEST_CASE("a miss names the lines that came nearest, and in what they differ")
{
    const auto told = [](const std::string& expectation) {
        const auto broken = judged(expectation + "\n");
        return broken.empty() ? std::string() : broken.front().text;
    };
    CHECK_THAT(told("expect DROPMEMBER member 11"),
               ContainsSubstring("DROPMEMBER came at 30s: member 12"));
    CHECK_THAT(told("expect RECOVERED attempt 2"),
               ContainsSubstring("RECOVERED came at 60s: attempt 1"));
    CHECK_THAT(told("expect LOGINFAILED member 12"),
               ContainsSubstring("DROPMEMBER came at 30s: the same member, another message"));
    CHECK_THAT(told("expect LOGINFAILED member 11"), !ContainsSubstring("came at"));
}

TEST_CASE(
    "over TCP an expectation that cannot fail at this speed is an error, and says at which it can")
{
    const auto told = [](const std::string& expectation, Duration slack) {
        const auto broken = judged(expectation + "\n", Tolerance{slack, true, 60});
        return broken.empty() ? std::string() : broken.front().text;
    };
    // The drop is at 30 s.
    CHECK_THAT(
        told("expect 25s..35s no DROPMEMBER", 15s),
        ContainsSubstring("cannot fail at this speed") && ContainsSubstring("--speed 20 or less"));
    CHECK_THAT(told("expect 25s..35s no DROPMEMBER", 4s),
               ContainsSubstring("expected no such line"));
    CHECK_THAT(told("expect 0s..35s no DROPMEMBER", 4s),
               ContainsSubstring("expected no such line"));
    CHECK_THAT(told("expect stall below 5s", 96s), ContainsSubstring("cannot fail at this speed"));
    CHECK_THAT(told("expect state active member 12 at 35s", 70s),
               ContainsSubstring("cannot fail at this speed"));
    CHECK(told("expect 30s..31s DROPMEMBER", 90s).empty());  // it can: there may be two, or none
}

TEST_CASE("over TCP ranges are a little wider, and `no` a little narrower")
{
    const Tolerance live{1s, true};
    CHECK(judged("expect 31s..32s DROPMEMBER\n").size() == 1);
    CHECK(judged("expect 31s..32s DROPMEMBER\n", live).empty());
    CHECK(judged("expect 31s..40s no DROPMEMBER\n", live).empty());
}

TEST_CASE("triggers fire when their condition comes true")
{
    SECTION("on log")
    {
        CHECK(judged("on log DROPMEMBER member 12 all heal all\nexpect ops lost 0\n").empty());
        CHECK(
            judged("on log RECOVERED member 12 after 1s member 11 return CKR_DEVICE_ERROR times 2\n"
                   "expect ops lost 2\n")
                .empty());
    }
    SECTION("on state")
    {
        CHECK(
            judged("on state dropped member 12 after 2s member 11 return CKR_DEVICE_ERROR times 1\n"
                   "expect ops lost 1\n")
                .empty());
    }
    SECTION("on nth")
    {
        CHECK(judged("on nth sign 5 member 11 return CKR_DEVICE_ERROR times 1\nexpect ops lost 1\n")
                  .empty());
    }
    SECTION("every")
    {
        CHECK(judged("every 20s from 50s times 2 member 11 return CKR_DEVICE_ERROR times 1\nexpect "
                     "ops lost 2\n")
                  .empty());
    }
}

TEST_CASE("an on ... each that feeds itself ends, and says which line it was")
{
    const auto broken = judged("on nth sign 1 each client sign 2\n");
    REQUIRE(broken.size() == 1);
    CHECK(broken.front().place.line == 8);
    CHECK_THAT(broken.front().text, ContainsSubstring("this 'on' fired 100000 times"));
}

TEST_CASE("an on ... each that does not feed itself never meets that bound")
{
    CHECK(judged("on nth sign 1 each hsm1 heal\n").empty());
}

TEST_CASE("a run that nobody judges keeps no line, and its triggers and counts go on")
{
    ScenarioResult parsed =
        parse_scenario("t",
                       "hasim 1\nstart 2017-10-04T00:00:00Z\nclient app pid 9\nfor 100s\n"
                       "load sign 10/s threads 1\nat 10s hsm2 cable out\n"
                       "on log DROPMEMBER member 12 member 11 return CKR_DEVICE_ERROR times 1\n");
    REQUIRE(parsed.ok());
    for (const bool keeps : {true, false}) {
        PlayOptions options;
        options.settings = two_members();
        options.scenario = parsed.scenario;
        options.start = *options.scenario.start;
        VirtualPlay play(options);
        if (!keeps) {
            play.play().runner().keep_nothing();
        }
        play.run_until(kStart + 100s);
        CHECK(play.play().runner().lines().empty() == !keeps);
        CHECK(play.play().runner().operations().lost == 1);
    }
}

TEST_CASE("what cannot be done before the start is an error, as later")
{
    PlayOptions options;
    options.settings = two_members();
    options.scenario =
        parse_scenario("t", "hasim 1\nfor 5s\nat 0s add member 11\nexpect no DROPMEMBER\n")
            .scenario;
    VirtualPlay play(options);
    play.run_until(kStart + 5s);
    const auto broken = play.play().runner().judge({});
    REQUIRE(broken.size() == 1);
    CHECK(broken.front().text == "11 is a member of group g already");
    CHECK(broken.front().place.line == 3);
}
