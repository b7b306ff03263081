// Goal: a story of another run is found out, and one that a moment decides is not.
// Method: stories from virtual time, as if they had come over TCP.
#include "swarm/story.hpp"

#include "cli/play_inputs.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;
using namespace std::chrono_literals;

namespace {

play::PlayOptions options_of(const std::string& lines)
{
    const std::string text = "hasim 1\nconf " +
                             (test::source_dir() / "config/basic.conf").string() +
                             "\nfor 200s\nload sign 2/s\n" + lines;
    cli::PlayInputs inputs = cli::read_play_inputs({}, "test", text, ".");
    REQUIRE(inputs.ok());
    return inputs.options;
}

swarm::Story story_of(const play::PlayOptions& options)
{
    play::VirtualPlay play(options);
    swarm::StoryObserver observer;
    play.play().world().watch(observer);
    play.run_until(end_of(options.scenario));
    return observer.story;
}

std::string compared(const std::string& lines, const std::string& live_lines)
{
    return swarm::difference(options_of(lines), story_of(options_of(live_lines)), 2s);
}

}  // namespace

TEST_CASE("the same story is the same")
{
    CHECK(compared("at 30s hsm2 cable out for 40s\n", "at 30s hsm2 cable out for 40s\n").empty());
    CHECK(compared("at 30s hsm2 cable out for 40s\n", "at 31s hsm2 cable out for 40s\n").empty());
}

TEST_CASE("another member, no outage, one more attempt and another code are told")
{
    const std::string lines = "at 30s hsm2 cable out for 40s\n";
    CHECK_THAT(compared(lines, ""), ContainsSubstring("over TCP:\n  (no line)"));
    CHECK_THAT(compared("", lines), ContainsSubstring("in virtual time:\n  (no line)"));
    CHECK_FALSE(compared(lines, "at 30s hsm1 cable out for 40s\n").empty());
    CHECK_FALSE(compared(lines, "at 30s hsm2 cable out for 100s\n").empty());
    CHECK_FALSE(compared(lines, lines + "at 40s hsm2 pin another\n").empty());
}

TEST_CASE("where a moment decides, both stories are right")
{
    // The cable is back just before or just after the attempt at 60 s gives up, 20 s later.
    const std::string sooner = "at 30s hsm2 cable out for 49s\n";
    const std::string later = "at 30s hsm2 cable out for 51s\n";
    CHECK(story_of(options_of(sooner)) != story_of(options_of(later)));
    CHECK(compared(sooner, later).empty());
    CHECK(compared(later, sooner).empty());
    // A connection is closed while C_Initialize makes it, or after that.
    const std::string early = "at 200us hsm2 fin\n";
    const std::string late = "at 65ms hsm2 fin\n";
    CHECK(story_of(options_of(early)) != story_of(options_of(late)));
    CHECK(compared(late, early).empty());
}
