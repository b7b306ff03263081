/// How the program ends.
#pragma once

namespace hasim::cli {

/// Exit status of every command; documented in the manual and in `hasim --help`.
enum class ExitCode : int {
    done = 0,  ///< done, and what was checked holds
    does_not_hold =
        1,      ///< the thing checked does not hold: a scenario failed, a log or a conf has errors
    usage = 2,  ///< wrong usage or input: nothing was done
    environment = 3,    ///< the environment failed: a port taken, a disk full, too few descriptors
    interrupted = 130,  ///< ended by SIGINT or SIGTERM
};

}  // namespace hasim::cli
