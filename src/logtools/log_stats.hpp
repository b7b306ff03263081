/// What a log says about how well its members did: outages, recoveries, availability. What a line does to a member is
/// told by log::OutageStory; here it is added up.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hasim/ha_log.hpp"
#include "hasim/settings.hpp"
#include "log/outage_story.hpp"
#include "logtools/line_counter.hpp"
#include "logtools/stamp_clock.hpp"

namespace hasim::logtools {

struct OutageStats {
    std::uint64_t begun = 0;
    std::uint64_t recovered = 0;            ///< those that a RECOVERED line ended
    std::chrono::seconds recovery_time{0};  ///< of these, all together
    std::chrono::seconds longest{0};        ///< as far as it was seen
    LocalSeconds longest_began{};
    bool longest_open = false;  ///< no line told its end
    std::uint64_t open = 0;     ///< those whose end no line told

    /// Mean time to recovery, to the nearest second; nothing when none recovered.
    [[nodiscard]] std::optional<std::chrono::seconds> mean() const;
    void add(const OutageStats& other);
};

struct MemberStats {
    std::array<std::uint64_t, kLogForms> forms{};
    OutageStats outages;
    std::chrono::seconds down{0};     ///< known not to be up, within the time of the log
    std::chrono::seconds unknown{0};  ///< nobody knows
    std::optional<double>
        availability;  ///< 0 to 1; nothing when no line tells of a time when it was up
    log::ServiceState last = log::ServiceState::unknown;  ///< behind its last line

    [[nodiscard]] bool down_at_end() const { return log::is_out(last); }
};

struct GroupStats {
    std::string label;  ///< when the configuration has it
    std::map<Serial, MemberStats> members;
    std::set<Pid> processes;
    /// While some process saw all members out; nothing when it is not known which there are.
    std::optional<std::chrono::seconds> all_down;
};

struct LogStats {
    LineCounts counts;
    std::map<Serial, GroupStats> groups;
    std::optional<LocalSeconds> first;
    std::optional<LocalSeconds> last;
    std::chrono::seconds span{0};  ///< time that passes from the first record to the last
    std::uint64_t steps_back = 0;  ///< of the clock
    bool zone_known = false;
    bool members_known = false;  ///< a configuration named them
    std::uint64_t left_out = 0;  ///< records of members beyond the limit: counted by form alone
};

/// What a reader may know beside the log.
struct StatsOptions {
    std::optional<Zone> zone;           ///< of the client
    std::vector<GroupSettings> groups;  ///< of its configuration
};

/// Gathers them, line by line, in memory that depends on members and processes alone.
class StatsCollector final : private log::OutageListener {
public:
    /// `also` hears the story, too.
    explicit StatsCollector(const StatsOptions& options = {}, log::OutageListener* also = nullptr);

    /// The number of the member that the line is about; OutageStory::kNoMember when it is no record, or of a member
    /// that is not told apart.
    std::size_t feed(const log::Line& line);

    [[nodiscard]] const StampClock& clock() const { return clock_; }

    /// Closes the account at the last record.
    [[nodiscard]] LogStats finish() &&;

private:
    void on_named(std::size_t member, Serial group, Serial serial) override;
    void on_pair(std::size_t member, Pid pid) override;
    void on_time(std::size_t member, log::StoryTime from, log::StoryTime to,
                 log::ServiceState state) override;
    void on_forgotten(std::size_t member, log::StoryTime from, log::StoryTime to,
                      log::ServiceState state) override;
    void on_outage(const log::Outage& outage) override;

    log::OutageListener* also_;
    StampClock clock_;
    log::OutageStory story_;
    LogStats stats_;
    std::vector<std::pair<GroupStats*, MemberStats*>> members_;  // by number; of stats_
};

/// For people, and as JSON.
[[nodiscard]] std::string stats_text(const LogStats& stats);
[[nodiscard]] std::string stats_json(const LogStats& stats);
/// What to think of steps of the clock; empty when there were none.
[[nodiscard]] std::string clock_text(const LogStats& stats);

/// "3d 4h", "1h 30m", "2m 5s", "12s": the two largest parts.
[[nodiscard]] std::string duration_text(std::chrono::seconds duration);

}  // namespace hasim::logtools
