#include "cli/commands.hpp"
#include "cli/log_input.hpp"
#include "host/parallel.hpp"
#include "host/stop_signals.hpp"
#include "logtools/count_logs.hpp"
#include "logtools/counts_text.hpp"
#include "logtools/follow.hpp"
#include "logtools/row_writer.hpp"

namespace hasim::cli {
namespace {

class LogParseCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        declare_log_files(options, files_);
        options.flag(
            "--counts", counts_,
            "print counts per message instead of rows (the default when no format is asked for)");
        options.flag("--json", json_, "print a JSON object a line; with --counts, one for all");
        options.flag("--csv", csv_, "print comma-separated rows with a header");
        options.flag("--tsv", tsv_, "print tab-separated rows with a header");
        options.flag("--follow", follow_,
                     "with rows: wait for more in the last file, and read on through its rotation, "
                     "until Ctrl-C");
        options.number("-j", "N", jobs_, 1, 256,
                       "with counts: how many threads; as many as there are cores without it");
    }

    ExitCode run(Console& console) override
    {
        const int formats = int{json_} + int{csv_} + int{tsv_};
        if (formats > 1 || (counts_ && (csv_ || tsv_))) {
            console.error(
                "--json, --csv and --tsv exclude each other, and --counts goes with --json alone");
            return ExitCode::usage;
        }
        if (follow_ && (counts_ || formats == 0)) {
            console.error("--follow goes with rows; name --json, --csv or --tsv");
            return ExitCode::usage;
        }
        if (jobs_ && !counts_ && formats != 0) {
            console.error("-j goes with counts; rows are in the order of the lines");
            return ExitCode::usage;
        }
        const auto files = log_files(files_, console);
        if (!files) {
            return ExitCode::usage;
        }
        return counts_ || formats == 0 ? count(*files, console) : print_rows(*files, console);
    }

private:
    ExitCode count(const std::vector<std::string>& files, Console& console) const
    {
        const logtools::LogCount counted =
            logtools::count_logs(files, jobs_.value_or(host::cores()));
        const ExitCode code =
            counted.failure ? log_input_failed(*counted.failure, console) : ExitCode::done;
        console.write(json_ ? logtools::counts_json(counted.counts)
                            : logtools::counts_table(counted.counts));
        console.info(logtools::counts_summary(counted.counts));
        return code;
    }

    ExitCode print_rows(const std::vector<std::string>& files, Console& console) const
    {
        const logtools::RowWriter writer(json_  ? logtools::RowFormat::json
                                         : csv_ ? logtools::RowFormat::csv
                                                : logtools::RowFormat::tsv);
        logtools::LineCounts counts;
        ResultBuffer results(console);
        // Rows leave when input pauses.
        const auto on_wait = [&results] { results.flush(); };
        std::optional<host::StopSignals> signals;
        std::optional<logtools::FollowedFile> followed;
        std::function<std::optional<std::string>()> more;
        if (follow_ && files.back() != logtools::kStandardInput) {
            signals.emplace();
            followed.emplace(files.back(), on_wait, host::StopSignals::asked);
            more = [&followed] { return followed->next(); };
        }
        const std::size_t before = files.size() - 1;
        std::size_t opened = 0;
        logtools::LineStream stream(
            files,
            [&](const std::string& path) {
                return opened++ >= before && followed ? followed->open(path)
                                                      : logtools::open_source(path, on_wait);
            },
            std::move(more));
        writer.header(results.text());
        for (logtools::PlacedLine line; stream.next(line) && results.go_on();) {
            counts.add(line.line);
            writer.row(results.text(), line);
        }
        results.finish();
        console.info(logtools::counts_summary(counts));
        return stream.failure() ? log_input_failed(*stream.failure(), console) : ExitCode::done;
    }

    std::vector<std::string> files_;
    std::optional<std::uint64_t> jobs_;
    bool counts_ = false;
    bool json_ = false;
    bool csv_ = false;
    bool tsv_ = false;
    bool follow_ = false;
};

const std::string kLogParseDetails =
    "Each line is one row, in its place: records with their parts, unknown and torn lines with "
    "their text. "
    "Nothing is left out silently; the last line on standard error tells how many there were of "
    "each. A torn "
    "line is part of a record whose end or beginning is missing. Times are the client's local "
    "time, as "
    "printed. Lines of more than 256 KiB are unknown, shown as far as 4 KiB.\n\n" +
    std::string(kLogFilesHelp);

}  // namespace

const Command kLogParseCommand =
    command<LogParseCommand>("log parse", "reads HA logs into rows or counts", kLogParseDetails);

}  // namespace hasim::cli
