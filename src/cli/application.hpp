/// The program as a function of its arguments.
#pragma once

#include "cli/command.hpp"

#include <string>
#include <vector>

namespace hasim::cli {

/// Runs `hasim` with main's arguments and gives the exit status for the shell.
[[nodiscard]] int run_application(int argument_count, const char* const* arguments);

/// The same with everything handed in. `arguments` are those after the program's name; arguments that start with an
/// option mean the command "run" when there is one; none at all ask how to start.
[[nodiscard]] ExitCode run_application(const std::vector<std::string>& arguments,
                                       const std::vector<Command>& commands, Console& console);

}  // namespace hasim::cli
