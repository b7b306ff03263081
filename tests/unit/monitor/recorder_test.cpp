// A recording is played again and holds; and one of something else does not.
#include "unit/monitor/watched.hpp"

using namespace hasim;
using namespace hasim::test;
using namespace std::chrono_literals;

namespace {

std::vector<play::Broken> played(const std::string& text, Duration disturbed = {})
{
    ScenarioResult parsed = parse_scenario("recording", text);
    for (const Finding& finding : parsed.findings) {
        FAIL(to_text(finding));
    }
    play::PlayOptions options;
    options.settings = conf::read(std::get<ConfText>(parsed.scenario.conf).text, "test").settings;
    options.scenario = std::move(parsed.scenario);
    options.start = *options.scenario.start;
    for (Event& event : options.scenario.events) {
        auto* const at = std::get_if<At>(&event.trigger);
        at->at = at->at + disturbed;
    }
    play::VirtualPlay play(options);
    play.run_until(end_of(options.scenario));
    return play.play().runner().judge({});
}

std::string text_of(const std::vector<play::Broken>& broken)
{
    std::string text;
    for (const play::Broken& one : broken) {
        text += one.text + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("what was done is recorded with what came of it, and holds when it is played")
{
    Watched watched("for 1h\nat 3s hsm1 delay 5ms for 1s\nexpect no RECOVERED\n");
    watched.give("hsm2 cable out", 10s);
    watched.give("member 12 cable in", 100s);
    watched.give("hsm1 reset", 130'400ms);
    watched.give("at 230s hsm2 ntls restart 12s", 210s);
    watched.run_until(300s);
    const std::string text = watched.recorder.scenario(kStart + 300s, 1, true);
    CHECK_THAT(text, ContainsSubstring("at 3s") && ContainsSubstring("at 130.4s") &&
                         ContainsSubstring("hsm2  ntls restart 12s") &&
                         ContainsSubstring("pid 4711") && !ContainsSubstring("no RECOVERED"));
    CHECK_THAT(text, ContainsSubstring("DROPMEMBER member 12") &&
                         ContainsSubstring("RECOVERED member 12 attempt 2") &&
                         ContainsSubstring("expect ops lost 0") &&
                         ContainsSubstring("expect state active member 11 at 300s"));
    CHECK(text_of(played(text)) == "");
    CHECK(text_of(played(text, 200ms)) == "");
    CHECK_THAT(text_of(played(text, 5s)), ContainsSubstring("expected exactly one such line"));
}

TEST_CASE("lines of one kind that are near each other are counted together")
{
    Watched watched;
    watched.give("hsm2 ntls restart 1ms", 10s);
    watched.give("hsm2 cable in", 10'100ms);
    watched.give("group \"g<b>\\\"x\" recover", 61s);
    watched.run_until(150s);
    const std::string text = watched.recorder.scenario(kStart + 150s, 40, true);
    CHECK(text_of(played(text)) == "");
    // At speed 40 a line may be 10 s from where it was.
    CHECK_THAT(text, ContainsSubstring("expect 0s..20."));
}

TEST_CASE("PINs are in no recording, and those that were equal still are")
{
    Watched watched("pin s3cret-own\n");
    watched.give("member 12 pin s3cret-new", 10s);
    watched.give("client login s3cret-new", 11s);
    watched.give("member 12 pin s3cret-own", 20s);
    watched.give("member 11 pin s3cret-third", 21s);
    watched.run_until(30s);
    const std::string text = watched.recorder.scenario(kStart + 30s, 1, true);
    CHECK_THAT(text, !ContainsSubstring("s3cret"));
    CHECK_THAT(text, ContainsSubstring("member 12  pin recorded-pin-1") &&
                         ContainsSubstring("login recorded-pin-1") &&
                         ContainsSubstring("member 12  pin userpin") &&
                         ContainsSubstring("member 11  pin recorded-pin-2"));
    CHECK(text_of(played(text)) == "");
}

TEST_CASE("without own clients the events are recorded, and nothing is expected")
{
    Watched watched;
    watched.give("hsm2 cable out", 10s);
    watched.recorder.edited();
    watched.run_until(50s);
    const std::string text = watched.recorder.scenario(kStart + 50s, 1, false);
    CHECK_THAT(text, ContainsSubstring("hsm2  cable out") && !ContainsSubstring("\nexpect") &&
                         !ContainsSubstring("\nload") &&
                         ContainsSubstring("# What the applications called is not known") &&
                         ContainsSubstring("# The configuration file was edited meanwhile"));
}

TEST_CASE("lines stand in the order of their moments, and those that did not come are left out")
{
    Watched watched("for 1h\nat 60s hsm1 reset\nat 50m hsm1 reset\n");
    watched.give("at 90s hsm2 reset", 10s);
    watched.give("at 40m hsm2 reset", 10s);
    watched.give("hsm1 slice for 2s", 20s);
    watched.run_until(150s);
    const std::string text = watched.recorder.scenario(kStart + 150s, 1, true);
    CHECK(text.find("at 20s") < text.find("at 60s"));
    CHECK(text.find("at 60s") < text.find("at 90s"));
    CHECK_THAT(text, !ContainsSubstring("at 40m") && !ContainsSubstring("at 50m"));
    CHECK(text_of(played(text)) == "");
}

TEST_CASE("nothing is expected of members whose process has gone")
{
    const auto line = GENERATE(as<std::string>{}, "client finalize", "client kill");
    Watched watched;
    watched.give("hsm2 reset", 10s);
    watched.give(line, 30s);
    watched.run_until(60s);
    const std::string text = watched.recorder.scenario(kStart + 60s, 1, true);
    CHECK_THAT(text, !ContainsSubstring("expect state") && ContainsSubstring("DROPMEMBER"));
    CHECK(text_of(played(text)) == "");
}

TEST_CASE("behind the last line that a scenario has room for nothing is expected")
{
    Watched watched;
    for (std::size_t i = 0; i < kMaxScenarioEvents; ++i) {
        watched.give("hsm1 slice for 1ms", 10s);
    }
    watched.give("hsm2 cable out", 20s);
    watched.run_until(60s);
    const std::string text = watched.recorder.scenario(kStart + 60s, 1, true);
    CHECK_THAT(text, ContainsSubstring("# 1 later line was not recorded") &&
                         !ContainsSubstring("DROPMEMBER"));
    CHECK(text_of(played(text)) == "");
}
