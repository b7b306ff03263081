/// What a run says: log lines on standard output, diagnostics and a status line on standard error, in one order.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/console.hpp"
#include "host/worker_thread.hpp"
#include "sink/diagnostics.hpp"
#include "sink/ha_log_file.hpp"

namespace hasim::cli {

/// Whether whoever writes may be kept waiting by who reads.
enum class Writing : std::uint8_t {
    at_once,      ///< in virtual time: a reader that stops, stops the run
    on_a_thread,  ///< live: the run goes on whatever the readers do
};

class RunStreams {
public:
    RunStreams(Console& console, Writing writing);

    /// A line of the HA log, without its newline. Lines that nobody reads are dropped when too many wait; they are
    /// counted.
    void line(std::string_view text);

    /// A diagnostic, which ends the status line.
    void say(sink::Level level, std::string text);
    void finding(const Finding& finding);
    void log_trouble(const sink::LogTrouble& trouble);

    /// Shows `text` until something else is said: on a terminal only.
    void status(std::string text);

    /// Waits until all is written, for `patience` at most when it is given; false when it was not.
    [[nodiscard]] bool finish(std::optional<std::chrono::milliseconds> patience);

    [[nodiscard]] std::uint64_t dropped_lines() const { return dropped_; }

private:
    template <class Job>
    bool write(std::size_t bytes, Job job);
    void clear_status();

    Console& console_;
    sink::Diagnostics diagnostics_;
    bool status_shown_ = false;  ///< the writing thread's
    std::atomic<std::uint64_t> dropped_{0};
    std::unique_ptr<host::WorkerThread> thread_;  ///< last: it ends before what it writes with
};

}  // namespace hasim::cli
