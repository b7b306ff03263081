/// Ctrl-C and its like, for commands that wait for input without an end and have something to finish.
#pragma once

namespace hasim::host {

/// While one lives, SIGINT, SIGTERM and SIGHUP are noted instead of ending the process (SIGHUP unless it was ignored,
/// as under nohup). They interrupt poll() and read(). One at a time.
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// One came.
    [[nodiscard]] static bool asked();
};

}  // namespace hasim::host
