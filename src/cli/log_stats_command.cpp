#include "cli/commands.hpp"
#include "cli/log_input.hpp"
#include "logtools/counts_text.hpp"
#include "logtools/log_stats.hpp"

namespace hasim::cli {
namespace {

class LogStatsCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        declare_log_files(options, files_);
        options.flag("--json", json_, "print JSON");
        declare_log_conf(options, conf_);
        declare_timezone(options, timezone_);
    }

    ExitCode run(Console& console) override
    {
        const auto files = log_files(files_, console);
        auto groups = read_groups(conf_, console);
        std::optional<Zone> zone;
        if (!files || !groups || !read_timezone(timezone_, zone, console)) {
            return ExitCode::usage;
        }
        logtools::StatsCollector collector({std::move(zone), std::move(*groups)});
        logtools::LineStream stream(*files);
        for (logtools::PlacedLine line; stream.next(line);) {
            collector.feed(line.line);
        }
        if (stream.failure()) {
            return log_input_failed(*stream.failure(), console);
        }
        const logtools::LogStats stats = std::move(collector).finish();
        console.write(json_ ? logtools::stats_json(stats) : logtools::stats_text(stats));
        console.info(logtools::counts_summary(stats.counts));
        return ExitCode::done;
    }

private:
    std::vector<std::string> files_;
    std::string conf_;
    std::string timezone_;
    bool json_ = false;
};

const std::string kLogStatsDetails =
    "Per group and member: counts per message, availability, number of outages, mean time to "
    "recovery, the longest outage; per group also its processes, and for how long all members "
    "were down at once. An outage begins with the line that tells it and ends with the RECOVERED "
    "line of the same process; without that line it ends where the process was last heard, and "
    "its end counts as not told. Availability is the part of the known time that the member was "
    "up. Without --conf, the members of a group are those that the log names.\n\n" +
    std::string(kLogFilesHelp);

}  // namespace

const Command kLogStatsCommand = command<LogStatsCommand>(
    "log stats", "tells outages and availability from HA logs", kLogStatsDetails);

}  // namespace hasim::cli
