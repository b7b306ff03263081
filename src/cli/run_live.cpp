// `hasim run`: the world over TCP, in real time.
#include <unistd.h>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "base/words.hpp"
#include "cli/live_stage.hpp"
#include "cli/log_output.hpp"
#include "cli/run_request.hpp"
#include "cli/run_session.hpp"
#include "cli/run_streams.hpp"
#include "log/rotation.hpp"
#include "play/summary.hpp"

namespace hasim::cli {

namespace {

constexpr std::chrono::milliseconds kShortestTimeout{200};
constexpr std::chrono::milliseconds kPatienceAfterCtrlC{2000};

/// Sees to it that all is written, for a moment when somebody asked for the end, and else for as long as it takes or
/// until the next Ctrl-C. What stands in write(2) then can only be ended with the process. False when that is the log,
/// so that the rest can still be said.
bool write_what_is_left(LiveStage& stage, LogOutput& output, RunStreams& streams, bool interrupted)
{
    const auto patience = interrupted ? std::optional(kPatienceAfterCtrlC) : std::nullopt;
    stage.driver().release_signals();
    host::KeyTerminal::give_back();
    const bool log_written = output.finish(patience);
    if (!streams.finish(patience)) {
        ::_exit(static_cast<int>(ExitCode::interrupted));
    }
    if (const std::uint64_t dropped = streams.dropped_lines(); dropped > 0) {
        streams.say(sink::Level::warning,
                    fmt::format("{} not printed: nobody read standard output fast enough",
                                counted(dropped, "line was", "lines were")));
        static_cast<void>(streams.finish(patience));
    }
    return log_written;
}

/// Ends the process, and with it the thread that stands in write(2).
[[noreturn]] void leave_the_log(Console& console)
{
    static_cast<void>(console.flush());
    ::_exit(static_cast<int>(ExitCode::interrupted));
}

}  // namespace

void print_addresses(LiveStage& stage, Console& console)
{
    const auto& appliances = stage.play().world().topology().appliances();
    for (std::size_t index = 0; index < appliances.size(); ++index) {
        std::string partitions;
        for (const Serial partition : appliances[index].partitions) {
            partitions += " " + std::string(partition.text());
        }
        console.write(fmt::format("hsm{} {} {}{}\n", index + 1, appliances[index].name,
                                  stage.network().address(static_cast<ApplianceIndex>(index)),
                                  partitions));
    }
    static_cast<void>(console.flush());
}

RunFacts facts_of(const RunRequest& request, const PlayInputs& inputs, const std::string& log)
{
    namespace fs = std::filesystem;
    RunFacts facts;
    facts.process = static_cast<std::uint64_t>(::getpid());
    const std::vector<ScenarioClient>& clients = inputs.options.scenario.clients;
    facts.pid = clients.empty() ? inputs.options.first_pid.value : clients.front().pid.value;
    const std::string& path = inputs.conf_path.empty() ? request.play.scenario : inputs.conf_path;
    std::error_code error;
    facts.configuration = fs::absolute(path, error).string();
    if (!log.empty()) {
        facts.log = fs::absolute(log + "/" + std::string(log::kLogFileName), error).string();
    }
    facts.since = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    facts.speed = request.speed;
    facts.appliances_only = request.appliances_only;
    return facts;
}

/// A timeout of a few real milliseconds would measure the machine, not the scenario.
bool speed_is_sane(const RunRequest& request, const play::PlayOptions& options, Console& console)
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

namespace {

/// Settles what the command line leaves open: where the log goes, when 0 s is, the process id. Nothing: that cannot be,
/// and why was said.
std::optional<std::string> settle(const RunRequest& request, PlayInputs& inputs, Console& console)
{
    if (!speed_is_sane(request, inputs.options, console)) {
        return std::nullopt;
    }
    if (!inputs.has_start) {
        inputs.options.start = std::chrono::system_clock::now();
    }
    if (!request.play.pid) {
        inputs.options.first_pid = Pid{static_cast<std::uint32_t>(::getpid())};
    }
    return request.appliances_only ? std::optional<std::string>("")
                                   : log_directory_for(request, inputs, console);
}

}  // namespace

ExitCode run_live(const RunRequest& request, PlayInputs inputs, Console& console)
{
    const Scenario& scenario = inputs.options.scenario;
    const auto directory = settle(request, inputs, console);
    if (!directory) {
        return ExitCode::usage;
    }
    LiveStage stage(inputs.options, request.speed);
    if (const std::string problem = stage.listen(scenario.port, request.http.address.has_value());
        !problem.empty()) {
        console.error(problem);
        return ExitCode::environment;
    }
    if (request.appliances_only) {
        print_addresses(stage, console);
    }
    RunStreams streams(console, Writing::on_a_thread);
    LogOutput output(
        {*directory, inputs.options.settings.ha.log_length, inputs.options.start, nullptr},
        stage.play().world(), streams, Writing::on_a_thread);
    const RunFacts facts = facts_of(request, inputs, *directory);
    Desk desk(
        stage,
        about_run(facts, request.appliances_only ? "appliances" : "run", inputs.options.start),
        inputs.conf_text, request.appliances_only ? Clients::elsewhere : Clients::own, &output);
    RunSession session(stage, desk, streams);
    stage.play().writer().add(output);
    stage.play().writer().add(desk);  // behind the file: whoever waits for a line finds it there
    session.watch_configuration(inputs.conf_path, inputs.conf_text);
    auto opened = open_doors(stage, desk, facts, request.http);
    if (const std::string* const problem = std::get_if<std::string>(&opened)) {
        console.error(*problem);
        return ExitCode::environment;
    }
    Doors doors = std::get<Doors>(std::move(opened));
    session.introduce(facts, doors);
    if (!console.manner().quiet()) {
        session.show_status();
    }

    const bool ends =
        (!request.play.scenario.empty() && !request.stay) || request.play.length.has_value();
    if (!ends || (scenario.expectations.empty() && !scenario.log)) {
        stage.play().runner().keep_nothing();  // nobody will judge, and the run may last for months
    }
    std::optional<std::vector<play::Broken>> broken;  // nothing: the end was not reached
    std::string summary;  // before C_Finalize cuts off the calls that are under way
    const auto end_now = [&] {
        summary = desk.summary().text(stage.play().world().now());
        stage.finalize_and_stop();
    };
    const auto at_end = [&] {
        broken = stage.play().runner().judge(live_tolerance(request.speed));
        end_now();
    };
    stage.driver().catch_signals([&](int) { end_now(); });
    const int status = stage.run(ends ? std::optional(end_of(scenario)) : std::nullopt,
                                 !request.appliances_only, at_end);
    session.close();
    doors = {};
    const bool interrupted = status != 0 || stage.driver().interrupted();
    const bool log_written = write_what_is_left(stage, output, streams, interrupted);

    const ExitCode verdict =
        broken ? report_verdict(inputs, request.play.scenario, *broken, console) : ExitCode::done;
    if (!request.appliances_only) {
        console.info(summary);
    }
    if (!log_written) {
        leave_the_log(console);
    }
    return interrupted ? ExitCode::interrupted : with_log(output, verdict, console);
}

}  // namespace hasim::cli
