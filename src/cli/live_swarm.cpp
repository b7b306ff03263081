#include "cli/live_swarm.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/steady_timer.hpp>

#include "cli/exit_code.hpp"
#include "cli/live_stage.hpp"
#include "cli/obey.hpp"
#include "host/parallel.hpp"
#include "scenario/faults.hpp"
#include "scenario/values.hpp"
#include "swarm/checked_play.hpp"
#include "swarm/draw_scenario.hpp"
#include "swarm/story.hpp"

namespace hasim::cli {

namespace {

/// Real time by which a busy machine may come late, and after which a difference is still no difference (chosen).
constexpr std::chrono::milliseconds kLate{250};
constexpr int kTries = 3;

/// Gives lines to a stage as `hasim ctl` does, when their time has come.
class Commander {
public:
    Commander(LiveStage& stage, std::vector<std::pair<Instant, std::string>> lines)
        : stage_(stage), lines_(std::move(lines)), timer_(stage.io())
    {
        next();
    }

    [[nodiscard]] const std::string& problems() const { return problems_; }
    void stop() { timer_.cancel(); }

private:
    void next()
    {
        constexpr std::chrono::milliseconds kLook{2};
        timer_.expires_after(kLook);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) {
                return;
            }
            for (; given_ < lines_.size() && lines_[given_].first <= stage_.driver().now();
                 ++given_) {
                give(lines_[given_].second);
            }
            if (given_ < lines_.size()) {
                next();
            }
        });
    }

    void give(const std::string& line)
    {
        const bool possible = is_possible_edit(line);
        const Obeyed obeyed = obey(stage_, line, Clients::own);
        const std::string error = obeyed.errors.empty() ? "" : obeyed.errors.front().text;
        if (error.empty() != possible) {
            problems_ += fmt::format("'{}' was answered with '{}'\n", line, error);
        }
        for (const std::string& wrong :
             {"please " + line, line.substr(0, 2), std::string(line.size(), '\xff')}) {
            if (obey(stage_, wrong, Clients::own).errors.empty()) {
                problems_ += fmt::format("'{}' was done, though it is no line\n", wrong);
            }
        }
    }

    /// False for an edit of a group's members that no file could say, as the group is now. Judged here once more, so
    /// that the world's own judgement is tried.
    [[nodiscard]] bool is_possible_edit(const std::string& line) const
    {
        const Event event = parse_event_line(line).event.value();
        const bool adds = event.fault.kind == FaultKind::add_member;
        if (!adds && event.fault.kind != FaultKind::remove_member) {
            return true;
        }
        const std::vector<GroupSettings>& groups = stage_.play().world().settings().groups;
        return std::any_of(groups.begin(), groups.end(), [&](const GroupSettings& group) {
            const auto has = [&](const std::vector<Serial>& serials) {
                return std::find(serials.begin(), serials.end(), event.fault.serial) !=
                       serials.end();
            };
            const std::size_t all = group.members.size() + group.standby.size();
            const bool named = has(group.members) || has(group.standby);
            return group.label == event.target.name &&
                   (adds ? !has(group.members) && (named || all < kMaxMembers) : named && all > 1);
        });
    }

    LiveStage& stage_;
    std::vector<std::pair<Instant, std::string>> lines_;
    std::size_t given_ = 0;
    boost::asio::steady_timer timer_;
    std::string problems_;
};

/// Takes every second `at` line out of the scenario, for the Commander. What processes call stays: the first such line
/// of a scenario decides whether a process starts by itself.
std::vector<std::pair<Instant, std::string>> take_commands(Scenario& scenario)
{
    std::vector<std::pair<Instant, std::string>> lines;
    std::vector<Event> kept;
    bool take = false;
    for (Event& event : scenario.events) {
        const auto* const at = std::get_if<At>(&event.trigger);
        const bool is_call =
            scenario::fault_info(event.fault.kind).chapter == scenario::FaultChapter::client;
        if (at != nullptr && !is_call && std::exchange(take, !take)) {
            const Instant due = at->at;
            event.trigger = Now{};
            lines.emplace_back(due, print_event(event));
        } else {
            kept.push_back(std::move(event));
        }
    }
    scenario.events = std::move(kept);
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return lines;
}

/// Ends the process when a play does not end.
class Watchdog {
public:
    explicit Watchdog(std::chrono::steady_clock::duration patience) : patience_(patience) {}

    void begin(std::uint64_t seed)
    {
        const std::lock_guard lock(mutex_);
        running_[seed] = std::chrono::steady_clock::now();
    }
    void end(std::uint64_t seed)
    {
        const std::lock_guard lock(mutex_);
        running_.erase(seed);
    }

    void look()
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [seed, since] : running_) {
            if (std::chrono::steady_clock::now() - since > patience_) {
                std::fprintf(stderr, "hasim: error: seed %llu does not end over TCP\n",
                             static_cast<unsigned long long>(seed));
                std::_Exit(static_cast<int>(ExitCode::does_not_hold));
            }
        }
    }

private:
    std::chrono::steady_clock::duration patience_;
    std::mutex mutex_;
    std::map<std::uint64_t, std::chrono::steady_clock::time_point> running_;
};

}  // namespace

LiveComparison compare_live(const play::PlayOptions& options, double speed)
{
    using Outcome = LiveComparison::Outcome;
    play::PlayOptions live_options = options;
    std::vector<std::pair<Instant, std::string>> commands = take_commands(live_options.scenario);
    LiveStage stage(live_options, speed);
    if (std::string problem = stage.listen(std::nullopt); !problem.empty()) {
        return {Outcome::no_environment, std::move(problem) + "\n"};
    }
    swarm::StoryObserver observer;
    sim::World& world = stage.play().world();
    swarm::Invariants invariants(world);
    swarm::LineLegality legality(world, invariants);
    world.watch(observer);
    world.watch(invariants);
    world.watch(legality);
    Commander commander(stage, std::move(commands));
    swarm::Story live;
    stage.run(end_of(options.scenario), true, [&] {
        live = std::move(observer.story);  // C_Finalize is not of the story
        commander.stop();
        stage.finalize_and_stop();
    });
    if (!stage.too_slow().empty()) {
        return {Outcome::too_slow, stage.too_slow() + "\n"};
    }
    std::string report = commander.problems();
    if (const auto& broken = invariants.broken()) {
        report +=
            fmt::format("over TCP it breaks {} at {}: {}\n", swarm::name_of(broken->invariant),
                        scenario::duration_text(broken->at.time_since_epoch()), broken->text);
    }
    const Duration late =
        std::min(options.settings.receive_timeout / 4,
                 std::max(Duration(static_cast<std::int64_t>(
                              std::chrono::duration<double, std::nano>(kLate).count() * speed)),
                          stage.driver().lateness()));
    report += swarm::difference(options, live, late);
    return {report.empty() ? Outcome::same : Outcome::differs, std::move(report)};
}

LiveSwarmResult sum_of(const std::map<std::uint64_t, LiveComparison>& told)
{
    LiveSwarmResult result;
    for (const auto& [seed, comparison] : told) {
        switch (comparison.outcome) {
        case LiveComparison::Outcome::same: ++result.same; break;
        case LiveComparison::Outcome::too_slow: ++result.too_slow; break;
        case LiveComparison::Outcome::no_environment: result.problem = comparison.report; break;
        case LiveComparison::Outcome::differs:
            ++result.different;
            result.report += fmt::format("seed {}:\n{}", seed, comparison.report);
            break;
        }
    }
    if (result.same + result.different == 0 && result.problem.empty()) {
        result.problem =
            "not one scenario could be compared: the machine was too slow; use a lower --speed, or "
            "fewer at once (-j)";
    }
    return result;
}

LiveSwarmResult play_live_swarm(const LiveSwarm& swarm, const std::function<void()>& step)
{
    const auto scenario_of = [&](std::uint64_t seed) {
        Scenario scenario = swarm::draw_scenario(swarm.options.settings, seed, swarm.safety);
        // Whether a pause between two calls was too long for a firewall is for the machine to say, each time anew.
        std::erase_if(scenario.events,
                      [](const Event& event) { return event.fault.kind == FaultKind::idle_cut; });
        return scenario;
    };
    const std::chrono::duration<double> length =
        end_of(scenario_of(swarm.first_seed)).time_since_epoch();
    Watchdog watchdog(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        2 * kTries * length / swarm.speed + std::chrono::minutes(1)));
    std::map<std::uint64_t, LiveComparison> told;
    std::mutex mutex;
    const auto play = [&](std::uint64_t index) {
        const std::uint64_t seed = swarm.first_seed + index;
        play::PlayOptions options = swarm.options;
        options.scenario = scenario_of(seed);
        watchdog.begin(seed);
        // A story that only this machine at this moment could tell does not come again; a fault of the world does.
        LiveComparison comparison;
        for (int tries = 0; tries < kTries; ++tries) {
            comparison = compare_live(options, swarm.speed);
            if (comparison.outcome != LiveComparison::Outcome::differs) {
                break;
            }
        }
        watchdog.end(seed);
        step();
        const std::lock_guard lock(mutex);
        told[seed] = std::move(comparison);
    };
    auto all =
        std::async(std::launch::async, [&] { host::in_parallel(swarm.jobs, swarm.seeds, play); });
    while (all.wait_for(std::chrono::seconds(1)) == std::future_status::timeout) {
        watchdog.look();
    }
    all.get();
    return sum_of(told);
}

}  // namespace hasim::cli
