#include "sink/ha_log_sink.hpp"

#include <cstddef>
#include <exception>
#include <span>
#include <string_view>
#include <utility>

namespace hasim::sink {

HaLogSink::HaLogSink(HaLogOptions options)
    : options_(std::move(options)), log_(options_.directory, options_.limit), forks_seen_(forks())
{
}

void HaLogSink::open()
{
    const std::lock_guard<std::mutex> guard(mutex_);
    SharedLog::Outcome outcome;
    outcome.not_written = log_.make_directory();
    if (!outcome.not_written) {
        outcome = log_.open(options_.opened_at);
    }
    account(outcome, false);
}

void HaLogSink::close()
{
    const std::lock_guard<std::mutex> guard(mutex_);
    if (in_trouble_ && lost_now_ > 0) {
        tell(LogTrouble::Kind::ends, "closed " + log_.path(), lost_now_);
    }
    in_trouble_ = false;
}

void HaLogSink::simulate(SimulatedFaults faults)
{
    const std::lock_guard<std::mutex> guard(mutex_);
    flush_();
    log_.simulate_full_disk(faults.full_disk);
    log_.simulate_missing_directory(faults.missing_directory);
    simulated_ = faults != SimulatedFaults{};
}

void HaLogSink::count_as_lost(const std::string& why)
{
    const std::lock_guard<std::mutex> guard(mutex_);
    lose_one("cannot write " + log_.path() + ": " + why);
}

void HaLogSink::sink_it_(const spdlog::details::log_msg& message)
{
    forget_waiting_of_parent();
    const RecordToWrite record{message.payload.size() + 1, message.time};
    bytes_waiting_.reserve(bytes_waiting_.size() + record.size);
    waiting_.push_back(record);  // nothing behind this can fail
    bytes_waiting_.append(message.payload.begin(), message.payload.end());
    bytes_waiting_.push_back('\n');
}

void HaLogSink::flush_()
{
    forget_waiting_of_parent();
    std::string_view bytes(bytes_waiting_.data(), bytes_waiting_.size());
    std::span<const RecordToWrite> left = waiting_;
    try {
        while (!left.empty()) {
            const SharedLog::Outcome outcome = log_.append(bytes, left);
            std::size_t size = 0;
            for (const RecordToWrite& record : left.first(outcome.written)) {
                size += record.size;
            }
            bytes_ += size;
            records_ += outcome.written;
            const bool lost_one = outcome.not_written.has_value();
            bytes.remove_prefix(size + (lost_one ? left[outcome.written].size : 0));
            left = left.subspan(outcome.written + (lost_one ? 1 : 0));
            account(outcome, true);
        }
    } catch (const std::exception& error) {  // out of memory for the text of a failure
        for (; !left.empty(); left = left.subspan(1)) {
            lose_one(error.what());
        }
    }
    waiting_.clear();
    bytes_waiting_.clear();
}

// What waited when this process was forked is its parent's to write.
void HaLogSink::forget_waiting_of_parent()
{
    if (const unsigned now = forks(); now != forks_seen_) {
        waiting_.clear();
        bytes_waiting_.clear();
        forks_seen_ = now;
    }
}

void HaLogSink::account(const SharedLog::Outcome& outcome, bool for_records)
{
    if (outcome.not_rotated && !rotation_told_) {
        tell(LogTrouble::Kind::not_rotated, outcome.not_rotated->text);
    }
    rotation_told_ = outcome.not_rotated.has_value();
    rotations_ = log_.rotations();
    if (in_trouble_ && (outcome.written > 0 || !outcome.not_written)) {
        in_trouble_ = false;
        tell(LogTrouble::Kind::ends, "writing " + log_.path() + " again",
             std::exchange(lost_now_, 0));
    }
    if (outcome.not_written && for_records) {
        lose_one(outcome.not_written->text);
    } else if (outcome.not_written) {
        in_trouble_ = true;
        tell(LogTrouble::Kind::begins, outcome.not_written->text);
    }
}

void HaLogSink::lose_one(const std::string& why)
{
    ++lost_;
    lost_simulated_ += simulated_ ? 1 : 0;
    ++lost_now_;
    if (!std::exchange(in_trouble_, true)) {
        tell(LogTrouble::Kind::begins, why);
    }
}

void HaLogSink::tell(LogTrouble::Kind kind, const std::string& text, std::uint64_t lost)
{
    if (!options_.on_trouble) {
        return;
    }
    try {
        options_.on_trouble({kind, text, lost});
    } catch (...) {  // who listens must not be able to harm who logs
    }
}

}  // namespace hasim::sink
