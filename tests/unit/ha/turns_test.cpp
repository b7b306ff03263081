// Goal: calls that are only counted leave a group as if each had been made, and it knows up to when that is so.
// Method: a group that was called is held against a copy of it that was told of as many calls.
#include "ha/group.hpp"

#include "support/catch.hpp"
#include "support/ha_bench.hpp"

using namespace hasim;
using namespace hasim::test;
using namespace std::chrono_literals;

namespace {

const Serial kFirst = serial_of("101");
const Serial kSecond = serial_of("102");

/// In service, with nothing under way.
HaBench serving(ha::GroupConfig config)
{
    HaBench bench(std::move(config));
    bench.initialize();
    bench.everybody_answers();
    return bench;
}

/// A member that is out, and was found to be.
void drop(HaBench& bench, Serial member)
{
    bench.closed(member);
    bench.sign();
    bench.everybody_answers();
    REQUIRE(bench.state(member) == MemberState::dropped);
}

/// The link that the next C_Sign goes to.
LinkId next_served(ha::Group group, Instant now)
{
    ha::Effects effects;
    group.step(ha::Command{CallId{1'000'000}, "data"}, now, effects);
    for (const ha::Effect& effect : effects) {
        if (const auto* const sent = std::get_if<ha::SendRequest>(&effect)) {
            return sent->link;
        }
    }
    return {};
}

}  // namespace

TEST_CASE("turns that are passed are those of so many calls, whoever is out")
{
    const std::size_t out = GENERATE(0U, 1U, 2U, 3U);
    const std::vector<Serial> members = serials_of({"101", "102", "103", "201", "202"});
    HaBench bench = serving(config_of({"101", "102", "103"}, {"201", "202"}));
    for (std::size_t member = 0; member < out; ++member) {
        drop(bench, members[member]);
    }
    for (std::uint64_t count = 0; count < 12; ++count) {
        CAPTURE(out, count);
        ha::Group by_turns = bench.group();
        ha::Group by_commands = bench.group();
        by_turns.pass_turns(count);
        by_commands.pass_commands(count);
        HaBench called = bench;
        for (std::uint64_t call = 0; call < count; ++call) {
            called.sign();
            called.everybody_answers();
        }
        const LinkId expected = next_served(called.group(), called.now());
        CHECK(next_served(by_turns, bench.now()) == expected);
        CHECK(next_served(by_commands, bench.now()) == expected);
    }
}

TEST_CASE("calls go round while no member has its turn before the others had theirs")
{
    HaBench bench = serving(config_of({"101", "102"}));
    CHECK(bench.group().goes_round());  // nobody is inside
    for (int call = 0; call < 5; ++call) {
        bench.sign();
        CHECK(bench.group().goes_round());
    }
    drop(bench, kFirst);
    bench.everybody_answers();
    for (int call = 0; call < 3; ++call) {
        bench.sign();
        CHECK(bench.group().goes_round());  // there is one only
    }
    bench.everybody_answers();
    bench.pass(bench.config().ha.recovery_interval - 1s);
    for (int call = 0; call < 3; ++call) {
        bench.sign();
    }
    bench.pass(1s);
    while (bench.state(kFirst) != MemberState::active) {
        REQUIRE((bench.opened(kFirst) || bench.replies(kFirst)));
    }
    CHECK_FALSE(bench.group().goes_round());  // the second has all three
    bench.sign();
    CHECK_FALSE(bench.group().goes_round());
    bench.replies(kSecond);
    bench.replies(kSecond);
    CHECK(bench.group().goes_round());  // one each
}

TEST_CASE("a group is steady up to its next attempt, and for ever when it makes none")
{
    ha::GroupConfig config = config_of({"101", "102"});
    config.ha.recovery_interval = 60s;
    HaBench bench = serving(config);
    CHECK(bench.group().steady_until() == kNever);
    bench.sign();
    CHECK(bench.group().steady_until() == kNever);  // calls may be inside
    bench.everybody_answers();
    drop(bench, kFirst);
    CHECK(bench.group().steady_until() == kStart + 60s);
    bench.pass(60s);
    REQUIRE(bench.is_opening(kFirst));
    CHECK_FALSE(bench.group().steady_until());
    bench.refused(kFirst);
    CHECK(bench.group().steady_until() == kStart + 120s);
    bench.pass(60s);
    bench.refused(kFirst);
    REQUIRE(bench.state(kFirst) == MemberState::exhausted);
    CHECK(bench.group().steady_until() == kNever);
    bench.finalize();
    CHECK(bench.group().steady_until() == kNever);
}

TEST_CASE("a group is not steady while a member is given what the others have")
{
    ha::GroupConfig config = config_of({"101", "102"});
    config.ha.recovery_interval = 60s;
    config.has_objects = true;
    config.group.synchronize = true;
    HaBench bench = serving(config);
    drop(bench, kFirst);
    bench.pass(60s);
    bench.opened(kFirst);
    bench.replies(kFirst);
    REQUIRE_FALSE(bench.asked(kFirst));
    REQUIRE(bench.asked(kSecond));  // for its objects
    CHECK_FALSE(bench.group().steady_until());
    bench.everybody_answers();
    REQUIRE(bench.state(kFirst) == MemberState::active);
    CHECK(bench.group().steady_until() == kNever);
}

TEST_CASE("a group is not steady while anything but calls is under way")
{
    HaBench bench(config_of({"101", "102"}));
    bench.initialize();
    CHECK_FALSE(bench.group().steady_until());
    bench.everybody_answers();
    bench.login();
    CHECK_FALSE(bench.group().steady_until());
    bench.everybody_answers();
    CHECK(bench.group().steady_until() == kNever);
    bench.closed(kSecond);  // nobody has noticed it
    REQUIRE(bench.state(kSecond) == MemberState::lost);
    CHECK_FALSE(bench.group().steady_until());
    bench.sign();
    bench.everybody_answers();
    CHECK(bench.group().steady_until());
    bench.file_changed();  // waits for the next tick
    CHECK_FALSE(bench.group().steady_until());
}

TEST_CASE("a group is not steady while a member that left still owes an answer")
{
    ha::GroupConfig config = config_of({"101", "102"});
    config.ha.recovery_interval = 60s;
    HaBench bench = serving(config);
    bench.pass(55s);
    bench.sign();
    REQUIRE(bench.asked(kFirst));
    bench.file().members = serials_of({"102"});
    bench.file_changed();
    bench.pass(5s);
    REQUIRE(bench.state(kFirst) == MemberState::removed);
    CHECK_FALSE(bench.group().steady_until());
    bench.everybody_answers();
    CHECK(bench.group().steady_until() == kNever);
}
