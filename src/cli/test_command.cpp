// `hasim test`: plays scenarios and says which do not hold.
#include <algorithm>
#include <fstream>
#include <mutex>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/junit.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_files.hpp"
#include "cli/scenario_trial.hpp"
#include "host/parallel.hpp"
#include "host/replace_file.hpp"

namespace hasim::cli {

namespace {

class TestCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.positionals("PATH", paths_, "scenario files, and folders with *.hasim files");
        options.flag("--live", trial_.live, "over TCP, instead of in virtual time");
        options.decimal("--speed", "X", trial_.speed, 0.001, 100000,
                        "with --live: how many simulated seconds pass in a real one");
        options.flag("--update", trial_.update,
                     "rewrite the log blocks of the files with what was written; read the "
                     "difference afterwards");
        options.flag("--every-call", trial_.every_call,
                     "play each call; without it those of a steady load that are all alike are "
                     "counted");
        options.flag("--strict", trial_.strict,
                     "fail what passes with a warning, such as an expectation that cannot fail");
        options.text("--junit", "FILE", junit_, "write the results there as JUnit XML too");
        options.number("-j", "N", jobs_, 1, 256,
                       "how many at once; as many as there are cores without it");
        options.text("--filter", "WORDS", filter_, "only files whose path holds every word");
        options.flag("--list", list_, "print the files, and play nothing");
    }

    ExitCode run(Console& console) override
    {
        std::vector<std::string> files;
        if (!find_scenarios(paths_, filter_, files, console)) {
            return ExitCode::usage;
        }
        if (files.empty()) {
            console.error(
                filter_.empty()
                    ? "no scenario to play: the folders named hold no file that ends in .hasim"
                    : "no scenario to play: no file that ends in .hasim has all words of --filter "
                      "in its path");
            return ExitCode::usage;
        }
        if (const std::string wrong = wrong_together(); !wrong.empty()) {
            console.error(wrong);
            return ExitCode::usage;
        }
        if (list_) {
            for (const std::string& file : files) {
                console.write(file + "\n");
            }
            return ExitCode::done;
        }
        for (const std::string& file : files) {
            if (host::same_file(file, junit_)) {
                console.error(file +
                              " is one of the scenarios, and --junit would write over it; name "
                              "another file");
                return ExitCode::usage;
            }
        }
        const std::vector<Trial> trials = play_all(files, !console.manner().quiet());
        return report(trials, console);
    }

private:
    /// What is wrong with options that were given together; empty when nothing is.
    [[nodiscard]] std::string wrong_together() const
    {
        if (trial_.update && trial_.live) {
            return "--update takes the exact stamps of virtual time: leave out --live";
        }
        if (trial_.every_call && trial_.live) {
            return "--every-call is for virtual time: with --live each call is made anyway";
        }
        if (trial_.speed != TrialOptions{}.speed && !trial_.live) {
            return "--speed is for --live: virtual time waits for nothing";
        }
        return {};
    }

    [[nodiscard]] std::vector<Trial> play_all(const std::vector<std::string>& files,
                                              bool shown) const
    {
        std::vector<Trial> trials(files.size());
        Progress progress(files.size(), "scenarios", shown);
        host::in_parallel(jobs_.value_or(host::cores()), files.size(), [&](std::uint64_t index) {
            trials[index] = try_scenario(files[index], trial_);
            progress.step();
        });
        return trials;
    }

    ExitCode report(const std::vector<Trial>& trials, Console& console) const
    {
        std::size_t passed = 0;
        std::size_t failed = 0;
        std::size_t skipped = 0;
        bool invalid = false;
        bool environment = false;
        for (const Trial& trial : trials) {
            console.write(trial.warnings);
            switch (trial.outcome) {
            case Trial::Outcome::passed:
                ++passed;
                if (console.manner().verbose()) {
                    console.write(fmt::format("passed {}\n", trial.file));
                }
                break;
            case Trial::Outcome::skipped:
                ++skipped;
                if (console.manner().verbose()) {
                    console.write(fmt::format("skipped {}: {}", trial.file, trial.report));
                }
                break;
            case Trial::Outcome::updated:
                if (const std::string problem = host::replace_file(trial.file, trial.new_text);
                    !problem.empty()) {
                    console.error(problem);
                    environment = true;
                    break;
                }
                console.write(fmt::format("updated {}\n", trial.file));
                ++passed;
                break;
            case Trial::Outcome::invalid: invalid = true; [[fallthrough]];
            case Trial::Outcome::failed:
                ++failed;
                console.write(fmt::format("FAILED {}\n{}", trial.file, trial.report));
                break;
            case Trial::Outcome::no_environment:
                environment = true;
                console.error(trial.file + ": " + trial.report);
                break;
            }
        }
        console.write(
            fmt::format("{} passed, {} failed{}\n", passed, failed,
                        skipped > 0 ? fmt::format(", {} skipped", skipped) : std::string{}));
        if (!junit_.empty()) {
            if (const std::string problem = host::replace_file(junit_, junit_xml(trials));
                !problem.empty()) {
                console.error(problem);
                environment = true;
            }
        }
        return environment  ? ExitCode::environment
               : invalid    ? ExitCode::usage
               : failed > 0 ? ExitCode::does_not_hold
                            : ExitCode::done;
    }

    std::vector<std::string> paths_;
    TrialOptions trial_;
    std::string junit_;
    std::optional<std::uint64_t> jobs_;
    std::string filter_;
    bool list_ = false;
};

}  // namespace

const Command kTestCommand =
    command<TestCommand>("test", "plays scenarios and says which do not hold",
                         "Plays every file and compares what came with what it expects, and its "
                         "log with its log block. Exits with 0 when "
                         "all hold, with 1 when one does not, with 2 when a file has errors. With "
                         "-v every file is named, those that "
                         "passed too.");

}  // namespace hasim::cli
