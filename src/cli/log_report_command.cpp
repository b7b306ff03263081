#include "cli/commands.hpp"
#include "cli/log_input.hpp"
#include "host/replace_file.hpp"
#include "logtools/report.hpp"

namespace hasim::cli {
namespace {

class LogReportCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        declare_log_files(options, files_);
        options.text("-o", "PAGE", page_, "file to write; - for standard output");
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
        for (const std::string& file : *files) {
            if (host::same_file(file, page_)) {
                console.error(file +
                              ": is read for the report, and the report would be written over "
                              "it; name another file with -o");
                return ExitCode::usage;
            }
        }
        logtools::Report report({std::move(zone), std::move(*groups)});
        logtools::LineStream stream(*files);
        for (logtools::PlacedLine line; stream.next(line);) {
            report.feed(line);
        }
        if (stream.failure()) {
            return log_input_failed(*stream.failure(), console);
        }
        const std::string text = std::move(report).page(*files);
        if (page_ == "-") {
            console.write(text);
            return ExitCode::done;
        }
        if (const std::string wrong = host::replace_file(page_, text); !wrong.empty()) {
            console.error(wrong);
            return ExitCode::environment;
        }
        console.info("written to " + page_);
        return ExitCode::done;
    }

private:
    std::vector<std::string> files_;
    std::string page_ = "report.html";
    std::string conf_;
    std::string timezone_;
};

const std::string kLogReportDetails =
    "One self-contained page: a timeline with a lane per member, outages, members, and the lines "
    "themselves. It "
    "refers to nothing outside itself, follows the reader's choice of dark or light, and can be "
    "printed. With "
    "more than 20000 lines the timeline shows shares of time instead of single lines, and says "
    "so.\n\n" +
    std::string(kLogFilesHelp);

}  // namespace

const Command kLogReportCommand = command<LogReportCommand>(
    "log report", "draws HA logs as a page for people", kLogReportDetails);

}  // namespace hasim::cli
