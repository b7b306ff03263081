/// What a run says: log lines on standard output, diagnostics and a status line on standard error, in one order.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

struct TerminalSize {
    std::size_t columns = 80;
    std::size_t rows = 24;
};
/// Of the terminal behind standard error; the usual one when it does not say.
[[nodiscard]] TerminalSize terminal_size();

/// A line of what is shown in place: printable, in a colour that says how things are.
struct StatusLine {
    enum class Tone : std::uint8_t { plain, good, waiting, bad, faint };
    std::string text;
    Tone tone = Tone::plain;
};

class RunStreams {
public:
    RunStreams(Console& console, Writing writing);

    /// A line of the HA log, without its newline. Lines that nobody reads are dropped when too many wait; they are
    /// counted.
    void line(std::string_view text);

    /// A diagnostic, which ends the status line.
    void say(sink::Level level, std::string text);
    [[nodiscard]] bool is_said(sink::Level level) const;
    void finding(const Finding& finding);
    void log_trouble(const sink::LogTrouble& trouble);

    /// Shows `lines` at the end of the terminal, in place of those before; what else is said stands above them.
    void status(std::vector<StatusLine> lines);
    /// They are shown no more.
    void no_status();
    /// The same where the terminal is somebody else's now: what stands there is left.
    void forget_status();

    /// Waits until all is written, for `patience` at most when it is given; false when it was not.
    [[nodiscard]] bool finish(std::optional<std::chrono::milliseconds> patience);

    [[nodiscard]] std::uint64_t dropped_lines() const { return dropped_; }

private:
    template <class Job>
    bool write(std::size_t bytes, Job job);
    void clear_status();
    void show_status();
    void show_again();

    Console& console_;
    sink::Diagnostics diagnostics_;
    // The writing thread's:
    std::vector<StatusLine> status_;
    std::size_t status_shown_ = 0;  ///< lines that are on the terminal
    std::atomic<std::uint64_t> dropped_{0};
    std::unique_ptr<host::WorkerThread> thread_;  ///< last: it ends before what it writes with
};

}  // namespace hasim::cli
