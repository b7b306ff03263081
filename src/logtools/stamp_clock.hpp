/// From the stamps of a log, which are the client's local time, to time that passes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hasim/time.hpp"
#include "hasim/zone.hpp"
#include "log/span_union.hpp"

namespace hasim::logtools {

/// Processes that write at the same time may change places by this (chosen).
inline constexpr std::chrono::seconds kJitter{10};

/// `stamp` on a line of time without jumps: UTC when the zone is known. Of the two moments that a stamp at the end of
/// summer time may be, the first that is not before `last` by more than a jitter.
[[nodiscard]] std::chrono::seconds time_of(const std::optional<Zone>& zone, LocalSeconds stamp,
                                           std::optional<std::chrono::seconds> last);

/// Goes on with each stamp and never back. A step back by more than kJitter is a clock that was set, or the end of
/// summer time: no time passes, and time goes on from the new stamp. With a zone, summer time is known.
class StampClock {
public:
    explicit StampClock(std::optional<Zone> zone = std::nullopt) : zone_(std::move(zone)) {}

    /// The time since the first stamp, at the next one.
    log::StoryTime elapsed(LocalSeconds stamp);
    /// What a stamp was or would have been after `elapsed`.
    [[nodiscard]] LocalSeconds stamp_at(log::StoryTime elapsed) const;

    [[nodiscard]] log::StoryTime length() const { return elapsed_; }
    [[nodiscard]] std::uint64_t steps_back() const { return steps_back_; }

private:
    /// From here on, `from` stands for `elapsed`.
    struct Stretch {
        log::StoryTime elapsed{};
        std::chrono::seconds from{};
    };

    std::optional<Zone> zone_;
    std::vector<Stretch> stretches_;
    log::StoryTime elapsed_{};
    std::uint64_t steps_back_ = 0;
};

}  // namespace hasim::logtools
