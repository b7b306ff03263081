// `hasim faults`: the vocabulary of scenario lines and of `hasim ctl`, from the one table of faults.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/vocabulary.hpp"
#include "scenario/fault_search.hpp"

namespace hasim::cli {
namespace {

using scenario::FaultInfo;

std::string all_faults()
{
    std::string text;
    const FaultInfo* previous = nullptr;
    for (const FaultInfo& info : scenario::fault_table()) {
        if (previous == nullptr || previous->chapter != info.chapter) {
            text += fmt::format("{}{}\n", previous == nullptr ? "" : "\n",
                                scenario::title_of(info.chapter));
        }
        previous = &info;
        text += fmt::format("  {}\n      {}\n", scenario::usage(info), info.does);
    }
    return text;
}

std::string one_fault(const FaultInfo& info)
{
    return fmt::format(
        "{}\n  what it does       {}\n  done to            {}\n  the client sees    {}\n"
        "  lines that follow  {}\n",
        scenario::usage(info), info.does, scenario::targets_text(info), info.sees, info.lines);
}

class FaultsCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.optional_positional(
            "WORD", word_, "only the faults of that name, or of that meaning: cable, unplug, slow");
        options.offer(fault_words());
        options.flag("--json", json_, "print JSON");
    }

    ExitCode run(Console& console) override
    {
        if (json_ && word_.empty()) {
            console.write(faults_json());
            return ExitCode::done;
        }
        if (word_.empty()) {
            console.write(all_faults());
            console.info(
                "hasim: `hasim faults WORD` says more; an example: hasim ctl 'hsm2 cable out'");
            return ExitCode::done;
        }
        const auto found = scenario::faults_like(word_);
        if (found.empty()) {
            console.error(fmt::format(
                "no fault is called or described '{}'; `hasim faults` lists all", word_));
            return ExitCode::usage;
        }
        if (json_) {
            console.write(faults_json(found));
            return ExitCode::done;
        }
        for (const FaultInfo* const info : found) {
            console.write((info == found.front() ? "" : "\n") + one_fault(*info));
        }
        return ExitCode::done;
    }

private:
    std::string word_;
    bool json_ = false;
};

}  // namespace

const Command kFaultsCommand = command<FaultsCommand>(
    "faults", "prints what can be done to a run: cables, appliances, partitions",
    "The words of scenario lines and of `hasim ctl`, with what each does. A line is a target "
    "(hsm2, "
    "member S, all, ...) and one of these: hasim ctl 'hsm2 cable out for 30s'.");

}  // namespace hasim::cli
