#include "cli/commands.hpp"
#include "cli/ctl_door.hpp"
#include "cli/duration_option.hpp"
#include "cli/vocabulary.hpp"
#include "control/client.hpp"
#include "control/socket_directory.hpp"
#include "scenario/values.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace hasim::cli {
namespace {

class CtlCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.number("--pid", "N", pid_, 1, 4294967295, "which hasim; needed when several run");
        options.flag("--json", json_, "with status: print JSON, as GET /api/v1/state answers");
        duration_option(options, "--timeout", timeout_,
                        "with wait: give up after so much real time; 10s without it");
        options.positionals("LINE", words_,
                            "what to do, as a scenario says it (hasim faults lists what there is), "
                            "or status, list, wait ID ..., scenario or metrics; several words are "
                            "one line");
        std::vector<std::string> offered{"status", "list", "wait", "scenario", "metrics"};
        for (const char* const target : {"hsm1", "hsm2", "hsm3", "member", "any", "all"}) {
            offered.emplace_back(target);
        }
        std::ranges::copy(fault_words(), std::back_inserter(offered));
        options.offer(std::move(offered));
    }

    ExitCode run(Console& console) override
    {
        std::string line;
        for (const std::string& word : words_) {
            line += line.empty() ? word : " " + word;
        }
        if (line == "wait") {
            console.error(
                "wait: for what? name the line, as in: hasim ctl wait DROPMEMBER member S");
            return ExitCode::usage;
        }
        const bool waits = line.starts_with("wait ");
        if ((json_ && line != "status") || (timeout_ && !waits)) {
            console.error(json_ ? "--json goes with status" : "--timeout goes with wait");
            return ExitCode::usage;
        }
        const Duration timeout = timeout_.value_or(std::chrono::seconds(10));
        if (waits) {
            line = "wait " + scenario::duration_text(timeout) + line.substr(line.find(' '));
        }
        line += json_ ? " --json" : "";
        const std::string directory = control::socket_directory();
        if (line == "list" && !pid_) {
            return list(directory, console);
        }
        const control::Answer answer =
            waits ? control::send_line(directory, pid_, line,
                                       std::chrono::ceil<std::chrono::seconds>(timeout) + kSlack)
                  : control::send_line(directory, pid_, line);
        if (waits && answer.kind == control::Answer::Kind::refused &&
            answer.text.starts_with(kNotWritten)) {
            console.error(answer.text);
            return ExitCode::does_not_hold;
        }
        switch (answer.kind) {
        case control::Answer::Kind::done: console.write(answer.text); return ExitCode::done;
        case control::Answer::Kind::refused:
        case control::Answer::Kind::not_chosen: console.error(answer.text); return ExitCode::usage;
        case control::Answer::Kind::not_reached: break;
        }
        console.error(answer.text);
        return ExitCode::environment;
    }

private:
    /// What an answer may take beyond the time that was waited.
    static constexpr std::chrono::seconds kSlack{10};

    /// Which hasims run: a row each. One that does not answer soon has a row that says so.
    static ExitCode list(const std::string& directory, Console& console)
    {
        constexpr std::chrono::seconds kPatience{2};
        const std::vector<std::uint64_t> pids = control::running(directory);
        for (const std::uint64_t pid : pids) {
            const control::Answer answer = control::send_line(directory, pid, "list", kPatience);
            console.write(answer.kind == control::Answer::Kind::done
                              ? answer.text
                              : fmt::format("{}  {}\n", pid, answer.text));
        }
        if (!pids.empty()) {
            return ExitCode::done;
        }
        // None, or a directory that is not to be trusted, which whoever sends a line is told.
        const std::string why = control::send_line(directory, std::nullopt, "list", kPatience).text;
        if (why != control::none_runs(directory)) {
            console.error(why);
            return ExitCode::usage;
        }
        console.info("hasim: " + why);
        return ExitCode::done;
    }

    std::optional<std::uint64_t> pid_;
    std::optional<Duration> timeout_;
    bool json_ = false;
    std::vector<std::string> words_;
};

}  // namespace

const Command kCtlCommand = command<CtlCommand>(
    "ctl", "breaks, heals and asks a running hasim",
    "LINE is an event of the scenario language, with or without a time: 'hsm2 "
    "cable out', 'at 90s hsm2 cable in'. status prints "
    "how the run is; list prints which runs there are. wait DROPMEMBER member S "
    "prints the line once it is written, from the last LINE given on, and ends "
    "with 1 when it is not. scenario prints what was done since the start, as a "
    "scenario with what came of it. "
    "The hasim that is told is the only one of this user that runs, or the one "
    "with the pid given.");

}  // namespace hasim::cli
