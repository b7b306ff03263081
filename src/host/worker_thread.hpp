/// A thread for what may take long, so that who has it done never waits: not for a disk that hangs, not for a pipe
/// whose reader stopped, not for a lock that somebody holds.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace hasim::host {

/// Does jobs one after the other, in the order of their coming. May be given jobs from several threads.
class WorkerThread {
public:
    /// What may wait to be written at most (chosen): some 600,000 records.
    static constexpr std::size_t kMostPending = std::size_t{64} << 20U;

    /// `most_pending` bytes of jobs may wait. `at_rest` is called on the thread when it has done a job and none waits.
    explicit WorkerThread(std::size_t most_pending = kMostPending,
                          std::function<void()> at_rest = {});
    /// Waits for all jobs, unless finish() gave up on them: then the thread is left behind, with what its job holds.
    ~WorkerThread();
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    /// Has `job`, which keeps `bytes` in memory, done. False, and nothing is done, when too much waits already. What
    /// the job throws is dropped.
    [[nodiscard]] bool post(std::size_t bytes, std::function<void()> job);

    /// Waits until every job is done and the thread at rest, for `patience` at most when it is given. False when that
    /// ended first: then no job is begun any more.
    bool finish(std::optional<std::chrono::milliseconds> patience = std::nullopt);

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace hasim::host
