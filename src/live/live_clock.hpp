/// The live time line: real time since the start of the run, times a speed.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "base/assert.hpp"
#include "hasim/time.hpp"

namespace hasim::live {

/// Turns readings of the steady clock into Instants, and Instants into the moments to wake up at. Both conversions are
/// pure functions of start and speed; only now() reads a clock.
class LiveClock {
public:
    using Steady = std::chrono::steady_clock;
    using Real = Steady::time_point;

    /// `speed` is how many seconds pass on the time line in one real second; finite and above 0 (asserted).
    LiveClock(Real start, WallTime start_wall, double speed)
        : start_(start), start_wall_(start_wall), speed_(speed)
    {
        HASIM_ASSERT(std::isfinite(speed) && speed > 0);
    }

    /// The present. Never goes back from one call to the next.
    [[nodiscard]] Instant now() { return read(Steady::now()); }

    /// now(), had the steady clock shown `real`.
    [[nodiscard]] Instant read(Real real)
    {
        last_ = std::max(last_, instant_of(real));
        return last_;
    }

    /// The Instant at `real`, rounded down; kStart before the start.
    [[nodiscard]] Instant instant_of(Real real) const
    {
        const std::int64_t elapsed = (real - start_).count();
        return elapsed <= 0 ? kStart : Instant(Duration(scaled(elapsed, speed_)));
    }

    /// The first moment at which `instant` is reached: instant_of(real_of(i)) >= i. The end of time for kNever.
    [[nodiscard]] Real real_of(Instant instant) const
    {
        const std::int64_t wanted = instant.time_since_epoch().count();
        if (wanted <= 0) {
            return start_;
        }
        std::int64_t elapsed = scaled(wanted, 1 / speed_);
        const std::int64_t most = (Real::max() - start_).count();
        if (instant == kNever || elapsed >= most) {
            return Real::max();
        }
        // Rounding may leave it a tick short; far out a double holds no single nanoseconds, so the steps grow.
        for (std::int64_t step = 1;
             elapsed < most && instant_of(start_ + Steady::duration(elapsed)) < instant;
             step *= 2) {
            elapsed = step < most - elapsed ? elapsed + step : most;
        }
        return start_ + Steady::duration(elapsed);
    }

    /// Civil time at `instant`: that of the start, plus the (scaled) time since, plus the offset.
    [[nodiscard]] WallTime wall_of(Instant instant) const
    {
        return start_wall_ + instant.time_since_epoch() + offset_;
    }

    /// How far the wall clock was moved since the start (`clock jump`); changes no Instant.
    void set_offset(Duration offset) { offset_ = offset; }

    [[nodiscard]] double speed() const { return speed_; }

private:
    /// `count` times `factor`, rounded down, at most what a Duration holds. Exact at speed 1.
    [[nodiscard]] static std::int64_t scaled(std::int64_t count, double factor)
    {
        if (factor == 1) {
            return count;
        }
        constexpr double kMost = 9.2e18;
        const double product = std::floor(static_cast<double>(count) * factor);
        return product >= kMost ? Duration::max().count() : static_cast<std::int64_t>(product);
    }

    Real start_;
    WallTime start_wall_;
    double speed_;
    Duration offset_{};
    Instant last_ = kStart;
};

}  // namespace hasim::live
