/// What a report draws: a lane per group and member, exact while there are few lines, shares of time when there are
/// many.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "log/outage_story.hpp"
#include "logtools/line_stream.hpp"

namespace hasim::logtools {

/// A time in one state. Times are seconds from the log's first stamp.
struct LaneSegment {
    std::int64_t from = 0;
    std::int64_t to = 0;
    log::ServiceState state = log::ServiceState::unknown;
};

/// A share of time: seconds in each state, and how many lines there were.
struct LaneStep {
    std::array<std::uint32_t, log::kServiceStates> seconds{};
    std::uint32_t lines = 0;
};

struct Lane {
    Serial group;
    Serial member;
    std::vector<LaneSegment> segments;  ///< exact; dropped when they become too many
    std::vector<LaneStep> steps;
};

/// One drawn line.
struct TimelineEvent {
    std::int64_t at = 0;
    std::size_t lane = 0;
    LogForm form = LogForm::drop_member;
    std::uint32_t pid = 0;
    std::string text;
};

/// Draws what log::OutageStory tells.
class Timeline final : public log::OutageListener {
public:
    static constexpr std::size_t kMostEvents = 20'000;
    static constexpr std::size_t kMostLanes = 100;
    static constexpr std::size_t kMostSteps =
        1000;  ///< and at least half of them, once the log is long
    static constexpr std::size_t kMostOutages = 300;

    void on_named(std::size_t member, Serial group, Serial serial) override;
    void on_time(std::size_t member, log::StoryTime from, log::StoryTime to,
                 log::ServiceState state) override;
    void on_forgotten(std::size_t member, log::StoryTime from, log::StoryTime to,
                      log::ServiceState state) override;
    void on_outage(const log::Outage& outage) override;

    /// A line about the member; OutageStory::kNoMember for one that the story leaves out.
    void mark(std::size_t member, log::StoryTime now, const log::ParsedLine& record,
              std::string_view text);
    /// The story is told.
    void finish();

    /// Whether every line is there by itself.
    [[nodiscard]] bool exact() const { return exact_; }
    [[nodiscard]] const std::vector<Lane>& lanes() const { return lanes_; }
    [[nodiscard]] const std::vector<TimelineEvent>& events() const { return events_; }
    /// The longest of those in a lane, in order of their beginning.
    [[nodiscard]] const std::vector<log::Outage>& outages() const { return outages_; }
    [[nodiscard]] std::int64_t step_seconds() const { return step_seconds_; }
    [[nodiscard]] std::int64_t length() const { return latest_; }
    [[nodiscard]] std::uint64_t lines_without_lane() const { return lines_without_lane_; }

private:
    void advance(std::int64_t now);
    void spend(Lane& lane, const LaneSegment& time, bool take_back);
    LaneStep& step_at(Lane& lane, std::int64_t at);
    void widen_steps();

    std::int64_t latest_ = 0;
    std::int64_t step_seconds_ = 1;
    std::size_t step_ = 0;        // the one looked at last
    std::int64_t step_from_ = 0;  // its first second
    bool exact_ = true;
    std::vector<Lane> lanes_;  // by member
    std::vector<TimelineEvent> events_;
    std::vector<log::Outage> outages_;
    std::uint64_t lines_without_lane_ = 0;
};

}  // namespace hasim::logtools
