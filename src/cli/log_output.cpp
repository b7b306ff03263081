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
        thread_ = std::make_unique<host::WorkerThread>();
    }
}

void LogOutput::on_line(std::string_view line, WallTime utc, sim::ClientIndex, const LogRecord&)
{
    if (file_) {
        const Simulated simulated{world_.disk_full(), world_.log_directory_missing()};
        if (thread_ != nullptr) {
            hand_over(line, utc, simulated);
        } else {
            write(line, utc, simulated);
        }
    }
    streams_.line(line);
}

void LogOutput::write(std::string_view line, WallTime utc, Simulated simulated)
{
    file_->simulate_full_disk(simulated.full_disk);
    file_->simulate_missing_directory(simulated.missing_directory);
    const std::uint64_t lost = file_->counts().lost;
    file_->append(line, utc);
    if (file_->counts().lost == lost) {
        some_written_ = true;
    } else if (!simulated.full_disk && !simulated.missing_directory) {
        some_refused_ = true;
    }
}

void LogOutput::hand_over(std::string_view line, WallTime utc, Simulated simulated)
{
    const bool taken = thread_->post(line.size(), [this, text = std::string(line), utc, simulated] {
        write(text, utc, simulated);
        ++done_;
    });
    if (taken) {
        ++taken_;
        if (refused_now_ > 0) {
            streams_.log_trouble({sink::LogTrouble::Kind::ends, "writing " + path_ + " again",
                                  std::exchange(refused_now_, 0)});
        }
        return;
    }
    some_refused_ = true;
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

bool LogOutput::finish(std::optional<std::chrono::milliseconds> patience)
{
    const bool written = thread_ == nullptr || thread_->finish(patience);
    if (const std::uint64_t missing = refused_now_ + (written ? 0 : taken_ - done_); missing > 0) {
        streams_.log_trouble(
            {sink::LogTrouble::Kind::ends, path_ + " did not take all records", missing});
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
