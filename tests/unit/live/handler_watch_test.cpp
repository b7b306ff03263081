// Goal: a handler that waits, or computes for too long, is found out; one that is short is not.
#include "live/handler_watch.hpp"

#include <thread>

#include "support/catch.hpp"

using hasim::live::HandlerWatch;

TEST_CASE("a handler that waits is found out")
{
    const HandlerWatch watch;
    std::this_thread::sleep_for(HandlerWatch::kMost + std::chrono::milliseconds(1));
    CHECK_THAT(watch.complaint(), StartsWith("a handler waited: "));
}

TEST_CASE("a handler that computes for too long is found out, one that is short is not")
{
    const HandlerWatch watch;
    std::uint64_t rounds = 0;
    while (watch.complaint().empty()) {
        ++rounds;
    }
    CHECK_THAT(watch.complaint(), StartsWith("a handler "));
    CHECK(rounds > 0);
}
