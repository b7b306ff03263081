#include "live/live_clock.hpp"

#include <array>

#include "support/catch.hpp"

namespace hasim::live {

namespace {

using namespace std::chrono_literals;

const LiveClock::Real kRealStart{1000000s};
const WallTime kWallStart{std::chrono::sys_days(std::chrono::year(2017) / 10 / 4)};

LiveClock clock_at(double speed)
{
    return {kRealStart, kWallStart, speed};
}

}  // namespace

TEST_CASE("at speed 1 an Instant is the real time since the start, to the nanosecond")
{
    const LiveClock clock = clock_at(1);
    CHECK(clock.instant_of(kRealStart) == kStart);
    CHECK(clock.instant_of(kRealStart + 123456789123456789ns) == kStart + 123456789123456789ns);
    CHECK(clock.real_of(kStart + 123456789123456789ns) == kRealStart + 123456789123456789ns);
}

TEST_CASE("speed scales the time line")
{
    CHECK(clock_at(60).instant_of(kRealStart + 2s) == kStart + 120s);
    CHECK(clock_at(60).real_of(kStart + 120s) == kRealStart + 2s);
    CHECK(clock_at(0.5).instant_of(kRealStart + 3s) == kStart + 1500ms);
    CHECK(clock_at(0.5).real_of(kStart + 1500ms) == kRealStart + 3s);
}

TEST_CASE("before the start it is the start")
{
    CHECK(clock_at(60).instant_of(kRealStart - 5s) == kStart);
    CHECK(clock_at(60).real_of(kStart - 5s) == kRealStart);
}

TEST_CASE("at the moment to wake up for an Instant, it is reached, and not long before")
{
    // A timer that fired when the Instant is not reached would be set again: at worst for ever.
    for (const double speed : {1.0, 60.0, 3.0, 0.1, 1.0 / 3, 0.01, 7.77e5}) {
        const LiveClock clock = clock_at(speed);
        for (const std::int64_t ns : {1LL, 2LL, 999LL, 1000000007LL, 60000000000LL,
                                      86399999999999LL, 31536000123456789LL}) {
            const Instant instant{Duration(ns)};
            const LiveClock::Real wake = clock.real_of(instant);
            CAPTURE(speed, ns);
            CHECK(clock.instant_of(wake) >= instant);
            CHECK(clock.instant_of(wake - 1us) < instant + 1us);
        }
    }
}

TEST_CASE("never is the end of time")
{
    CHECK(clock_at(1).real_of(kNever) == LiveClock::Real::max());
    CHECK(clock_at(60).real_of(kNever) == LiveClock::Real::max());
    CHECK(clock_at(0.01).real_of(kNever - 1s) == LiveClock::Real::max());
}

TEST_CASE("the present never goes back, whatever the steady clock shows")
{
    LiveClock clock = clock_at(10);
    CHECK(clock.read(kRealStart + 5s) == kStart + 50s);
    CHECK(clock.read(kRealStart + 4s) == kStart + 50s);
    CHECK(clock.read(kRealStart + 6s) == kStart + 60s);
}

TEST_CASE("wall time goes with the time line and has an offset")
{
    LiveClock clock = clock_at(60);
    const Instant instant = clock.instant_of(kRealStart + 1s);
    CHECK(clock.wall_of(instant) == kWallStart + 60s);
    clock.set_offset(-1h);
    CHECK(clock.wall_of(instant) == kWallStart + 60s - 1h);
    CHECK(clock.instant_of(kRealStart + 1s) == instant);
}

}  // namespace hasim::live
