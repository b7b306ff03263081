/// The spdlog sink behind HaLogFile. One message is one record; its text goes to the file as it is, without a pattern,
/// when the sink is flushed.
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "sink/ha_log_file.hpp"
#include "sink/shared_log.hpp"

namespace hasim::sink {

class HaLogSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit HaLogSink(HaLogOptions options);

    /// Makes the directory and opens the file; what fails is told.
    void open();
    /// Tells of records lost up to now, if any.
    void close();

    void simulate(SimulatedFaults faults);

    /// What spdlog caught while it handled a record: the record counts as lost.
    void count_as_lost(const std::string& why);

    [[nodiscard]] LogCounts counts() const
    {
        return {bytes_, records_, rotations_, lost_, lost_simulated_};
    }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override;

private:
    void forget_waiting_of_parent();
    void account(const SharedLog::Outcome& outcome, bool for_records);
    void lose_one(const std::string& why);
    void tell(LogTrouble::Kind kind, const std::string& text, std::uint64_t lost = 0);

    HaLogOptions options_;
    SharedLog log_;
    spdlog::memory_buf_t bytes_waiting_;  ///< of the records that wait to be written
    std::vector<RecordToWrite> waiting_;
    unsigned forks_seen_ = 0;  ///< when the first of them came
    bool simulated_ = false;   ///< writes fail because a scenario has it so
    std::atomic<std::uint64_t> bytes_{0};
    std::atomic<std::uint64_t> records_{0};
    std::atomic<std::uint64_t> rotations_{0};
    std::atomic<std::uint64_t> lost_{0};
    std::atomic<std::uint64_t> lost_simulated_{0};
    std::uint64_t lost_now_ = 0;  ///< since the trouble at hand began
    bool in_trouble_ = false;
    bool rotation_told_ = false;
};

}  // namespace hasim::sink
