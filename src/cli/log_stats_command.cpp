#include "cli/commands.hpp"
#include "cli/log_input.hpp"
#include "logtools/log_stats.hpp"

namespace hasim::cli {
namespace {

class LogStatsCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        declare_log_files(options, files_);
        options.flag("--json", json_, "print JSON");
    }

    ExitCode run(Console& console) override
    {
        const auto files = log_files(files_, console);
        if (!files) {
            return ExitCode::usage;
        }
        logtools::StatsCollector collector;
        logtools::LineStream stream(*files);
        for (logtools::PlacedLine line; stream.next(line);) {
            collector.feed(line.line);
        }
        if (stream.failure()) {
            return log_input_failed(*stream.failure(), console);
        }
        const logtools::LogStats stats = std::move(collector).finish();
        console.write(json_ ? logtools::stats_json(stats) : logtools::stats_text(stats));
        return ExitCode::done;
    }

private:
    std::vector<std::string> files_;
    bool json_ = false;
};

const std::string kDetails =
    "Per group and member: counts per message, availability, number of outages, mean time to "
    "recovery, the "
    "longest outage; per group also its processes, and for how long every member that the log "
    "names was down. "
    "An outage begins with the line that tells it and ends with the RECOVERED line of the same "
    "process. A "
    "member counts as down until any process has recovered it. Availability is the part of the "
    "time between "
    "the first and the last line that the member was not down.\n\n" +
    std::string(kLogFilesHelp);

}  // namespace

const Command kLogStatsCommand =
    command<LogStatsCommand>("log stats", "tells outages and availability from HA logs", kDetails);

}  // namespace hasim::cli
