/// The options of `hasim run`, checked.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "cli/console.hpp"
#include "cli/ctl_door.hpp"
#include "cli/exit_code.hpp"
#include "cli/http_door.hpp"
#include "cli/http_request.hpp"
#include "cli/live_stage.hpp"
#include "cli/play_inputs.hpp"
#include "cli/run_facts.hpp"

namespace hasim::cli {

struct RunRequest {
    PlayRequest play;
    std::string log_dir;  ///< --log-dir; empty: haLogPath
    double speed = 1;     ///< simulated seconds in a real one
    bool stay = false;    ///< go on after the scenario's end
    bool force = false;
    bool appliances_only = false;  ///< no client: `hasim appliances`
    HttpRequest http;
};

/// In virtual time, as fast as it goes.
[[nodiscard]] ExitCode run_virtual(const RunRequest& request, PlayInputs inputs, Console& console);

/// Over TCP, in real time.
[[nodiscard]] ExitCode run_live(const RunRequest& request, PlayInputs inputs, Console& console);

/// The verdict of a scenario on the diagnostic stream; done or does_not_hold.
[[nodiscard]] ExitCode report_verdict(const PlayInputs& inputs, const std::string& name,
                                      const std::vector<play::Broken>& broken, Console& console);

/// False, and told, when at this speed ReceiveTimeout would be so short that it measures the machine.
[[nodiscard]] bool speed_is_sane(const RunRequest& request, const play::PlayOptions& options,
                                 Console& console);

/// The two doors of a live run. Only the second has a sentence to say.
struct Doors {
    std::unique_ptr<CtlDoor> ctl;
    std::unique_ptr<HttpDoor> http;
    std::string no_ctl;  ///< why `hasim ctl` will not reach it
};
/// Opens them; or what is wrong with HTTP, which was asked for.
[[nodiscard]] std::variant<Doors, std::string> open_doors(LiveStage& stage, Desk& desk,
                                                          const RunFacts& facts,
                                                          const HttpRequest& http);

/// Who the run is, for those who ask over HTTP.
[[nodiscard]] monitor::About about_run(const RunFacts& facts, std::string mode, WallTime epoch);

/// What `hasim ctl status` says of a run; an empty `log` is none.
[[nodiscard]] RunFacts facts_of(const RunRequest& request, const PlayInputs& inputs,
                                const std::string& log);

/// One line for each appliance: its number, name, address, partitions.
void print_addresses(LiveStage& stage, Console& console);

/// The directory the log goes to, or nothing when hasim may not log there: then the reason was said. When no directory
/// is named, where the lines are then is said: `otherwise`.
[[nodiscard]] std::optional<std::string> log_directory_for(
    const RunRequest& request, const PlayInputs& inputs, Console& console,
    std::string_view otherwise = "lines are only printed");

}  // namespace hasim::cli
