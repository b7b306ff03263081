#include "cli/scenario_trial.hpp"

#include <chrono>

#include <fmt/format.h>

#include "cli/live_stage.hpp"
#include "play/diff.hpp"
#include "scenario/values.hpp"
#include "swarm/checked_play.hpp"

namespace hasim::cli {

namespace {

void warn(Place place, const std::string& text, Trial& trial)
{
    trial.warnings +=
        to_text({trial.file, place.line, place.column, Severity::warning, text}) + "\n";
}

/// What the runner of a finished play says, as the trial's outcome.
void judge(const PlayInputs& inputs, const play::Runner& runner,
           const std::vector<play::Broken>& broken, Trial& trial)
{
    const Scenario& scenario = inputs.options.scenario;
    trial.expectations = scenario.expectations.size() + (scenario.log ? 1 : 0);
    for (const play::Broken& one : broken) {
        trial.report +=
            to_text({trial.file, one.place.line, one.place.column, Severity::error, one.text}) +
            "\n" + one.log;
    }
    if (!broken.empty()) {
        trial.outcome = Trial::Outcome::failed;
    }
    for (const play::Broken& silent : runner.never_fired()) {
        warn(silent.place, silent.text, trial);
    }
    if (scenario.log && !broken.empty()) {
        trial.report +=
            play::unified_diff(scenario.log->lines, runner.lines(), "expected log", "written log");
    }
}

void play_virtually(const PlayInputs& inputs, bool update, Trial& trial)
{
    play::VirtualPlay play(inputs.options);
    play.run_until(end_of(inputs.options.scenario));
    const play::Runner& runner = play.play().runner();
    if (update) {
        // What is false stays false with another log: it is said, and the file is left alone.
        judge(inputs, runner, runner.judge_expectations({}), trial);
        if (trial.outcome == Trial::Outcome::failed) {
            trial.report += "the file is left as it is; mend what it expects, then update it\n";
            return;
        }
        trial.new_text = with_log(inputs.scenario_text, inputs.options.scenario, runner.lines());
        if (trial.new_text != inputs.scenario_text) {
            trial.outcome = Trial::Outcome::updated;
        }
        return;
    }
    judge(inputs, runner, runner.judge({}), trial);
    if (const auto violation = swarm::play_checked(inputs.options)) {
        trial.outcome = Trial::Outcome::failed;
        trial.report += fmt::format(
            "{}: error: breaks {} at {}: {}\n", trial.file, swarm::name_of(violation->invariant),
            scenario::duration_text(violation->at.time_since_epoch()), violation->text);
    }
}

void play_live(const PlayInputs& inputs, double speed, Trial& trial)
{
    LiveStage stage(inputs.options, speed);
    if (const std::string problem = stage.listen(inputs.options.scenario.port); !problem.empty()) {
        trial.outcome = Trial::Outcome::no_environment;
        trial.report = problem + "\n";
        return;
    }
    stage.run(end_of(inputs.options.scenario), true, [&] {
        const play::Runner& runner = stage.play().runner();
        judge(inputs, runner, runner.judge(live_tolerance(speed)), trial);
        if (const std::string slow = stage.too_slow(); !slow.empty() && !trial.report.empty()) {
            trial.report += slow + "\n";
        }
        stage.finalize_and_stop();
    });
}

}  // namespace

Trial try_scenario(const std::string& file, const TrialOptions& options)
{
    Trial trial;
    trial.file = file;
    const auto begin = std::chrono::steady_clock::now();
    PlayRequest request;
    request.scenario = file;
    request.every_call = options.every_call;
    request.log_block = options.update ? LogBlockUse::replaced : LogBlockUse::expected;
    PlayInputs inputs = read_play_inputs(request);
    const Scenario& scenario = inputs.options.scenario;
    if (!inputs.ok()) {
        trial.outcome = Trial::Outcome::invalid;
        for (const Finding& finding : inputs.findings) {
            trial.report += finding.severity == Severity::note ? "" : to_text(finding) + "\n";
        }
        return trial;
    }
    for (const Finding& finding : inputs.findings) {
        trial.warnings += finding.severity == Severity::warning ? to_text(finding) + "\n" : "";
    }
    if (scenario.expectations.empty() && !scenario.log && !options.update) {
        warn({1, 1},
             "nothing is expected, so this passes whatever happens; add an expect line or a log "
             "block",
             trial);
    }
    trial.simulated = end_of(scenario).time_since_epoch();
    if (options.live && !scenario.live_no.empty()) {
        trial.outcome = Trial::Outcome::skipped;
        trial.report = "not over TCP: " + scenario.live_no + "\n";
    } else if (options.live) {
        play_live(inputs, options.speed, trial);
    } else {
        play_virtually(inputs, options.update, trial);
    }
    if (options.strict && trial.outcome == Trial::Outcome::passed && !trial.warnings.empty()) {
        trial.outcome = Trial::Outcome::failed;
        trial.report = "with --strict warnings count\n";
    }
    trial.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return trial;
}

}  // namespace hasim::cli
