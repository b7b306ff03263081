/// One self-contained HTML page about a log: timeline, outages, members, lines.
#pragma once

#include <string>
#include <vector>

#include "logtools/log_stats.hpp"
#include "logtools/report_timeline.hpp"

namespace hasim::logtools {

/// Gathers what the page shows, in bounded memory.
class Report {
public:
    /// Of unknown and torn lines this many are shown.
    static constexpr std::size_t kMostOthers = 50;

    explicit Report(const StatsOptions& options = {}) : stats_(options, &timeline_) {}
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;

    void feed(const PlacedLine& line);

    /// The page. It names `files`, refers to nothing outside itself, and depends on the log alone.
    [[nodiscard]] std::string page(const std::vector<std::string>& files) &&;

private:
    struct Other {
        std::string place;
        std::string kind;
        std::string text;
    };

    std::string data(const LogStats& stats) const;
    std::string others_table() const;
    std::string outages_table(const LogStats& stats) const;
    std::string notices(const LogStats& stats) const;

    Timeline timeline_;
    StatsCollector stats_;
    std::vector<Other> others_;
};

}  // namespace hasim::logtools
