// `hasim exec`: the lab around one command.
#include <csignal>
#include <filesystem>
#include <system_error>

#include <unistd.h>

#include <fmt/format.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "cli/exec_request.hpp"
#include "cli/exec_session.hpp"
#include "cli/run_request.hpp"
#include "host/replace_file.hpp"
#include "lab/child.hpp"
#include "scenario/faults.hpp"
#include "sim/world/domains.hpp"

namespace hasim::cli {

namespace {

constexpr std::string_view kModuleName = "libhasim_pkcs11.so";

/// How long a process that outlives the command may still tell what happened (chosen).
constexpr std::chrono::seconds kLastWords{2};

/// The module that was built or installed with this program; empty when there is none.
std::string find_module()
{
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    const fs::path folder = program.parent_path();
    for (const fs::path& candidate :
         {folder / kModuleName, folder.parent_path() / "lib" / kModuleName,
          folder.parent_path() / HASIM_LIBRARY_FOLDER / kModuleName}) {
        if (fs::exists(candidate, error)) {
            return candidate.string();
        }
    }
    return {};
}

lab::Environment environment_of(const lab::LabDirectory& directory, const std::string& module)
{
    return {{"ChrystokiConfigurationPath", directory.path()},
            {"HASIM_PKCS11_MODULE", module},
            {"PKCS11_MODULE_PATH", module}};
}

/// Runs the loop until the command has ended and what it told has been heard. The answer is its exit code.
int run_until_over(LiveStage& stage, ExecSession& session, lab::Child& child)
{
    boost::asio::posix::stream_descriptor ended(stage.io(), ::dup(child.ended()));
    boost::asio::steady_timer last_words(stage.io());
    bool over = false;
    int code = 0;
    ended.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [&](const boost::system::error_code&) {
                         code = child.exit_code();
                         over = true;
                         if (session.is_quiet()) {
                             stage.stop();
                             return;
                         }
                         last_words.expires_after(kLastWords);
                         last_words.async_wait([&](const boost::system::error_code& error) {
                             if (!error) {
                                 stage.stop();
                             }
                         });
                     });
    session.on_quiet([&] {
        if (over && session.is_quiet()) {
            stage.stop();
        }
    });
    stage.driver().catch_signals([&] { child.signal(SIGTERM); });
    const int status = stage.run_lab();
    session.on_quiet(nullptr);
    return status != 0 ? status : code;
}

ExitCode write_scorecard(const ExecRequest& request, const ExecSession& session, int code,
                         const lab::Scorecard::Expected& expected, Console& console)
{
    if (::isatty(STDERR_FILENO) != 0 && !console.manner().quiet()) {
        console.info(session.scorecard().table());
    }
    if (request.scorecard.empty()) {
        return ExitCode::done;
    }
    const std::string text = session.scorecard().json(request.command, code, expected);
    if (request.scorecard == "-") {
        console.write(text);
        return ExitCode::done;
    }
    if (const std::string problem = host::replace_file(request.scorecard, text); !problem.empty()) {
        console.error(problem);
        return ExitCode::environment;
    }
    return ExitCode::done;
}

/// What a scenario may say that has no meaning where the application is another process.
std::string not_for_a_lab(const Scenario& scenario)
{
    for (const Event& event : scenario.events) {
        const auto chapter = scenario::fault_info(event.fault.kind).chapter;
        if (chapter == scenario::FaultChapter::client || chapter == scenario::FaultChapter::machine) {
            return fmt::format(
                "line {}: '{}' is done to hasim's own client; here the command is the client, so "
                "leave the line out",
                event.place.line, scenario::fault_info(event.fault.kind).words);
        }
    }
    return {};
}

}  // namespace

ExitCode run_lab(const ExecRequest& request, PlayInputs inputs, Console& console)
{
    if (std::string wrong = not_for_a_lab(inputs.options.scenario); !wrong.empty()) {
        console.error(request.play.scenario + ": " + wrong);
        return ExitCode::usage;
    }
    const std::string module = find_module();
    if (module.empty()) {
        console.error(fmt::format("{} is not beside this program; build the target hasim_module",
                                  kModuleName));
        return ExitCode::environment;
    }
    const RunRequest run{request.play, request.log_dir, request.speed, false, request.force};
    if (!speed_is_sane(run, inputs.options, console)) {
        return ExitCode::usage;
    }
    const auto log_directory = log_directory_for(run, inputs, console);
    if (!log_directory) {
        return ExitCode::usage;
    }
    auto made = request.lab.empty() ? lab::LabDirectory::temporary()
                                    : lab::LabDirectory::at(request.lab);
    if (const std::string* problem = std::get_if<std::string>(&made)) {
        console.error(*problem);
        return ExitCode::environment;
    }
    lab::LabDirectory directory = std::get<lab::LabDirectory>(std::move(made));
    auto loaded = token::TokenModule::load({request.token_module, directory.path(),
                                            sim::count_domains(inputs.options.settings)});
    if (const std::string* problem = std::get_if<std::string>(&loaded)) {
        console.error(*problem);
        return ExitCode::environment;
    }
    inputs.options.start = std::chrono::system_clock::now();
    std::error_code error;
    const std::string log = log_directory->empty()
                                ? std::string{}
                                : std::filesystem::absolute(*log_directory, error).string();
    LiveStage stage(inputs.options, request.speed, std::get<0>(std::move(loaded)));
    ExecSession session(stage, directory, log, request.speed);
    std::string problem = stage.listen(std::nullopt);
    if (problem.empty()) {
        problem = session.prepare();
    }
    if (!problem.empty()) {
        console.error(problem);
        return ExitCode::environment;
    }
    stage.play().runner().start_script();
    auto started = lab::Child::start(request.command, environment_of(directory, module));
    if (const std::string* why = std::get_if<std::string>(&started)) {
        console.error(*why);
        return ExitCode::environment;
    }
    lab::Child child = std::get<lab::Child>(std::move(started));
    const int code = run_until_over(stage, session, child);

    const std::vector<play::Broken> broken = stage.play().runner().judge(live_tolerance(request.speed));
    lab::Scorecard::Expected expected{inputs.options.scenario.expectations.size(), {}};
    for (const play::Broken& one : broken) {
        expected.broken.push_back(one.text);
    }
    if (!session.trouble().empty()) {
        console.error(session.trouble());
    }
    const ExitCode written = write_scorecard(request, session, code, expected, console);
    const ExitCode verdict = report_verdict(inputs, request.play.scenario, broken, console);
    if (code != 0) {
        return static_cast<ExitCode>(code);
    }
    return written != ExitCode::done ? written : verdict;
}

}  // namespace hasim::cli
