// `hasim exec`: an application of the user's, on simulated appliances, while a scenario breaks them.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exec_request.hpp"

namespace hasim::cli {

namespace {

class ExecCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        LabRequest& lab = request_.lab;
        PlayRequest& play = lab.play;
        options.text("--conf", "FILE", play.conf,
                     "the client's Chrystoki.conf or crystoki.ini; without it the scenario's, then "
                     "Chrystoki.conf in $ChrystokiConfigurationPath");
        options.text(
            "--scenario", "FILE", play.scenario,
            "what happens, from the command's first C_Initialize on, and what must follow");
        options.text("--scorecard", "FILE", request_.scorecard,
                     "write how the command took it, as JSON; - is standard output");
        options.text("--log-dir", "DIR", lab.log_dir,
                     "where haErrorLog.txt goes, in place of haLogPath");
        options.text("--lab", "DIR", lab.lab,
                     "keep tokens and keys in this folder; without it they end with the command");
        options.text("--token-module", "FILE", lab.token_module,
                     "the PKCS#11 module behind the appliances; SoftHSM2 without it");
        options.decimal("--speed", "X", lab.speed, 0.001, 100000,
                        "how many simulated seconds pass in a real one, for the module too");
        options.flag("--force", lab.force,
                     "allow a --speed at which ReceiveTimeout gets unrealistically short");
        options.text("--pin", "P", play.pin, "the PIN of every partition; userpin without it");
        declare_http(options, lab.http);
        options.number("--seed", "N", play.seed, 0, UINT64_MAX, "what random draws start from");
        options.positionals("COMMAND", request_.command,
                            "the application, behind --, and its arguments");
        options.offer(Offer::programs);
    }

    ExitCode run(Console& console) override
    {
        if (const std::string wrong = check_http(request_.lab.http); !wrong.empty()) {
            console.error(wrong);
            return ExitCode::usage;
        }
        PlayInputs inputs = read_play_inputs(request_.lab.play);
        tell_findings(inputs, console);
        return inputs.ok() ? run_exec(request_, std::move(inputs), console) : ExitCode::usage;
    }

private:
    ExecRequest request_;
};

}  // namespace

const Command kExecCommand = command<ExecCommand>(
    "exec", "runs a PKCS#11 application on simulated appliances",
    "Starts the appliances of the configuration, gives the command a Chrystoki.conf and a PKCS#11 "
    "module of its own, plays the scenario from its first C_Initialize on, and ends with the "
    "command's exit code. The command finds the module in $HASIM_PKCS11_MODULE, and OpenSSL's "
    "engine in $PKCS11_MODULE_PATH. When the command ends with 0 and the scenario does not hold, "
    "the exit code is 1.");

}  // namespace hasim::cli
