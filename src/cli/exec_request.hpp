/// The options of `hasim exec` and `hasim appliances --lab`, checked.
#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/http_request.hpp"
#include "cli/play_inputs.hpp"

namespace hasim::cli {

/// What both have in common.
struct LabRequest {
    PlayRequest play;
    std::string log_dir;       ///< --log-dir; empty: haLogPath
    std::string lab;           ///< a folder that stays; empty: one that goes with the command
    std::string token_module;  ///< empty: SoftHSM2
    double speed = 1;          ///< simulated seconds in a real one
    bool force = false;
    HttpRequest http;
};

struct ExecRequest {
    LabRequest lab;
    std::string scorecard;  ///< path; empty: none is written
    std::vector<std::string> command;
};

/// The application, and the lab around it.
[[nodiscard]] ExitCode run_exec(const ExecRequest& request, PlayInputs inputs, Console& console);

/// The lab alone, until Ctrl-C.
[[nodiscard]] ExitCode run_lab(const LabRequest& request, PlayInputs inputs, Console& console);

}  // namespace hasim::cli
