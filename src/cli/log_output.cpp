#include "cli/log_output.hpp"

#include <ostream>

namespace hasim::cli {

LogOutput::LogOutput(const std::string& directory, std::uint64_t limit,
                     std::optional<WallTime> opened_at, const sim::World& world, Console& console,
                     sink::Diagnostics& diagnostics)
    : world_(world), console_(console)
{
    if (!directory.empty()) {
        file_ = sink::HaLogFile::open(
            {directory, limit, opened_at, [&diagnostics](const sink::LogTrouble& trouble) {
                 diagnostics.log_trouble(trouble);
             }});
    }
}

void LogOutput::on_line(std::string_view line, WallTime utc, sim::ClientIndex, const LogRecord&)
{
    if (file_) {
        file_->simulate_full_disk(world_.disk_full());
        file_->simulate_missing_directory(world_.log_directory_missing());
        file_->append(line, utc);
    }
    console_.write(line);
    console_.write("\n");
    console_.results().flush();
}

}  // namespace hasim::cli
