#include "cli/commands.hpp"
#include "cli/conf_file.hpp"

#include "base/plain_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace hasim::cli {
namespace {

class ConfCheckCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.positional("FILE", file_, "a Chrystoki.conf or crystoki.ini");
        options.flag("--json", json_, "print JSON");
        options.flag("--strict", strict_, "warnings count as errors");
    }

    ExitCode run(Console& console) override
    {
        const auto configuration = load_configuration(file_, console);
        if (!configuration) {
            return ExitCode::usage;
        }
        const bool holds =
            strict_ ? worst_of(*configuration) < Severity::warning : configuration->ok();
        if (json_) {
            const std::string name = boost::json::serialize(boost::json::value(printable(file_)));
            constexpr const char* kForm =
                "{{\n  \"file\": {},\n  \"ok\": {},\n  \"findings\": {}\n}}\n";
            console.write(fmt::format(kForm, name, holds, findings_json(*configuration)));
        } else {
            for (const Finding& finding : configuration->findings) {
                console.write(to_text(finding) + "\n");
            }
        }
        if (configuration->findings.empty()) {
            console.info(file_ + ": nothing to complain about");
        }
        return holds ? ExitCode::done : ExitCode::does_not_hold;
    }

private:
    static Severity worst_of(const conf::Configuration& configuration)
    {
        Severity worst = Severity::note;
        for (const Finding& finding : configuration.findings) {
            worst = std::max(worst, finding.severity);
        }
        return worst;
    }

    std::string file_;
    bool json_ = false;
    bool strict_ = false;
};

}  // namespace

const Command kConfCheckCommand = command<ConfCheckCommand>(
    "conf check", "says what is wrong with a configuration",
    "Prints every finding as FILE:LINE:COLUMN: SEVERITY: TEXT. Exits with 0 when there is no error "
    "(there may be warnings and notes), with 1 when there is one, with 2 when there is nothing to "
    "read. With --strict a warning is as bad as an error; notes never are.");

}  // namespace hasim::cli
