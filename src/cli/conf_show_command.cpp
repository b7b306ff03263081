#include "cli/commands.hpp"
#include "cli/conf_file.hpp"

#include "base/plain_text.hpp"

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace hasim::cli {
namespace {

std::string source_of(const conf::Configuration& configuration, const conf::Origin& origin)
{
    return origin.line == 0 ? "default" : fmt::format("{}:{}", configuration.file, origin.line);
}

// Columns for people: a long list of members moves only what stands behind it in its own line.
std::string as_text(const conf::Configuration& configuration)
{
    constexpr std::size_t kWidestValue = 40;
    std::size_t key_width = 0;
    std::size_t value_width = 0;
    for (const conf::Origin& origin : configuration.origins) {
        key_width = std::max(key_width, printable(origin.key).size());
        value_width = std::max(value_width, std::min(printable(origin.value).size(), kWidestValue));
    }
    std::string text;
    std::string_view section;
    for (const conf::Origin& origin : configuration.origins) {
        if (origin.section != section) {
            section = origin.section;
            text += fmt::format("{}{}\n", text.empty() ? "" : "\n", section);
        }
        const std::string value = origin.value.empty() ? "(none)" : printable(origin.value);
        text += fmt::format("  {:<{}} = {:<{}}  {}\n", printable(origin.key), key_width, value,
                            value_width, source_of(configuration, origin));
    }
    return text;
}

std::string as_json(const conf::Configuration& configuration)
{
    std::string settings;
    for (const conf::Origin& origin : configuration.origins) {
        boost::json::object object{{"section", origin.section},
                                   {"key", printable(origin.key)},
                                   {"value", printable(origin.value)},
                                   {"source", origin.line == 0 ? "default" : "file"}};
        if (origin.line != 0) {
            object["line"] = origin.line;
        }
        settings += settings.empty() ? "\n    " : ",\n    ";
        settings += boost::json::serialize(object);
    }
    const std::string name =
        boost::json::serialize(boost::json::value(printable(configuration.file)));
    return fmt::format("{{\n  \"file\": {},\n  \"settings\": [{}\n  ],\n  \"findings\": {}\n}}\n",
                       name, settings, findings_json(configuration));
}

class ConfShowCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.positional("FILE", file_, "a Chrystoki.conf or crystoki.ini");
        options.flag("--json", json_, "print JSON");
    }

    ExitCode run(Console& console) override
    {
        const auto configuration = load_configuration(file_, console);
        if (!configuration) {
            return ExitCode::usage;
        }
        for (const Finding& finding : configuration->findings) {
            if (finding.severity != Severity::note) {
                console.diagnostic(to_text(finding));
            }
        }
        if (!configuration->ok()) {
            return ExitCode::does_not_hold;
        }
        console.write(json_ ? as_json(*configuration) : as_text(*configuration));
        return ExitCode::done;
    }

private:
    std::string file_;
    bool json_ = false;
};

}  // namespace

const Command kConfShowCommand = command<ConfShowCommand>(
    "conf show", "prints the settings in force and where each comes from",
    "Each setting stands with the file and line it was read from, or as a default. A file with an "
    "error has no settings in force: its findings go to standard error, and the exit code is 1.");

}  // namespace hasim::cli
