// Goal: a swarm over TCP passes only when something was compared and nothing differed.
#include "cli/live_swarm.hpp"

#include "support/catch.hpp"

using namespace hasim::cli;
using Outcome = LiveComparison::Outcome;

TEST_CASE("a swarm that compared nothing has a problem, one that compared something has not")
{
    const LiveSwarmResult nothing =
        sum_of({{1, {Outcome::too_slow, "late"}}, {2, {Outcome::too_slow, "late"}}});
    CHECK(nothing.too_slow == 2);
    CHECK_THAT(nothing.problem, StartsWith("not one scenario could be compared"));
    const LiveSwarmResult some = sum_of({{1, {Outcome::too_slow, "late"}}, {2, {}}});
    CHECK(some.same == 1);
    CHECK(some.problem.empty());
    CHECK_FALSE(sum_of({{1, {}}, {2, {Outcome::no_environment, "no ports"}}}).problem.empty());
}

TEST_CASE("what differs is told with its seed, in their order")
{
    const LiveSwarmResult result =
        sum_of({{7, {Outcome::differs, "b\n"}}, {3, {Outcome::differs, "a\n"}}, {5, {}}});
    CHECK(result.different == 2);
    CHECK(result.report == "seed 3:\na\nseed 7:\nb\n");
}
