#include "cli/commands.hpp"
#include "cli/conf_file.hpp"

#include "base/plain_text.hpp"

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
    }

    ExitCode run(Console& console) override
    {
        const auto configuration = load_configuration(file_, console);
        if (!configuration) {
            return ExitCode::usage;
        }
        if (json_) {
            const std::string name = boost::json::serialize(boost::json::value(printable(file_)));
            constexpr const char* kForm =
                "{{\n  \"file\": {},\n  \"ok\": {},\n  \"findings\": {}\n}}\n";
            console.write(
                fmt::format(kForm, name, configuration->ok(), findings_json(*configuration)));
        } else {
            for (const Finding& finding : configuration->findings) {
                console.write(to_text(finding) + "\n");
            }
        }
        if (configuration->findings.empty()) {
            console.diagnostic(file_ + ": nothing to complain about");
        }
        return configuration->ok() ? ExitCode::done : ExitCode::does_not_hold;
    }

private:
    std::string file_;
    bool json_ = false;
};

}  // namespace

const Command kConfCheckCommand = command<ConfCheckCommand>(
    "conf check", "says what is wrong with a configuration",
    "Prints every finding as FILE:LINE:COLUMN: SEVERITY: TEXT. Exits with 0 when there is no error "
    "(there may be warnings and notes), with 1 when there is one, with 2 when there is nothing to "
    "read.");

}  // namespace hasim::cli
