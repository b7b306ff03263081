#include "base/words.hpp"
#include "cli/commands.hpp"
#include "cli/log_input.hpp"
#include "logtools/counts_text.hpp"
#include "logtools/log_check.hpp"

#include <fmt/format.h>

namespace hasim::cli {
namespace {

class LogCheckCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        declare_log_files(options, files_);
        options.flag("--strict", strict_, "exit with 1 for notes, too");
        declare_timezone(options, timezone_);
    }

    ExitCode run(Console& console) override
    {
        const auto files = log_files(files_, console);
        std::optional<Zone> zone;
        if (!files || !read_timezone(timezone_, zone, console)) {
            return ExitCode::usage;
        }
        ResultBuffer results(console);
        logtools::LogCheck check(
            [&results](const Finding& finding) { results.text() += to_text(finding) + '\n'; },
            std::move(zone));
        logtools::LineStream stream(*files);
        logtools::LineCounts counts;
        for (logtools::PlacedLine line; stream.next(line) && results.go_on();) {
            counts.add(line.line);
            check.check(line);
        }
        results.finish();
        console.info(logtools::counts_summary(counts));
        console.info(fmt::format("{}, {}", counted(check.errors(), "error"),
                                 counted(check.notes(), "note")));
        if (stream.failure()) {
            return log_input_failed(*stream.failure(), console);
        }
        const bool wrong = check.errors() != 0 || (strict_ && check.notes() != 0);
        return wrong ? ExitCode::does_not_hold : ExitCode::done;
    }

private:
    std::vector<std::string> files_;
    std::string timezone_;
    bool strict_ = false;
};

const std::string kLogCheckDetails =
    "Prints FILE:LINE: error: REASON for each line that cannot have been written where it stands, "
    "judged "
    "per group, process and member by the machine that writes the log: an attempt number that is "
    "left out "
    "inside one recovery, an attempt after the line of the exceeded maximum, and so on. What is "
    "possible only "
    "after something that leaves no line (C_Finalize and C_Initialize; in message set 6.2.2 also a "
    "manual "
    "recovery) is a note, and so is what only another process of the same process id may have "
    "written, and so are torn and unknown lines, a clock that goes backwards, and "
    "small "
    "irregularities. A log may begin in mid-story. Exits with 1 when there is an error.\n\n" +
    std::string(kLogFilesHelp);

}  // namespace

const Command kLogCheckCommand = command<LogCheckCommand>(
    "log check", "finds lines that no client can have written where they stand", kLogCheckDetails);

}  // namespace hasim::cli
