#include "host/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace hasim::host {

std::uint64_t cores()
{
    return std::max(1U, std::thread::hardware_concurrency());
}

void in_parallel(std::uint64_t jobs, std::uint64_t count,
                 const std::function<void(std::uint64_t)>& work)
{
    std::atomic<std::uint64_t> next = 0;
    std::atomic<bool> failed = false;
    std::mutex mutex;
    std::exception_ptr first;
    const auto take_turns = [&] {
        for (std::uint64_t index = next++; index < count && !failed; index = next++) {
            try {
                work(index);
            } catch (...) {
                const std::lock_guard lock(mutex);
                first = failed.exchange(true) ? first : std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t job = 1; job < std::min(jobs, count); ++job) {
            threads.emplace_back(take_turns);
        }
        take_turns();
    }
    if (first) {
        std::rethrow_exception(first);
    }
}

}  // namespace hasim::host
