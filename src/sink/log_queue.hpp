/// Records on their way to haErrorLog.txt, which a thread of its own writes: a disk that hangs holds up no call. What
/// came while it wrote, it writes at once the next time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "hasim/time.hpp"
#include "host/worker_thread.hpp"
#include "sink/ha_log_file.hpp"

namespace hasim::sink {

/// May be given records from several threads.
class LogQueue {
public:
    /// Without a `file`, records are only told of.
    explicit LogQueue(std::shared_ptr<HaLogFile> file);

    /// Has `line` (without newline), of a record that happened at `utc`, written while there are `faults`; `then` is
    /// called on the thread when it is written or lost. False, and nothing is done, when too much waits already. Never
    /// waits.
    [[nodiscard]] bool post(std::string line, WallTime utc, SimulatedFaults faults = {},
                            std::function<void()> then = {});

    /// Waits until all is written, for `patience` at most when it is given. False when that ended first: then nothing
    /// more is written.
    bool finish(std::optional<std::chrono::milliseconds> patience = std::nullopt);

    /// How many of the records that were taken are written or lost.
    [[nodiscard]] std::uint64_t through() const;

private:
    struct Waiting;
    std::shared_ptr<Waiting> waiting_;  ///< with the thread, which may outlive this
    host::WorkerThread thread_;
};

}  // namespace hasim::sink
