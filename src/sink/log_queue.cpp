#include "sink/log_queue.hpp"

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

namespace hasim::sink {
namespace {

/// A write holds up the other processes that share the log, and who waits for a record to be in the file (chosen).
constexpr std::size_t kMostInOneWrite = std::size_t{64} << 10U;

}  // namespace

// What the file has been given and not yet written. The thread's own, but for `through`.
struct LogQueue::Waiting {
    std::shared_ptr<HaLogFile> file;
    SimulatedFaults faults;
    std::size_t bytes = 0;
    std::uint64_t records = 0;
    std::vector<std::function<void()>> then;
    std::atomic<std::uint64_t> through{0};

    void add(const std::string& line, WallTime utc, SimulatedFaults wanted,
             std::function<void()> told)
    {
        if (faults != wanted) {
            write();
            faults = wanted;
            if (file != nullptr) {
                file->simulate(faults);
            }
        }
        ++records;
        bytes += line.size();
        if (told) {
            then.push_back(std::move(told));
        }
        if (file != nullptr) {
            file->add(line, utc);
        }
        if (bytes >= kMostInOneWrite) {
            write();
        }
    }

    void write()
    {
        if (file != nullptr) {
            file->flush();
        }
        through += std::exchange(records, 0);
        bytes = 0;
        for (const auto& told : std::exchange(then, {})) {
            told();
        }
    }
};

LogQueue::LogQueue(std::shared_ptr<HaLogFile> file)
    : waiting_(std::make_shared<Waiting>()),
      thread_(host::WorkerThread::kMostPending, [waiting = waiting_] { waiting->write(); })
{
    waiting_->file = std::move(file);
}

bool LogQueue::post(std::string line, WallTime utc, SimulatedFaults faults,
                    std::function<void()> then)
{
    const std::size_t size = line.size();
    return thread_.post(size, [waiting = waiting_, line = std::move(line), utc, faults,
                               then = std::move(then)]() mutable {
        waiting->add(line, utc, faults, std::move(then));
    });
}

bool LogQueue::finish(std::optional<std::chrono::milliseconds> patience)
{
    return thread_.finish(patience);
}

std::uint64_t LogQueue::through() const
{
    return waiting_->through;
}

}  // namespace hasim::sink
