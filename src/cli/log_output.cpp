#include "cli/log_output.hpp"

#include <utility>

#include <fmt/format.h>

#include "log/rotation.hpp"

namespace hasim::cli {

LogOutput::LogOutput(sink::HaLogOptions options, const sim::World& world, RunStreams& streams,
                     Writing writing)
    : world_(world), streams_(streams)
{
    if (options.directory.empty()) {
        return;
    }
    path_ = options.directory + "/" + std::string(log::kLogFileName);
    options.on_trouble = [this](const sink::LogTrouble& trouble) { streams_.log_trouble(trouble); };
    file_ = sink::HaLogFile::open(std::move(options));
    if (writing == Writing::on_a_thread) {
        queue_ = std::make_unique<sink::LogQueue>(file_);
    }
}

void LogOutput::on_line(std::string_view line, WallTime utc, sim::ClientIndex, const LogRecord&)
{
    const sink::SimulatedFaults faults{world_.disk_full(), world_.log_directory_missing()};
    if (queue_ != nullptr) {
        hand_over(line, utc, faults);
    } else if (file_ != nullptr) {
        if (faults != faults_) {
            file_->simulate(faults_ = faults);
        }
        file_->append(line, utc);
    }
    streams_.line(line);
}

void LogOutput::hand_over(std::string_view line, WallTime utc, sink::SimulatedFaults faults)
{
    const bool taken = queue_->post(std::string(line), utc, faults);
    if (taken) {
        ++taken_;
        if (refused_now_ > 0) {
            streams_.log_trouble({sink::LogTrouble::Kind::ends, "writing " + path_ + " again",
                                  std::exchange(refused_now_, 0)});
        }
        return;
    }
    ++refused_;
    if (refused_now_++ == 0) {
        streams_.log_trouble(
            {sink::LogTrouble::Kind::begins, path_ + " takes records too slowly", 0});
    }
}

sink::LogCounts LogOutput::counts() const
{
    sink::LogCounts counts = file_ == nullptr ? sink::LogCounts{} : file_->counts();
    counts.lost += refused_;
    return counts;
}

bool LogOutput::nothing_written() const
{
    const sink::LogCounts counts = this->counts();
    return counts.records == 0 && counts.lost > counts.lost_simulated;
}

bool LogOutput::finish(std::optional<std::chrono::milliseconds> patience)
{
    const bool written = queue_ == nullptr || queue_->finish(patience);
    if (const std::uint64_t missing = refused_now_ + (written ? 0 : taken_ - through());
        missing > 0) {
        streams_.log_trouble(
            {sink::LogTrouble::Kind::ends,
             path_ + " did not take all records in time, though it may still take some", missing});
    }
    return written;
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
