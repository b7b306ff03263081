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
        const bool simulated = world_.disk_full() || world_.log_directory_missing();
        const std::uint64_t lost = file_->lost();
        file_->append(line, utc);
        const bool written = file_->lost() == lost;
        some_written_ |= written;
        some_refused_ |= !written && !simulated;
    }
    console_.write(line);
    console_.write("\n");
    console_.results().flush();
}

ExitCode with_log(const LogOutput& output, ExitCode verdict, Console& console)
{
    if (verdict != ExitCode::done || !output.nothing_written()) {
        return verdict;
    }
    console.error(
        "not one line could be written to haErrorLog.txt; name another directory with "
        "--log-dir");
    return ExitCode::environment;
}

}  // namespace hasim::cli
