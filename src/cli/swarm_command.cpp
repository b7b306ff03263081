// `hasim swarm`: random scenarios under the eyes of the invariants; what breaks one is made small.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>

#include "base/words.hpp"
#include "cli/commands.hpp"
#include "cli/live_swarm.hpp"
#include "cli/play_inputs.hpp"
#include "cli/progress.hpp"
#include "host/parallel.hpp"
#include "host/replace_file.hpp"
#include "scenario/values.hpp"
#include "swarm/checked_play.hpp"
#include "swarm/draw_scenario.hpp"
#include "swarm/shrink.hpp"

namespace hasim::cli {

namespace {

constexpr std::uint64_t kLiveJobs = 8;  ///< they wait more than they compute

/// A seed whose scenario broke an invariant.
struct Found {
    std::uint64_t seed = 0;
    swarm::Violation violation;
};

class SwarmCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.required_text("--conf", "FILE", conf_, "the configuration that is played on");
        options.number("--seeds", "N", seeds_, 1, 1'000'000'000, "how many scenarios");
        options.number("--seed", "FIRST", first_, 0, 1'000'000'000'000,
                       "the seed of the first; the next ones follow");
        OptionDeclaration length;
        length.name = "--for";
        length.value = std::string("D");
        length.help = "how long things are broken; the time to come back is added";
        length.default_text = std::string("10m");
        length.read = [this](std::string_view text) -> std::string {
            const auto read = scenario::read_duration(text);
            if (!read || *read > std::chrono::hours(24 * 30)) {
                return "is not a duration such as 90s, 5m or 1h30m, of 30d at most";
            }
            safety_ = *read;
            return "";
        };
        options.add(std::move(length));
        options.number(
            "--live", "N", live_, 1, 1'000'000,
            "play N scenarios over TCP instead, some of their lines given as `hasim ctl` "
            "gives them, and compare them with virtual time");
        options.decimal("--speed", "X", speed_, 0.01, 1000,
                        "with --live: simulated seconds in a real one");
        options.number("-j", "N", jobs_, 1, 256,
                       "how many at once; as many as there are cores without it, 8 with --live");
        options.text(
            "--out", "FILE", out_,
            "where the scenario goes that broke an invariant; swarm-SEED.hasim without it");
    }

    ExitCode run(Console& console) override
    {
        PlayRequest request;
        request.conf = conf_;
        PlayInputs inputs = read_play_inputs(request);
        if (!inputs.ok()) {
            for (const Finding& finding : inputs.findings) {
                console.diagnostic(to_text(finding));
            }
            return ExitCode::usage;
        }
        if (host::same_file(conf_, out_)) {
            console.error(
                out_ + " is the configuration, and --out would write over it; name another file");
            return ExitCode::usage;
        }
        options_ = inputs.options;
        if (live_) {
            return compare(console);
        }
        console.write(fmt::format("seed {}, {}, --for {}, --conf {}\n", first_,
                                  counted(seeds_, "scenario"), scenario::duration_text(safety_),
                                  conf_));
        if (!console.flush()) {  // whatever ends the search, it is known which it was
            return ExitCode::environment;
        }
        const auto found = search();
        if (!found) {
            console.write(
                fmt::format("every invariant holds in {}\n", counted(seeds_, "scenario")));
            return ExitCode::done;
        }
        return tell(*found, console);
    }

private:
    [[nodiscard]] play::PlayOptions play_options(Scenario scenario) const
    {
        play::PlayOptions options = options_;
        options.scenario = std::move(scenario);
        return options;
    }

    /// The lowest seed that breaks an invariant, whatever the number of threads.
    [[nodiscard]] std::optional<Found> search() const
    {
        std::optional<Found> lowest;
        std::mutex mutex;
        std::atomic<std::uint64_t> stop = seeds_;  // no seed from here on can be the lowest
        Progress progress(seeds_, "scenarios");
        host::in_parallel(jobs_.value_or(host::cores()), seeds_, [&](std::uint64_t index) {
            if (index >= stop) {
                return;
            }
            const std::uint64_t seed = first_ + index;
            if (const auto violation = swarm::play_checked(
                    play_options(swarm::draw_scenario(options_.settings, seed, safety_)))) {
                const std::lock_guard lock(mutex);
                if (!lowest || seed < lowest->seed) {
                    lowest = Found{seed, *violation};
                    stop = index;
                }
            }
            progress.step();
        });
        return lowest;
    }

    ExitCode compare(Console& console) const
    {
        const LiveSwarm swarm{options_, speed_, safety_,
                              first_,   *live_, static_cast<unsigned>(jobs_.value_or(kLiveJobs))};
        const LiveSwarmResult result = [&] {
            Progress progress(*live_, "scenarios");
            return play_live_swarm(swarm, [&] { progress.step(); });
        }();
        console.write(result.report);
        console.write(fmt::format(
            "{} over TCP at --speed {}: {} as in virtual time, {} not, {} on a machine "
            "that was too slow\n",
            counted(*live_, "scenario"), speed_, result.same, result.different, result.too_slow));
        if (!result.problem.empty()) {
            console.error(result.problem);
            return ExitCode::environment;
        }
        return result.different > 0 ? ExitCode::does_not_hold : ExitCode::done;
    }

    /// What the text of a scenario breaks, as `hasim test` would read it.
    [[nodiscard]] std::optional<swarm::Violation> violation_of(const Scenario& scenario) const
    {
        ScenarioResult read = parse_scenario("swarm", print(scenario));
        const auto is_error = [](const Finding& finding) {
            return finding.severity == Severity::error;
        };
        const std::vector<Finding> findings = check(read.scenario, options_.settings, "swarm");
        if (!read.ok() || std::any_of(findings.begin(), findings.end(), is_error)) {
            return std::nullopt;
        }
        return swarm::play_checked(play_options(std::move(read.scenario)));
    }

    ExitCode tell(const Found& found, Console& console) const
    {
        const std::string_view invariant = swarm::name_of(found.violation.invariant);
        console.write(fmt::format("seed {} breaks {} at {}: {}\n", found.seed, invariant,
                                  scenario::duration_text(found.violation.at.time_since_epoch()),
                                  found.violation.text));
        const std::string out = out_.empty() ? fmt::format("swarm-{}.hasim", found.seed) : out_;
        const Scenario drawn = swarm::draw_scenario(options_.settings, found.seed, safety_);
        swarm::Shrunk shrunk = swarm::shrink(drawn, [&](const Scenario& scenario) {
            const auto violation = violation_of(scenario);
            return violation && violation->invariant == found.violation.invariant;
        });
        Scenario& small = shrunk.scenario;
        const auto now = violation_of(small);
        std::error_code ignored;
        const auto folder = std::filesystem::absolute(out, ignored).parent_path();
        small.conf = ConfPath{std::filesystem::relative(conf_, folder, ignored).string()};
        small.opening = {
            fmt::format(" Breaks {}: {}.", invariant, now ? now->text : found.violation.text),
            fmt::format(" Shrunk from: hasim swarm --seed {} --seeds 1 --for {}", found.seed,
                        scenario::duration_text(safety_))};
        const std::string text = print(small);
        console.write(fmt::format("shrunk in {}{} to {}:\n{}", counted(shrunk.trials, "trial"),
                                  shrunk.to_the_end ? "" : ", not to the end", out, text));
        if (const std::string problem = host::replace_file(out, text); !problem.empty()) {
            console.error(problem);
            return ExitCode::environment;
        }
        return ExitCode::does_not_hold;
    }

    std::string conf_;
    std::uint64_t seeds_ = 100;
    std::uint64_t first_ = 1;
    Duration safety_ = std::chrono::minutes(10);
    std::optional<std::uint64_t> live_;
    double speed_ = 20;
    std::optional<std::uint64_t> jobs_;
    std::string out_;
    play::PlayOptions options_;
};

}  // namespace

const Command kSwarmCommand =
    command<SwarmCommand>("swarm", "looks for scenarios that break what must always hold",
                          "Draws scenarios from seeds, breaks things for a while, heals them all "
                          "and waits. The first that breaks an "
                          "invariant is made as small as it goes and written as a file for `hasim "
                          "test`. Exits with 0 when every invariant "
                          "holds, with 1 when one does not.");

}  // namespace hasim::cli
