#include "cli/commands.hpp"
#include "cli/log_input.hpp"
#include "logtools/definitions.hpp"

namespace hasim::cli {
namespace {

class LogFormatCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        std::vector<std::string> names;
        for (const logtools::Tool tool : logtools::kTools) {
            names.emplace_back(logtools::name_of(tool));
        }
        options.choice("--to", std::move(names), to_, "the tool to write for");
        options.text("--timezone", "NAME", timezone_,
                     "the client's zone, such as America/New_York, for tools that take one: grok, "
                     "opentelemetry, splunk, vector");
    }

    ExitCode run(Console& console) override
    {
        const logtools::Tool tool = logtools::tool_named(to_).value_or(logtools::Tool::regex);
        std::optional<Zone> zone;
        if (!read_timezone(timezone_, zone, console)) {
            return ExitCode::usage;
        }
        if (zone && !logtools::takes_timezone(tool)) {
            console.error("--timezone: a definition for " + to_ +
                          " cannot name a zone; set it where the tool reads the log");
            return ExitCode::usage;
        }
        console.write(logtools::definition_for(tool, timezone_));
        return ExitCode::done;
    }

private:
    std::string to_ = "regex";
    std::string timezone_;
};

}  // namespace

const Command kLogFormatCommand = command<LogFormatCommand>(
    "log format", "writes the HA log's format for other tools",
    "A definition that lets another tool read haErrorLog.txt: a format "
    "file for lnav, a rule base for liblognorm, a configuration of rsyslog "
    "with mmnormalize, patterns for grok, parsers for Fluent Bit, a VRL "
    "program for Vector, a filelog receiver for OpenTelemetry's collector, "
    "a stanza of props.conf for "
    "Splunk, bare regular expressions, or the JSON Schema of the rows of "
    "hasim log parse --json. All are made "
    "from the message catalogue; docs/log-tools.md says how to use them, "
    "and where a tool has limits.");

}  // namespace hasim::cli
