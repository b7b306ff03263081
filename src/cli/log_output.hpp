/// Where the lines of a run go: haErrorLog.txt, and standard output.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "sim/line_writer.hpp"
#include "sink/diagnostics.hpp"
#include "sink/ha_log_file.hpp"

namespace hasim::cli {

class LogOutput final : public sim::LineTarget {
public:
    /// An empty `directory` means no file. `world` says when the disk is full or the directory gone.
    LogOutput(const std::string& directory, std::uint64_t limit, std::optional<WallTime> opened_at,
              const sim::World& world, Console& console, sink::Diagnostics& diagnostics);

    void on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                 const LogRecord& record) override;

    /// There were records, and the machine (no fault of a scenario) let not one of them be written.
    [[nodiscard]] bool nothing_written() const { return some_refused_ && !some_written_; }

private:
    const sim::World& world_;
    Console& console_;
    std::unique_ptr<sink::HaLogFile> file_;
    bool some_written_ = false;
    bool some_refused_ = false;
};

/// `verdict`, unless all is well but for the log, of which nothing could be written: that is told, and is environment.
[[nodiscard]] ExitCode with_log(const LogOutput& output, ExitCode verdict, Console& console);

}  // namespace hasim::cli
