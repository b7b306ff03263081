// `hasim run --virtual`: one scenario in virtual time.
#include <chrono>

#include "cli/log_output.hpp"
#include "cli/run_request.hpp"
#include "play/summary.hpp"

namespace hasim::cli {

namespace {

/// Passes on what the world has to say about itself.
class Teller final : public sim::WorldObserver {
public:
    explicit Teller(RunStreams& streams) : streams_(streams) {}
    void on_diagnostic(const std::string& text, Instant) override
    {
        streams_.say(sink::Level::info, text);
    }

private:
    RunStreams& streams_;
};

}  // namespace

ExitCode run_virtual(const RunRequest& request, PlayInputs inputs, Console& console)
{
    const Scenario& scenario = inputs.options.scenario;
    if (request.play.scenario.empty() && !scenario.length) {
        console.error(
            "virtual time without a scenario needs an end: add --for D, such as --for 1h");
        return ExitCode::usage;
    }
    const auto directory = log_directory_for(request, inputs, console);
    if (!directory) {
        return ExitCode::usage;
    }
    if (!inputs.has_start) {
        inputs.options.start =
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }
    RunStreams streams(console, Writing::at_once);
    Teller teller(streams);
    play::VirtualPlay virtual_play(inputs.options);
    play::Play& play = virtual_play.play();
    play::Summary summary(play.world());
    play.world().watch(summary);
    play.world().watch(teller);
    LogOutput output(
        {*directory, inputs.options.settings.ha.log_length, inputs.options.start, nullptr},
        play.world(), streams, Writing::at_once);
    play.writer().add(output);
    const Instant end = end_of(scenario);
    virtual_play.run_until(end);
    console.diagnostic(summary.text(end));
    const ExitCode verdict =
        report_verdict(inputs, request.play.scenario, play.runner().judge({}), console);
    return with_log(output, verdict, console);
}

}  // namespace hasim::cli
