// `hasim appliances`: simulated appliances for clients in other processes.
#include "cli/commands.hpp"
#include "cli/exec_request.hpp"
#include "cli/run_request.hpp"

namespace hasim::cli {

namespace {

class AppliancesCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        PlayRequest& play = request_.play;
        options.text("--conf", "FILE", play.conf,
                     "the configuration whose servers, or members, become appliances; without it "
                     "Chrystoki.conf in "
                     "$ChrystokiConfigurationPath");
        options.text("--pin", "P", play.pin, "the PIN of every partition; userpin without it");
        options.text("--lab", "DIR", request_.lab,
                     "put tokens behind the appliances, and into this folder what PKCS#11 "
                     "applications need: a shell reads DIR/env.sh");
        options.text("--log-dir", "DIR", request_.log_dir,
                     "where the haErrorLog.txt of these applications goes, in place of haLogPath");
        options.text("--token-module", "FILE", request_.token_module,
                     "the PKCS#11 module behind the appliances of a lab; SoftHSM2 without it");
        options.number(
            "--port", "N", port_, 1, 65535,
            "the first appliance listens here, the second on the next port, and so on; free ports "
            "without it");
        declare_http(options, request_.http);
    }

    ExitCode run(Console& console) override
    {
        if (const std::string wrong = check_http(request_.http); !wrong.empty()) {
            console.error(wrong);
            return ExitCode::usage;
        }
        if (port_) {
            request_.play.port = static_cast<std::uint16_t>(*port_);
        }
        PlayInputs inputs = read_play_inputs(request_.play);
        tell_findings(inputs, console);
        if (!inputs.ok()) {
            return ExitCode::usage;
        }
        if (!request_.lab.empty()) {
            return run_lab(request_, std::move(inputs), console);
        }
        RunRequest run{request_.play};
        run.appliances_only = true;
        run.http = request_.http;
        return run_live(run, std::move(inputs), console);
    }

private:
    LabRequest request_;
    std::optional<std::uint64_t> port_;
};

}  // namespace

const Command kAppliancesCommand =
    command<AppliancesCommand>("appliances", "runs the simulated appliances alone",
                               "Starts one appliance per server (or per member), prints where each "
                               "listens, and serves until Ctrl-C. Break things "
                               "with `hasim ctl`.");

}  // namespace hasim::cli
