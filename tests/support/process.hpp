/// Running the built program from a test.
///
///     const Finished finished = run_hasim({"conf", "check", path});
///     CHECK(finished.exit_code == 2);
///
///     Process running({"run", "--conf", path});
///     REQUIRE(running.wait_for("ready"));
///     running.send_signal(SIGINT);
///     CHECK(running.wait().exit_code == 130);
#pragma once

#include "support/environment.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hasim::test {

struct ProcessOptions {
    std::filesystem::path program = binary();
    std::filesystem::path directory;  ///< working directory; empty: the test's own
    std::vector<std::pair<std::string, std::string>>
        environment;              ///< set in addition to the test's own
    std::string input;            ///< standard input, then its end
    bool ends_with_test = false;  ///< told to end when the test is gone, even if it crashed
    /// Only for what hangs: far longer than anything takes on a busy machine.
    std::chrono::milliseconds timeout = std::chrono::minutes(2);
};

/// How a program ended.
struct Finished {
    int exit_code = 0;       ///< as a shell has it: 128 + signal when a signal ended it
    bool timed_out = false;  ///< killed, because it was still running after the timeout
    std::string out;         ///< everything it wrote to standard output
    std::string err;         ///< everything it wrote to standard error
};

/// A running program. Its destructor kills what still runs.
class Process {
public:
    explicit Process(const std::vector<std::string>& arguments, ProcessOptions options = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    [[nodiscard]] int pid() const { return pid_; }
    void send_signal(int signal) const;

    /// Reads on until standard output or standard error holds `text`; false when the program ended, or the timeout
    /// passed, without it.
    [[nodiscard]] bool wait_for(std::string_view text);

    /// Reads on until the program ended.
    [[nodiscard]] Finished wait();

    /// What it wrote so far, as far as wait_for has read.
    [[nodiscard]] const std::string& out() const { return finished_.out; }
    [[nodiscard]] const std::string& err() const { return finished_.err; }

private:
    using Clock = std::chrono::steady_clock;

    bool read_some(Clock::time_point deadline);
    void feed_input();

    ProcessOptions options_;
    Clock::time_point deadline_;
    Finished finished_;
    int pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    int err_ = -1;
};

/// Runs hasim (or `options.program`) to its end.
[[nodiscard]] Finished run_hasim(const std::vector<std::string>& arguments,
                                 ProcessOptions options = {});

}  // namespace hasim::test
