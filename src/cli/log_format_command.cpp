#include "cli/commands.hpp"
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
    }

    ExitCode run(Console& console) override
    {
        const auto tool = logtools::tool_named(to_);
        console.write(logtools::definition_for(tool.value_or(logtools::Tool::regex)));
        return ExitCode::done;
    }

private:
    std::string to_ = "regex";
};

}  // namespace

const Command kLogFormatCommand =
    command<LogFormatCommand>("log format", "writes the HA log's format for other tools",
                              "A definition that lets another tool read haErrorLog.txt: a format "
                              "file for lnav, a rule base for "
                              "liblognorm, patterns for grok, parsers for Fluent Bit, a VRL "
                              "program for Vector, a stanza of props.conf for "
                              "Splunk, bare regular expressions, or the JSON Schema of the rows of "
                              "hasim log parse --json. All are made "
                              "from the message catalogue; docs/log-tools.md says how to use them, "
                              "and where a tool has limits.");

}  // namespace hasim::cli
