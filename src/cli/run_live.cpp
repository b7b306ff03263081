// `hasim run`: the world over TCP, in real time.
#include <unistd.h>
#include <chrono>

#include <fmt/format.h>
#include <ostream>

#include "cli/live_stage.hpp"
#include "cli/log_output.hpp"
#include "cli/run_request.hpp"
#include "cli/run_session.hpp"
#include "sim/summary.hpp"

namespace hasim::cli {

namespace {

constexpr std::chrono::milliseconds kShortestTimeout{200};

/// A timeout of a few real milliseconds would measure the machine, not the scenario.
bool speed_is_sane(const RunRequest& request, const sim::PlayOptions& options, Console& console)
{
    const double real =
        std::chrono::duration<double>(options.settings.receive_timeout).count() / request.speed;
    if (real >= std::chrono::duration<double>(kShortestTimeout).count() || request.force) {
        return true;
    }
    console.error(fmt::format(
        "at --speed {} the ReceiveTimeout of {} ms lasts {:.0f} ms, less than {} ms: use a "
        "lower speed, --virtual, or --force",
        request.speed,
        std::chrono::duration_cast<std::chrono::milliseconds>(options.settings.receive_timeout)
            .count(),
        real * 1000, kShortestTimeout.count()));
    return false;
}

void print_addresses(LiveStage& stage, Console& console)
{
    const auto& appliances = stage.play().world().topology().appliances();
    for (std::size_t index = 0; index < appliances.size(); ++index) {
        std::string partitions;
        for (const Serial partition : appliances[index].partitions) {
            partitions += " " + std::string(partition.text());
        }
        console.write(fmt::format("hsm{} {} {}{}\n", index + 1, appliances[index].name,
                                  stage.network().address(static_cast<sim::ApplianceIndex>(index)),
                                  partitions));
    }
    console.results().flush();
}

}  // namespace

ExitCode run_live(const RunRequest& request, PlayInputs inputs, Console& console)
{
    const Scenario& scenario = inputs.options.scenario;
    if (!speed_is_sane(request, inputs.options, console)) {
        return ExitCode::usage;
    }
    const auto directory = request.appliances_only ? std::optional<std::string>("")
                                                   : log_directory_for(request, inputs, console);
    if (!directory) {
        return ExitCode::usage;
    }
    if (!inputs.has_start) {
        inputs.options.start = std::chrono::system_clock::now();
    }
    if (!request.play.pid) {
        inputs.options.first_pid = Pid{static_cast<std::uint32_t>(::getpid())};
    }
    LiveStage stage(inputs.options, request.speed);
    if (const std::string problem = stage.listen(scenario.port); !problem.empty()) {
        console.error(problem);
        return ExitCode::environment;
    }
    if (request.appliances_only) {
        print_addresses(stage, console);
    }
    sink::Diagnostics diagnostics;
    RunSession session(stage, diagnostics, console);
    stage.network().set_diagnostics(
        [&](const std::string& text) { session.on_diagnostic(text, stage.driver().now()); });
    LogOutput output(*directory, inputs.options.settings.ha.log_length, inputs.options.start,
                     stage.play().world(), console, diagnostics);
    stage.play().writer().add(output);
    session.watch_configuration(inputs.conf_path, inputs.conf_text);
    session.open_control();
    session.show_status();

    const bool ends =
        (!request.play.scenario.empty() && !request.stay) || scenario.length.has_value();
    ExitCode verdict = ExitCode::done;
    std::string summary;  // before C_Finalize cuts off the calls that are under way
    const auto end_now = [&] {
        summary = session.summary();
        stage.finalize_and_stop();
    };
    const auto at_end = [&] {
        verdict =
            report_verdict(inputs, request.play.scenario,
                           stage.play().runner().judge(live_tolerance(request.speed)), console);
        end_now();
    };
    if (!ends || (scenario.expectations.empty() && !scenario.log)) {
        stage.play().runner().keep_nothing();  // nobody will judge, and the run may last for months
    }
    stage.driver().catch_signals(end_now);
    const int status = stage.run(ends ? std::optional(end_of(scenario)) : std::nullopt,
                                 !request.appliances_only, at_end);
    session.close();
    if (const std::string slow = stage.too_slow(); !slow.empty()) {
        diagnostics.warning(slow);
    }
    if (!request.appliances_only) {
        console.diagnostic(summary);
    }
    return status != 0 || stage.driver().interrupted() ? ExitCode::interrupted
                                                       : with_log(output, verdict, console);
}

}  // namespace hasim::cli
