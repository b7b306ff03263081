// `hasim init`: a configuration to begin with.
#include "cli/commands.hpp"

#include "base/words.hpp"
#include "conf/configuration.hpp"
#include "conf/starter.hpp"
#include "host/new_files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hasim::cli {
namespace {

class InitCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.optional_positional("FILE", file_,
                                    "what to write; Chrystoki.conf without it. A name that ends in "
                                    ".ini gets the form of crystoki.ini");
        options.number("--members", "N", members_, 1, 32, "members of the group");
        options.number("--standby", "N", standby_, 0, 31, "so many of them are standby members");
        options.text("--label", "LABEL", starter_.label, "of the group");
        options.flag("--print", to_stdout_, "print it, and write no file");
    }

    ExitCode run(Console& console) override
    {
        starter_.members = members_;
        starter_.standby = standby_;
        const bool ini =
            file_.size() > 4 && same_but_for_case(file_.substr(file_.size() - 4), ".ini");
        starter_.form = ini ? conf::Form::ini : conf::Form::braces;
        if (standby_ >= members_) {
            console.error("--standby must be less than --members: somebody has to serve");
            return ExitCode::usage;
        }
        const std::string text = conf::starter_text(starter_);
        const conf::Configuration read = conf::read(text, file_);
        const bool kept =
            read.settings.groups.size() == 1 &&
            read.settings.groups.front().label == starter_.label &&
            std::none_of(read.findings.begin(), read.findings.end(),
                         [](const Finding& finding) { return finding.severity != Severity::note; });
        if (!kept) {
            console.error(
                "--label: a Chrystoki.conf cannot hold this label; use letters, digits, "
                "- and _");
            return ExitCode::usage;
        }
        if (to_stdout_) {
            std::string lines = text;  // CR is no line end on a terminal
            std::erase(lines, '\r');
            console.write(lines);
            return ExitCode::done;
        }
        const host::NewFile file{file_, text};
        if (const std::string problem = host::make_files({&file, 1}, host::Standing::kept);
            !problem.empty()) {
            console.error(problem);
            return ExitCode::environment;
        }
        console.info(
            fmt::format("{} is written. Try it with: hasim run --conf {} --speed 20 "
                        "--log-dir halog",
                        file_, file_));
        return ExitCode::done;
    }

private:
    std::string file_ = "Chrystoki.conf";
    std::uint64_t members_ = 2;
    std::uint64_t standby_ = 0;
    conf::Starter starter_;
    bool to_stdout_ = false;
};

}  // namespace

const Command kInitCommand = command<InitCommand>(
    "init", "writes a commented configuration to begin with",
    "One group, each of its members on a simulated appliance of its own. A file that is there "
    "already is not touched: the exit code is 3 then.");

}  // namespace hasim::cli
