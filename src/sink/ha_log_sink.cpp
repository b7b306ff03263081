#include "sink/ha_log_sink.hpp"

#include <utility>

namespace hasim::sink {

HaLogSink::HaLogSink(HaLogOptions options)
    : options_(std::move(options)), log_(options_.directory, options_.limit)
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

void HaLogSink::simulate_full_disk(bool on)
{
    const std::lock_guard<std::mutex> guard(mutex_);
    log_.simulate_full_disk(on);
}

void HaLogSink::simulate_missing_directory(bool on)
{
    const std::lock_guard<std::mutex> guard(mutex_);
    log_.simulate_missing_directory(on);
}

void HaLogSink::count_as_lost(const std::string& why)
{
    const std::lock_guard<std::mutex> guard(mutex_);
    lose_one("cannot write " + log_.path() + ": " + why);
}

void HaLogSink::sink_it_(const spdlog::details::log_msg& message)
{
    buffer_.clear();
    buffer_.append(message.payload.begin(), message.payload.end());
    buffer_.push_back('\n');
    const SharedLog::Outcome outcome = log_.append({buffer_.data(), buffer_.size()}, message.time);
    bytes_ += outcome.not_written ? 0 : buffer_.size();
    account(outcome, true);
}

void HaLogSink::account(const SharedLog::Outcome& outcome, bool for_a_record)
{
    if (outcome.not_rotated && !rotation_told_) {
        tell(LogTrouble::Kind::not_rotated, outcome.not_rotated->text);
    }
    rotation_told_ = outcome.not_rotated.has_value();
    rotations_ = log_.rotations();
    if (outcome.not_written) {
        if (for_a_record) {
            lose_one(outcome.not_written->text);
        } else {
            in_trouble_ = true;
            tell(LogTrouble::Kind::begins, outcome.not_written->text);
        }
    } else if (in_trouble_) {
        in_trouble_ = false;
        tell(LogTrouble::Kind::ends, "writing " + log_.path() + " again",
             std::exchange(lost_now_, 0));
    }
}

void HaLogSink::lose_one(const std::string& why)
{
    lost_.fetch_add(1, std::memory_order_relaxed);
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
