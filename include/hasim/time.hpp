/// Time as hasim's core knows it: a value that is handed in, never a clock that is read.
#pragma once

#include <chrono>
#include <cstdint>

namespace hasim {

/// Length of time, in nanoseconds.
using Duration = std::chrono::nanoseconds;

/// Tag of the core's time line. It has no now(): whoever drives the core owns the clock.
struct CoreClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<CoreClock, duration>;
    static constexpr bool is_steady = true;
};

/// A moment on the core's time line, counted from the start of the run (0 s). Monotonic; it decides everything.
/// What a log line is stamped with is Instant plus a wall offset that the driver owns.
using Instant = CoreClock::time_point;

/// The start of the run.
inline constexpr Instant kStart{};

/// A moment that is never reached.
inline constexpr Instant kNever = Instant::max();

/// So long after `now`; never, when that is beyond all moments.
[[nodiscard]] constexpr Instant after(Instant now, Duration duration)
{
    return duration < kNever - now ? now + duration : kNever;
}

/// A moment of civil time, UTC.
using WallTime = std::chrono::sys_time<Duration>;

/// Seconds of the local clock on the wall, as a log line prints them (UTC seconds plus the zone's offset then).
using LocalSeconds = std::chrono::local_seconds;

}  // namespace hasim
