/// Where the lines of a run go: haErrorLog.txt, and standard output.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/console.hpp"
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

private:
    const sim::World& world_;
    Console& console_;
    std::unique_ptr<sink::HaLogFile> file_;
};

}  // namespace hasim::cli
