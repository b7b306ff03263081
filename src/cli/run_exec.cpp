// `hasim exec`: the lab around one command.
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "cli/exec_request.hpp"
#include "cli/lab_stage.hpp"
#include "cli/run_request.hpp"
#include "host/file_handle.hpp"
#include "host/replace_file.hpp"
#include "lab/child.hpp"

namespace hasim::cli {

namespace {

/// How long a process that outlives the command may still tell what happened (chosen).
constexpr std::chrono::seconds kLastWords{2};

/// Ctrl-C at a terminal that hasim and the command share: the command has it already, and what to do is its business.
bool was_typed(int signal)
{
    const host::FileHandle terminal(::open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY));
    return signal == SIGINT && terminal.is_open() && ::tcgetpgrp(terminal.get()) == ::getpgrp();
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

}  // namespace

ExitCode run_exec(const ExecRequest& request, PlayInputs inputs, Console& console)
{
    auto opened = LabStage::open(request.lab, inputs, true, console);
    if (const ExitCode* code = std::get_if<ExitCode>(&opened)) {
        return *code;
    }
    LabStage& lab = *std::get<0>(opened);
    const RunFacts facts =
        facts_of({request.lab.play, request.lab.log_dir, request.lab.speed, false, false, true, {}},
                 inputs, lab.log_directory());
    Desk desk(lab.stage(), about_run(facts, "exec", inputs.options.start), inputs.conf_text,
              Clients::elsewhere, nullptr);
    lab.session().on_line(desk);
    auto doors = open_doors(lab.stage(), desk, facts, request.lab.http);
    if (const std::string* const problem = std::get_if<std::string>(&doors)) {
        console.error(*problem);
        return ExitCode::environment;
    }
    std::vector<std::pair<std::string, std::string>> environment = lab.environment();
    if (const auto& http = std::get<Doors>(doors).http) {
        console.info("hasim: info: " + http->url() + "/ shows it, and breaks it");
        environment.emplace_back("HASIM_HTTP", http->url());
    }
    play::Runner& runner = lab.stage().play().runner();
    runner.start_script();
    // Before the command is there: it may be waited for, and ended with Ctrl-C, as soon as it says something.
    lab::Child* running = nullptr;
    lab.stage().driver().catch_signals([&running](int signal) {
        if (running != nullptr && !was_typed(signal)) {
            running->signal(SIGTERM);
        }
    });
    auto started = lab::Child::start(request.command, environment);
    if (const auto* why = std::get_if<lab::Child::Failure>(&started)) {
        console.error(why->text);
        return static_cast<ExitCode>(why->exit_code);
    }
    lab::Child child = std::get<lab::Child>(std::move(started));
    running = &child;
    const int code = run_until_over(lab.stage(), lab.session(), child);

    const std::vector<play::Broken> broken = runner.judge(live_tolerance(request.lab.speed));
    lab::Scorecard::Expected expected{inputs.options.scenario.expectations.size(), {}};
    for (const play::Broken& one : broken) {
        expected.broken.push_back(one.text);
    }
    if (const std::string trouble = lab.session().trouble(); !trouble.empty()) {
        console.error(trouble);
    }
    const ExitCode written = write_scorecard(request, lab.session(), code, expected, console);
    const ExitCode verdict = report_verdict(inputs, request.lab.play.scenario, broken, console);
    if (code != 0) {
        return static_cast<ExitCode>(code);
    }
    return written != ExitCode::done ? written : verdict;
}

}  // namespace hasim::cli
