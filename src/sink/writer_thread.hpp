/// A thread that writes, so that who has something to write never waits: not for a disk that hangs, not for a pipe
/// whose reader stopped, not for a lock that somebody holds.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace hasim::sink {

/// Does jobs one after the other, in the order of their coming. May be given jobs from several threads.
class WriterThread {
public:
    /// What may wait to be written at most (chosen): some 600,000 records.
    static constexpr std::size_t kMostPending = std::size_t{64} << 20U;

    /// `most_pending` bytes of jobs may wait.
    explicit WriterThread(std::size_t most_pending = kMostPending);
    /// Waits for all jobs, unless finish() gave up on them: then the thread is left behind, with what its job holds.
    ~WriterThread();
    WriterThread(const WriterThread&) = delete;
    WriterThread& operator=(const WriterThread&) = delete;

    /// Has `job`, which keeps `bytes` in memory, done. False, and nothing is done, when too much waits already. What
    /// the job throws is dropped.
    [[nodiscard]] bool post(std::size_t bytes, std::function<void()> job);

    /// Waits until every job is done, for `patience` at most when it is given. False when that ended first: then no job
    /// is begun any more.
    bool finish(std::optional<std::chrono::milliseconds> patience = std::nullopt);

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace hasim::sink
