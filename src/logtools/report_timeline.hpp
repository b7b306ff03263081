/// What a report draws: a lane per group and member, exact while there are few lines, shares of time when there are
/// many.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "logtools/line_stream.hpp"

namespace hasim::logtools {

/// What a lane shows. With several processes the last line about a member counts, whoever wrote it.
enum class LaneState : std::uint8_t {
    up,
    down,        ///< dropped, unreachable or deactivated; no attempt was made yet
    recovering,  ///< an attempt failed and others follow, or the member is new
    disabled,    ///< no further attempts: maximum exceeded, login failed, revoked, ineligible
    unknown,     ///< before its first line, where that does not tell what was before
};
inline constexpr std::size_t kLaneStates = 5;

/// A time in one state. Times are seconds from the log's first stamp.
struct LaneSegment {
    std::int64_t from = 0;
    std::int64_t to = 0;
    LaneState state = LaneState::unknown;
};

/// A share of time: seconds in each state, and how many lines there were.
struct LaneStep {
    std::array<std::uint32_t, kLaneStates> seconds{};
    std::uint32_t lines = 0;
};

struct Lane {
    Serial group;
    Serial member;
    std::vector<LaneSegment> segments;  ///< exact; dropped when they become too many
    std::vector<LaneStep> steps;
    LaneState state = LaneState::unknown;
    std::int64_t since = 0;
};

/// A time when a member did not serve, as its lane shows it.
struct LaneOutage {
    std::size_t lane = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::uint64_t attempts = 0;
    LogForm began = LogForm::drop_member;
    bool goes_on = false;
};

/// One drawn line.
struct TimelineEvent {
    std::int64_t at = 0;
    std::size_t lane = 0;
    LogForm form = LogForm::drop_member;
    std::uint32_t pid = 0;
    std::string text;
};

class Timeline {
public:
    static constexpr std::size_t kMostEvents = 20'000;
    static constexpr std::size_t kMostLanes = 100;
    static constexpr std::size_t kMostSteps =
        1000;  ///< and at least half of them, once the log is long
    static constexpr std::size_t kMostOutages = 300;

    void feed(const log::ParsedLine& record, std::string_view text);
    void finish();

    /// Whether every line is there by itself.
    [[nodiscard]] bool exact() const { return exact_; }
    [[nodiscard]] const std::vector<Lane>& lanes() const { return lanes_; }
    [[nodiscard]] const std::vector<TimelineEvent>& events() const { return events_; }
    /// The longest, in order of their beginning; how many there were in all.
    [[nodiscard]] const std::vector<LaneOutage>& outages() const { return outages_; }
    [[nodiscard]] std::uint64_t all_outages() const { return all_outages_; }
    [[nodiscard]] std::int64_t step_seconds() const { return step_seconds_; }
    [[nodiscard]] LocalSeconds first() const { return first_.value_or(LocalSeconds{}); }
    [[nodiscard]] std::int64_t length() const { return latest_; }
    [[nodiscard]] std::uint64_t lines_without_lane() const { return lines_without_lane_; }

private:
    std::optional<std::size_t> lane_of(const log::ParsedLine& record);
    void change(std::size_t lane, LaneState state, std::int64_t now, LogForm form);
    void spend(Lane& lane, std::int64_t from, std::int64_t to);
    LaneStep& step_at(Lane& lane, std::int64_t at);
    void widen_steps();
    void end_outage(std::size_t lane, std::int64_t now, bool goes_on);
    void keep(const LaneOutage& outage);

    std::optional<LocalSeconds> first_;
    std::int64_t latest_ = 0;
    std::int64_t step_seconds_ = 1;
    bool exact_ = true;
    std::vector<Lane> lanes_;
    std::map<std::pair<Serial, Serial>, std::size_t> lane_numbers_;
    std::vector<TimelineEvent> events_;
    std::map<std::size_t, LaneOutage> going_on_;
    std::vector<LaneOutage> outages_;
    std::uint64_t all_outages_ = 0;
    std::uint64_t lines_without_lane_ = 0;
};

}  // namespace hasim::logtools
