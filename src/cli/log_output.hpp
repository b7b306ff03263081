/// Where the lines of a run go: haErrorLog.txt, and standard output.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/run_streams.hpp"
#include "play/line_writer.hpp"
#include "sink/ha_log_file.hpp"
#include "sink/log_queue.hpp"

namespace hasim::cli {

class LogOutput final : public play::LineTarget {
public:
    /// An empty `directory` means no file. `world` says when the disk is full or the directory gone.
    LogOutput(sink::HaLogOptions options, const sim::World& world, RunStreams& streams,
              Writing writing);

    void on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                 const LogRecord& record) override;

    /// Waits until all records are in the file, for `patience` at most when it is given; false, and told, when they are
    /// not.
    [[nodiscard]] bool finish(std::optional<std::chrono::milliseconds> patience);

    /// How many records were handed to the thread that writes, and with how many it is through.
    [[nodiscard]] std::uint64_t taken() const { return taken_; }
    [[nodiscard]] std::uint64_t through() const
    {
        return queue_ == nullptr ? 0 : queue_->through();
    }
    [[nodiscard]] sink::LogCounts counts() const;

    /// There were records, and the machine (no fault of a scenario) let not one of them be written.
    [[nodiscard]] bool nothing_written() const;

private:
    void hand_over(std::string_view line, WallTime utc, sink::SimulatedFaults faults);

    const sim::World& world_;
    RunStreams& streams_;
    std::string path_;
    std::shared_ptr<sink::HaLogFile> file_;
    sink::SimulatedFaults faults_;           ///< that the file was told of, where there is no queue
    std::unique_ptr<sink::LogQueue> queue_;  ///< live
    std::uint64_t taken_ = 0;                ///< records handed to the queue
    std::uint64_t refused_ = 0;              ///< records it had no room for
    std::uint64_t refused_now_ = 0;          ///< records it had no room for, since it last had
};

/// `verdict`, unless all is well but for the log, of which nothing could be written: that is told, and is environment.
[[nodiscard]] ExitCode with_log(const LogOutput& output, ExitCode verdict, Console& console);

}  // namespace hasim::cli
