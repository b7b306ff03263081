/// What a log says about how well its members did: outages, recoveries, availability.
///
/// An outage of a member, as one process sees it, begins with a line that says so (dropped, unreachable, login failed,
/// deactivated) and ends with the RECOVERED line of that process. A member counts as down from the first such line of
/// any process until the first RECOVERED line of any; later lines of failure make it down again. A failed attempt in
/// mid-story begins an outage, too. Times are those of the lines: an outage begins when it was noticed.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "hasim/ha_log.hpp"
#include "logtools/line_counter.hpp"

namespace hasim::logtools {

struct OutageStats {
    std::uint64_t begun = 0;
    std::uint64_t recovered = 0;            ///< those that a RECOVERED line ended
    std::chrono::seconds recovery_time{0};  ///< of these, all together
    std::chrono::seconds longest{
        0};  ///< the longest that ended, or that still goes on at the end of the log
    LocalSeconds longest_began{};
    bool longest_goes_on = false;
    std::uint64_t open = 0;  ///< those that did not end

    /// Mean time to recovery; nothing when none ended.
    [[nodiscard]] std::optional<std::chrono::seconds> mean() const;
    void add(const OutageStats& other);
};

struct MemberStats {
    std::array<std::uint64_t, kLogForms> forms{};
    OutageStats outages;
    std::chrono::seconds down{0};  ///< within the time of the log
    bool down_at_end = false;
};

struct GroupStats {
    std::map<Serial, MemberStats> members;
    std::set<Pid> processes;
    std::chrono::seconds all_down{0};  ///< while every member that the log names was down
};

struct LogStats {
    LineCounts counts;
    std::map<Serial, GroupStats> groups;
    std::optional<LocalSeconds> first;
    std::optional<LocalSeconds> last;  ///< the latest stamp, not that of the last line
    std::uint64_t left_out = 0;  ///< records of members beyond the limit: counted by form alone

    [[nodiscard]] std::chrono::seconds span() const
    {
        return first ? *last - *first : std::chrono::seconds(0);
    }
};

/// Gathers them, line by line, in memory that depends on members and processes alone; and of these at most kMostMembers
/// (by process and group) are told apart.
class StatsCollector {
public:
    static constexpr std::size_t kMostMembers = 65536;

    void feed(const log::Line& line);

    /// Closes the account at the latest stamp.
    [[nodiscard]] LogStats finish() &&;

private:
    struct Downs {
        std::map<Pid, LocalSeconds> outages;  // since when, by process
        std::optional<LocalSeconds> since;    // the member is down
    };
    struct GroupDowns {
        std::map<Serial, Downs> members;
        std::size_t down = 0;
        std::optional<LocalSeconds> all_since;
    };

    void feed_record(const log::ParsedLine& record);
    void went_down(const log::ParsedLine& record, Downs& downs);
    void came_back(const log::ParsedLine& record, Downs& downs);
    void balance(Serial group, LocalSeconds now);

    LogStats stats_;
    std::map<Serial, GroupDowns> downs_;
    std::size_t tracked_ = 0;
};

/// For people, and as JSON.
[[nodiscard]] std::string stats_text(const LogStats& stats);
[[nodiscard]] std::string stats_json(const LogStats& stats);

/// "3d 4h", "1h 30m", "2m 5s", "12s": the two largest parts.
[[nodiscard]] std::string duration_text(std::chrono::seconds duration);

}  // namespace hasim::logtools
