// `hasim run`: a client, its HA groups, and the appliances it talks to.
#include <csignal>

#include <fmt/format.h>

#include "base/words.hpp"
#include "cli/commands.hpp"
#include "cli/duration_option.hpp"
#include "cli/run_request.hpp"
#include "sink/ha_log_file.hpp"

namespace hasim::cli {

std::optional<std::string> log_directory_for(const RunRequest& request, const PlayInputs& inputs,
                                             Console& console, std::string_view otherwise)
{
    const HaSettings& ha = inputs.options.settings.ha;
    if (!ha.log_enabled) {
        console.info("hasim: haLogStatus is disabled: nothing is logged");
        return "";
    }
    const std::string directory = request.log_dir.empty() ? ha.log_path : request.log_dir;
    if (directory.empty()) {
        console.info(fmt::format(
            "hasim: no haLogPath in the configuration and no --log-dir: there is no log file, {}",
            otherwise));
        return "";
    }
    if (const auto refused = sink::check_directory(directory)) {
        console.error(*refused);
        return std::nullopt;
    }
    return directory;
}

namespace {

/// "all 3 expectations hold, and the log is the expected one"; empty when nothing was expected.
std::string what_holds(const Scenario& scenario)
{
    const std::size_t count = scenario.expectations.size();
    const std::string_view log = scenario.log ? "the log is the expected one" : "";
    if (count == 0) {
        return std::string(log);
    }
    return (count == 1 ? "its expectation holds" : fmt::format("all {} expectations hold", count)) +
           (log.empty() ? "" : ", and " + std::string(log));
}

}  // namespace

ExitCode report_verdict(const PlayInputs& inputs, const std::string& name,
                        const std::vector<play::Broken>& broken, Console& console)
{
    const Scenario& scenario = inputs.options.scenario;
    for (const play::Broken& one : broken) {
        console.diagnostic(
            to_text({name, one.place.line, one.place.column, Severity::error, one.text}) +
            (one.log.empty() ? "" : "\n" + one.log.substr(0, one.log.size() - 1)));
    }
    if (!broken.empty()) {
        console.diagnostic(
            fmt::format("{}: does not hold: {}", name, counted(broken.size(), "error")));
        return ExitCode::does_not_hold;
    }
    if (const std::string holds = what_holds(scenario); !holds.empty()) {
        console.info(name + ": " + holds);
    }
    return ExitCode::done;
}

namespace {

class RunCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        PlayRequest& play = request_.play;
        options.text("--conf", "FILE", play.conf,
                     "the client's Chrystoki.conf or crystoki.ini; without it the scenario's, then "
                     "Chrystoki.conf in $ChrystokiConfigurationPath");
        options.text("--scenario", "FILE", play.scenario, "what happens, and what must follow");
        options.flag("--every-call", play.every_call,
                     "with --virtual: play each call; without it those of a steady load that are "
                     "all alike are counted");
        options.flag("--stay", request_.stay, "go on after the scenario's end, until Ctrl-C");
        options.text(
            "--load", "LOAD", play.load,
            "what the application does: 'sign 50/s threads 4', or none; without it the scenario's, "
            "then sign 10/s threads 2");
        options.flag("--virtual", virtual_, "in virtual time: no sockets, no waiting");
        options.decimal("--speed", "X", request_.speed, 0.001, 100000,
                        "how many simulated seconds pass in a real one");
        duration_option(options, "--for", play.length, "end after so much simulated time");
        options.number("--seed", "N", play.seed, 0, UINT64_MAX, "what random draws start from");
        options.text("--log-dir", "DIR", request_.log_dir,
                     "where haErrorLog.txt goes, in place of haLogPath");
        options.choice(
            "--stamp", {"note", "ctime"}, stamp_,
            "the day of the month: as the vendor's note has it (Oct 4), or padded (Oct  4)");
        options.choice(
            "--messages", {"6.2.2", "all"}, messages_,
            "what is written: the note's current messages, or deprecated and future ones too");
        options.number("--pid", "N", pid_, 1, UINT32_MAX, "the process id in the lines");
        options.text("--pin", "P", play.pin, "the PIN of every partition; userpin without it");
        options.number(
            "--port", "N", port_, 1, 65535,
            "the first appliance listens here, the second on the next port, and so on; free ports "
            "without it");
        declare_http(options, request_.http);
        options.flag("--force", request_.force,
                     "allow a --speed at which ReceiveTimeout gets unrealistically short");
    }

    ExitCode run(Console& console) override
    {
        if (virtual_ && request_.stay) {
            console.error(
                "--stay and --virtual: in virtual time there is nothing to stay for; leave "
                "one of them out");
            return ExitCode::usage;
        }
        if (virtual_ && request_.speed != RunRequest{}.speed) {
            console.error("--speed and --virtual: virtual time waits for nothing; leave one out");
            return ExitCode::usage;
        }
        if (request_.play.every_call && !virtual_) {
            console.error("--every-call is for --virtual: over TCP each call is made anyway");
            return ExitCode::usage;
        }
        if (const std::string wrong = check_http(request_.http, virtual_); !wrong.empty()) {
            console.error(wrong);
            return ExitCode::usage;
        }
        take_choices();
        PlayInputs inputs = read_play_inputs(request_.play);
        tell_findings(inputs, console);
        if (!inputs.ok()) {
            return ExitCode::usage;
        }
        // The log is what is wanted, and the verdict, whether somebody reads the copy of the log or not.
        std::signal(SIGPIPE, SIG_IGN);
        return virtual_ ? run_virtual(request_, std::move(inputs), console)
                        : run_live(request_, std::move(inputs), console);
    }

private:
    void take_choices()
    {
        PlayRequest& play = request_.play;
        if (!stamp_.empty()) {
            play.stamp = stamp_ == "ctime" ? StampStyle::ctime : StampStyle::note;
        }
        if (!messages_.empty()) {
            play.messages = messages_ == "all" ? MessageSet::all : MessageSet::current;
        }
        if (pid_) {
            play.pid = static_cast<std::uint32_t>(*pid_);
        }
        if (port_) {
            play.port = static_cast<std::uint16_t>(*port_);
        }
    }

    RunRequest request_;
    bool virtual_ = false;
    std::string stamp_;
    std::string messages_;
    std::optional<std::uint64_t> pid_;
    std::optional<std::uint64_t> port_;
};

}  // namespace

const Command kRunCommand =
    command<RunCommand>("run", "runs a client, its HA groups and simulated appliances",
                        "Reads the configuration, starts one simulated appliance per server (or "
                        "per member), calls C_Initialize and "
                        "C_Login, signs, fails over and recovers, and writes the HA log. Without a "
                        "scenario it goes on until Ctrl-C; "
                        "break things from another terminal with `hasim ctl 'hsm2 cable out'`. "
                        "With one, the exit code is its verdict.");

}  // namespace hasim::cli
