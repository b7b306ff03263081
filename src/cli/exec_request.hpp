/// The options of `hasim exec`, checked.
#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/play_inputs.hpp"

namespace hasim::cli {

struct ExecRequest {
    PlayRequest play;
    std::string log_dir;       ///< --log-dir; empty: haLogPath
    std::string scorecard;     ///< path; empty: none is written
    std::string lab;           ///< a folder that stays; empty: one that goes with the command
    double speed = 1;          ///< simulated seconds in a real one
    bool force = false;
    std::string token_module;  ///< empty: SoftHSM2
    std::vector<std::string> command;
};

[[nodiscard]] ExitCode run_lab(const ExecRequest& request, PlayInputs inputs, Console& console);

}  // namespace hasim::cli
