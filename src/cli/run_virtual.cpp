// `hasim run --virtual`: one scenario in virtual time.
#include <chrono>

#include "cli/log_output.hpp"
#include "cli/obey.hpp"
#include "cli/repeats.hpp"
#include "cli/run_request.hpp"
#include "play/summary.hpp"

namespace hasim::cli {

namespace {

/// Passes on what the world has to say about itself.
class Teller final : public sim::WorldObserver {
public:
    explicit Teller(RunStreams& streams) : streams_(streams) {}
    [[nodiscard]] sim::CallInterest call_interest() const override
    {
        return sim::CallInterest::none;
    }
    void on_diagnostic(const std::string& text, Instant) override
    {
        if (auto said = repeats_.say(text)) {
            streams_.say(sink::Level::info, std::move(*said));
        }
    }
    void on_fault(const Fault& fault, const Target& target, Instant now) override
    {
        streams_.say(sink::Level::debug, fault_text(fault, target, now));
    }
    /// How often what came over and over came in all.
    void finish()
    {
        for (std::string& text : repeats_.rest()) {
            streams_.say(sink::Level::info, std::move(text));
        }
    }

private:
    RunStreams& streams_;
    Repeats repeats_;
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
    teller.finish();
    console.info(summary.text(end));
    const ExitCode verdict =
        report_verdict(inputs, request.play.scenario, play.runner().judge({}), console);
    return with_log(output, verdict, console);
}

}  // namespace hasim::cli
