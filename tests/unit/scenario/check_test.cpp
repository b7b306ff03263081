// Goal: bad scenarios get an error with its place, all of a file's at once, and never a hang. Method: small broken
// texts with the one finding they must give; one large broken file as a golden.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hasim/scenario.hpp"

#include "messages.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"

using namespace hasim;
using hasim::test::messages;
using namespace std::chrono_literals;

namespace {

std::string findings_of(const std::string& body)
{
    return messages(parse_scenario("t", "hasim 1\n" + body).findings);
}

const std::string kDrop =
    "Wed Oct 4 16:29:41 2017 : [17469] HA group: 11234840370164 has dropped member: "
    "1234924189183\n";

std::string with_block(const std::string& body)
{
    return findings_of("start 2017-10-04T16:29:11Z\nclient app pid 17469\n" + body + "log <<\n" +
                       kDrop + ">>\n");
}

Settings two_members()
{
    Settings settings;
    settings.groups.push_back({"haGroup1",
                               *Serial::parse("11234840370164"),
                               {*Serial::parse("1234840370164"), *Serial::parse("1234924189183")},
                               {*Serial::parse("77")},
                               true,
                               0});
    settings.servers = {{"luna1.example.com", 1792}, {"luna2.example.com", 1792}};
    settings.ha.recovery_attempts = 3;
    return settings;
}

}  // namespace

TEST_CASE("what could run for ever is refused unless the header bounds it")
{
    CHECK(findings_of("every 10s hsm1 reset\n") ==
          "t:2:1: error: this 'every' never ends: add 'until T' or 'times N', or bound the run "
          "with a 'for D' line "
          "in the header\n");
    CHECK(findings_of("for 1h\nevery 10s hsm1 reset\n").empty());
    CHECK(findings_of("every 10s until 60s hsm1 reset\n").empty());
    CHECK(findings_of("for 100d\nevery 1ns hsm1 reset\n") ==
          "t:3:1: error: this 'every' fires more than 10000000 times\n");
    CHECK(findings_of("every 10s from 30s until 20s hsm1 reset\n") ==
          "t:2:1: error: until 20s comes before the first firing at 30s\n");
}

TEST_CASE("times that go back are an error at the line that does it")
{
    CHECK(findings_of("at 40s hsm2 cable in\nat 10s hsm2 cable out\nat 41s hsm2 reset\n") ==
          "t:3:1: error: time goes back: 10s comes after 40s in line 2\n");
    CHECK(findings_of("at 40s hsm2 cable in\nat 40s hsm1 reset\n").empty());
    CHECK(findings_of("expect 31s..30s DROPMEMBER\n") ==
          "t:2:8: error: the range 31s..30s ends before it begins\n");
    CHECK(findings_of("for 30s\nat 40s hsm2 cable in\n") ==
          "t:3:1: warning: 40s is after the end of the run (for 30s)\n");
}

TEST_CASE("a block without its end is an error at its beginning")
{
    CHECK(findings_of("log <<\nsome line\n >>\n") ==
          "t:2:1: error: 'log <<' without its end: a line that is exactly '>>'\n"
          "t:3:1: error: no line of the HA log looks like this: it can never be written\n"
          "t:4:1: error: no line of the HA log looks like this: it can never be written\n");
    CHECK(findings_of("conf <<\nVirtualToken = {\n") ==
          "t:2:1: error: 'conf <<' without its end: a line that is exactly '>>'\n");
}

TEST_CASE("expectations that contradict each other are errors")
{
    CHECK(findings_of("expect 30s..31s DROPMEMBER member 7\nexpect no DROPMEMBER\n") ==
          "t:3:1: error: contradicts line 2: there may be no DROPMEMBER in this range\n");
    CHECK(findings_of("expect DROPMEMBER member 7\nexpect at least 2 DROPMEMBER member 7\n") ==
          "t:2:1: error: contradicts line 3: there may be only one DROPMEMBER in this range\n");
    CHECK(findings_of("expect 1s..2s RECOVERED\nexpect 3s..4s RECOVERED\nexpect RECOVERED\n") ==
          "t:4:1: error: contradicts line 3: there may be only one RECOVERED in this range\n");
    CHECK(findings_of("expect 1s..3s RECOVERED\nexpect 3s..4s RECOVERED\nexpect RECOVERED\n")
              .empty());
    CHECK(findings_of("expect 30s..31s DROPMEMBER member 7\nexpect no DROPMEMBER member 8\n")
              .empty());
    CHECK(findings_of("expect 30s..31s DROPMEMBER member 7\nexpect 32s..40s no DROPMEMBER\n")
              .empty());
    CHECK(findings_of("expect ops lost 0\nexpect ops lost at least 1\n") ==
          "t:3:1: error: contradicts line 2\n");
    CHECK(findings_of("expect ops lost at least 1\nexpect ops lost 4\n").empty());
    CHECK(findings_of("expect state active member 7\nexpect state dropped member 7\n") ==
          "t:3:1: error: contradicts line 2: 7 cannot be active and dropped at once\n");
    CHECK(findings_of("for 20s\nexpect 30s..31s DROPMEMBER\n") ==
          "t:3:1: error: this can never hold: the run ends at 20s\n");
    CHECK(findings_of("expect UNRECOVERABLE\n") ==
          "t:2:1: error: UNRECOVERABLE is written only with 'messages all' in the header\n");
    CHECK(findings_of("messages all\nexpect UNRECOVERABLE\n").empty());
}

TEST_CASE("the log block is held against the expectations")
{
    CHECK(with_block("expect 30s..31s DROPMEMBER member 1234924189183\n").empty());
    CHECK(with_block("expect 30.5s..30.6s DROPMEMBER member 1234924189183 client app\n").empty());
    CHECK(with_block("expect no RECOVERED\n").empty());
    CHECK(with_block("expect DROPMEMBER member 7\n") ==
          "t:4:1: error: contradicts the log block in line 5\n");
    CHECK(with_block("expect 10s..29s DROPMEMBER\n") ==
          "t:4:1: error: contradicts the log block in line 5\n");
    CHECK(with_block("expect 30s..31s no DROPMEMBER\n") ==
          "t:4:1: error: contradicts the log block in line 5\n");
    CHECK(with_block("expect RECOVERED\n") ==
          "t:4:1: error: contradicts the log block in line 5\n");
    CHECK(with_block("expect at least 2 DROPMEMBER\n") ==
          "t:4:1: error: contradicts the log block in line 5\n");
    // Not to be told without a run: another time zone, a clock that jumps, a disk that is full.
    CHECK(findings_of("start 2017-10-04T16:29:11Z\ntimezone America/Toronto\nexpect 10s..11s "
                      "DROPMEMBER\nlog <<\n" +
                      kDrop + ">>\n")
              .empty());
    CHECK(with_block("at 1s clock jump 1h\nexpect 10s..11s DROPMEMBER\n").empty());
    CHECK(with_block("at 1s disk full\nexpect RECOVERED\n").empty());
}

TEST_CASE("names that the header does not give are errors")
{
    CHECK(findings_of("client app pid 1\nat 0s client ap sign 1\n") ==
          "t:3:1: error: no client is called 'ap'; did you mean 'app'?\n");
    CHECK(findings_of("client app pid 1\nclient app pid 2\n") ==
          "t:3:8: error: a second client 'app'; the first is in line 2\n");
    CHECK(findings_of("client app pid 1\nclient b pid 1\n") ==
          "t:3:14: error: client 'app' has pid 1 already\n");
    CHECK(findings_of("client sign pid 1\n") ==
          "t:2:8: error: 'sign' is a word of the language: name the client otherwise\n");
}

TEST_CASE("what the configuration does not have is an error in a second pass")
{
    const auto checked = [](const std::string& body) {
        const ScenarioResult result = parse_scenario("t", "hasim 1\n" + body);
        CHECK(messages(result.findings).empty());
        return messages(check(result.scenario, two_members(), "t"));
    };
    CHECK(checked("at 0s hsm2 reset\nat 1s member 77 revoke\nat 2s group \"haGroup1\" recover\n"
                  "at 3s appliance luna1.example.com reset\nexpect no RECOVERED attempt 3\n")
              .empty());
    CHECK(checked("at 0s hsm1..hsm3 reset\n") ==
          "t:2:1: error: there is no hsm3: the configuration has 2 appliances\n");
    CHECK(checked("at 0s appliance luna3.example.com reset\n") ==
          "t:2:1: error: appliance 'luna3.example.com' is not in the configuration; did you mean "
          "'luna1.example.com'?\n");
    CHECK(checked("at 0s member 1234924189138 revoke\n") ==
          "t:2:1: error: member '1234924189138' is not in the configuration; did you mean "
          "'1234924189183'?\n");
    CHECK(checked("at 0s group haGroup2 recover\n") ==
          "t:2:1: error: group 'haGroup2' is not in the configuration; did you mean 'haGroup1'?\n");
    CHECK(checked("at 0s add member 78\nexpect NEWMEMBER member 78\n").empty());
    CHECK(checked("expect RECOVERYFAILED attempt 4\n") ==
          "t:2:1: warning: there is no attempt 4: reconnAtt is 3\n");
    CHECK(checked("place 99 on hsm1\nload sign 1/s group \"x\"\nexpect state active member 98\n")
              .size() > 100);
}

TEST_CASE("files that are no scenarios get one clear error")
{
    CHECK(messages(parse_scenario("t", "").findings) ==
          "t:1:1: error: an empty scenario; it begins with 'hasim 1'\n");
    CHECK(messages(parse_scenario("t", "\n# nothing\n").findings) ==
          "t:1:1: error: an empty scenario; it begins with 'hasim 1'\n");
    CHECK(messages(parse_scenario("t", "hasim 2\n").findings) ==
          "t:1:7: error: version 2 of the language is not known; this is version 1\n");
    CHECK(messages(parse_scenario("t", "for 10s\n").findings) ==
          "t:1:1: error: expected 'hasim 1' as the first line, found 'for'\n");
    CHECK(messages(parse_scenario("t", std::string(10'000'000, 'x')).findings) ==
          "t: error: 10000000 bytes; a scenario has at most 1048576\n");
    CHECK(messages(parse_scenario("t", "hasim 1\nfor \0 10s\n").findings) ==
          "t:2:4: error: expected how long the run is (a duration: 10s, 1.5s, 250ms, 1h30m), found "
          "the end of the "
          "line\n");
    CHECK(messages(parse_scenario("t", std::string("hasim 1\nfor \0 10s\n", 17)).findings) ==
          "t:2:5: error: control character 0x00; a scenario is plain text\n");
    CHECK(messages(parse_scenario("t", "hasim 1\n" + std::string(5000, ' ') + "\n").findings) ==
          "t:2:4097: error: a line has at most 4096 bytes\n");
}

TEST_CASE("limits hold: findings, lines, events and expectations")
{
    std::string text = "hasim 1\n";
    for (int i = 0; i < 1000; ++i) {
        text += "at nonsense\n";
    }
    const auto findings = parse_scenario("t", text).findings;
    CHECK(findings.size() == kMaxScenarioFindings + 1);
    CHECK(findings.back().text == "too many errors; the others are not shown");

    CHECK(messages(parse_scenario("t", "hasim 1\n" + std::string(30'000, '\n')).findings) ==
          "t:20001:1: error: a scenario has at most 20000 lines\n");

    std::string many = "hasim 1\n";
    for (int i = 0; i < 6000; ++i) {
        many += "at 1s hsm1 reset\n";
    }
    const ScenarioResult result = parse_scenario("t", many);
    CHECK(result.scenario.events.size() == kMaxScenarioEvents);
    CHECK(messages(result.findings) == "t:5002:1: error: a scenario has at most 5000 events\n");
}

TEST_CASE("a file of many expectations is checked in no time")
{
    std::string text = "hasim 1\n";
    for (std::size_t i = 0; i < kMaxExpectations; ++i) {
        text += "expect no DROPMEMBER\n";
    }
    CHECK(parse_scenario("t", text).ok());
}

TEST_CASE("all errors of a file are told at once, each with its place")
{
    const std::string text =
        test::read_file(test::source_dir() / "tests" / "golden" / "broken.hasim");
    test::matches_golden("broken.hasim.txt",
                         messages(parse_scenario("broken.hasim", text).findings));
}

TEST_CASE("amounts are read, and contradictions between them told")
{
    CHECK(findings_of("expect 2 DROPMEMBER\nexpect at most 1 DROPMEMBER\n") ==
          "t:3:1: error: contradicts line 2: there may be only one DROPMEMBER in this range\n");
    CHECK(findings_of("expect 2 DROPMEMBER\nexpect 0s..5s 3 DROPMEMBER\n") ==
          "t:2:1: error: contradicts line 3: there may be only 2 DROPMEMBER in this range\n");
    CHECK(findings_of("expect at most 3 DROPMEMBER\nexpect 0s..5s 3 DROPMEMBER\n").empty());
    CHECK(findings_of("expect 0 DROPMEMBER\n") ==
          "t:2:8: error: none is written 'no', as in 'expect no DROPMEMBER'\n");
    CHECK(findings_of("expect ops lost 3\nexpect ops lost at most 2\n") ==
          "t:3:1: error: contradicts line 2\n");
    CHECK(findings_of("expect ops lost 3\nexpect 0s..9s ops lost at most 2\n").empty());
    CHECK_THAT(
        findings_of("expect at lest 3 DROPMEMBER\n"),
        ContainsSubstring("expected 'least' or 'most', found 'lest'; did you mean 'least'?"));
    CHECK_THAT(findings_of("expect 30s DROPMEMBER\n"),
               ContainsSubstring("expected a range of time (30s..31s), found '30s'"));
    CHECK(findings_of("for 9s\nexpect 10s..11s ops lost 1\n") ==
          "t:3:1: error: this can never hold: the run ends at 9s\n");
}

TEST_CASE("states of groups are read, and contradictions told")
{
    CHECK(findings_of("expect group g state latched\nexpect group g state serving\n") ==
          "t:3:1: error: contradicts line 2: group g cannot be latched and serving at once\n");
    CHECK(
        findings_of("expect group g state latched at 5s\nexpect group g state serving\n").empty());
    CHECK_THAT(findings_of("expect group g state latch\n"),
               ContainsSubstring("did you mean 'latched'?"));
}

TEST_CASE("bare digits where a target is expected are meant as a member")
{
    CHECK_THAT(findings_of("at 5s 1234840370164 cable out\n"),
               ContainsSubstring("did you mean 'member 1234840370164'?"));
    CHECK_THAT(findings_of("at 5s 2 cable out\n"), ContainsSubstring("did you mean 'hsm2'?"));
    // A word that is near no id: all of them are told.
    CHECK_THAT(findings_of("expect DROPPED\n"),
               ContainsSubstring("DROPMEMBER, DROPUNRECOVERABLE, LOGINFAILED"));
}
