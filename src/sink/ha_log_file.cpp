#include "sink/ha_log_file.hpp"

#include <spdlog/logger.h>

#include <chrono>
#include <utility>

#include "sink/ha_log_sink.hpp"

namespace hasim::sink {

std::optional<std::string> check_directory(const std::string& directory)
{
    const DirectoryState state = look_at(directory);
    if (!state.has_log || state.marked) {
        return std::nullopt;
    }
    return "the log directory " + directory +
           " holds a haErrorLog.txt that is not hasim's, and simulated outages must not get into a "
           "real log; "
           "name another directory with --log-dir";
}

struct HaLogFile::Parts {
    explicit Parts(HaLogOptions options)
        : sink(std::make_shared<HaLogSink>(std::move(options))), logger("ha", sink)
    {
        logger.set_level(spdlog::level::trace);
        // spdlog would only print what goes wrong, and the program would not know.
        logger.set_error_handler([this](const std::string& why) { sink->count_as_lost(why); });
    }

    std::shared_ptr<HaLogSink> sink;
    spdlog::logger logger;
};

std::unique_ptr<HaLogFile> HaLogFile::open(HaLogOptions options)
{
    auto parts = std::make_unique<Parts>(std::move(options));
    parts->sink->open();
    return std::unique_ptr<HaLogFile>(new HaLogFile(std::move(parts)));
}

HaLogFile::HaLogFile(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HaLogFile::~HaLogFile()
{
    parts_->sink->close();
}

void HaLogFile::add(std::string_view line, WallTime utc) noexcept
{
    const auto time = std::chrono::time_point_cast<spdlog::log_clock::duration>(utc);
    parts_->logger.log(time, spdlog::source_loc{}, spdlog::level::info,
                       spdlog::string_view_t(line.data(), line.size()));
}

void HaLogFile::flush() noexcept
{
    parts_->logger.flush();
}

void HaLogFile::append(std::string_view line, WallTime utc) noexcept
{
    add(line, utc);
    flush();
}

void HaLogFile::simulate(SimulatedFaults faults) noexcept
{
    parts_->sink->simulate(faults);
}

LogCounts HaLogFile::counts() const noexcept
{
    return parts_->sink->counts();
}

}  // namespace hasim::sink
