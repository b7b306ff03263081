#include "sim/network/path.hpp"

#include <algorithm>
#include <utility>

namespace hasim::sim {
namespace {

// How long `size` bytes take at `rate` bytes a second, rounded up. size is at most kMaxHeld: no overflow.
Duration carrying_time(std::size_t size, std::uint64_t rate)
{
    constexpr std::uint64_t kNanoseconds = 1000000000;
    const std::uint64_t bytes = std::min(size, kMaxHeld);
    const std::uint64_t rounding_up = bytes * kNanoseconds % rate != 0 ? 1 : 0;
    return Duration(static_cast<std::int64_t>(bytes * kNanoseconds / rate + rounding_up));
}

}  // namespace

void PathFaults::apply(const Fault& fault)
{
    const PathFaults sound;
    switch (fault.kind) {
    case FaultKind::cable_out: cable_out = true; break;
    case FaultKind::cable_in: cable_out = false; break;
    case FaultKind::silence_in: silence_in = true; break;
    case FaultKind::silence_out: silence_out = true; break;
    case FaultKind::slice: slice = true; break;
    case FaultKind::corrupt: corrupt = true; break;
    case FaultKind::duplicate: duplicate = true; break;
    case FaultKind::truncate: truncate = true; break;
    case FaultKind::delay:
        delay = std::max(fault.duration, Duration::zero());
        jitter = std::max(fault.jitter, Duration::zero());
        break;
    case FaultKind::bandwidth:
        bandwidth = fault.count;
        link_free_ = {};
        break;
    case FaultKind::cut_after:
        cut_after = fault.count;
        cut_number = ++cuts_;
        break;
    case FaultKind::heal:
    case FaultKind::heal_all: {
        const auto ends = [&](FaultKind kind) { return !fault.only || *fault.only == kind; };
        cable_out = cable_out && !ends(FaultKind::cable_out);
        silence_in = silence_in && !ends(FaultKind::silence_in);
        silence_out = silence_out && !ends(FaultKind::silence_out);
        slice = slice && !ends(FaultKind::slice);
        corrupt = corrupt && !ends(FaultKind::corrupt);
        duplicate = duplicate && !ends(FaultKind::duplicate);
        truncate = truncate && !ends(FaultKind::truncate);
        delay = ends(FaultKind::delay) ? sound.delay : delay;
        jitter = ends(FaultKind::delay) ? sound.jitter : jitter;
        bandwidth = ends(FaultKind::bandwidth) ? sound.bandwidth : bandwidth;
        cut_number = ends(FaultKind::cut_after) ? 0 : cut_number;
        break;
    }
    default: break;
    }
}

// ---- In -----------------------------------------------------------------------------------------------------------

void Pipe::offer(std::string_view bytes, Instant now, Random& random)
{
    if (over_ || bytes.empty()) {
        return;
    }
    std::string piece(bytes);
    bool ends_here = false;
    Ending ending = Ending::fin;
    if (direction_ == Direction::to_client) {
        if (faults_->truncate) {
            piece.resize(static_cast<std::size_t>(random.below(piece.size())));
            ends_here = true;
        }
        spoil(piece, random);
        if (faults_->cut_number != cut_number_) {
            cut_number_ = faults_->cut_number;
            cut_left_ = faults_->cut_after;
        }
        if (cut_number_ != 0 && piece.size() >= cut_left_) {
            piece.resize(static_cast<std::size_t>(cut_left_));
            ends_here = true;
            ending = Ending::reset;
        }
        cut_left_ -= std::min<std::uint64_t>(cut_left_, piece.size());
    }
    const Instant due = arrival_time(piece.size(), now, random);
    if (!piece.empty()) {
        hold(std::move(piece), now, due);
    }
    if (ends_here && !over_) {
        end(ending, now, due);
    }
}

void Pipe::offer_end(Ending ending, Instant now, Random& random)
{
    if (!over_) {
        end(ending, now, arrival_time(0, now, random));
    }
}

// What is done to a frame's bytes, in the order corrupt, duplicate.
void Pipe::spoil(std::string& frame, Random& random) const
{
    if (faults_->corrupt && !frame.empty()) {
        const auto bit = static_cast<std::size_t>(random.below(frame.size() * 8));
        frame[bit / 8] =
            static_cast<char>(static_cast<unsigned char>(frame[bit / 8]) ^ (1U << (bit % 8)));
    }
    if (faults_->duplicate) {
        frame += std::string(frame);
    }
}

Instant Pipe::arrival_time(std::size_t size, Instant now, Random& random)
{
    if (empty()) {
        // A fault that is over may have promised bytes for much later than they came.
        last_due_ = now;
    }
    Instant due = now;
    if (faults_->bandwidth != 0) {
        Instant& link_free = faults_->link_free_[direction_ == Direction::to_appliance ? 0 : 1];
        link_free = after(std::max(link_free, now), carrying_time(size, faults_->bandwidth));
        due = link_free;
    }
    due = after(due, faults_->delay);
    if (faults_->jitter != Duration::zero()) {
        due = after(due, random.between(Duration::zero(), faults_->jitter));
    }
    last_due_ = std::max(last_due_, due);
    return last_due_;
}

void Pipe::hold(std::string bytes, Instant now, Instant due)
{
    if (held_bytes_ + bytes.size() > kMaxHeld) {
        drop_all();
        end(Ending::reset, now, due);
        return;
    }
    held_bytes_ += bytes.size();
    held_.push_back({now, due, {std::move(bytes), std::nullopt}});
}

void Pipe::end(Ending ending, Instant now, Instant due)
{
    // A reset throws away what the other side has not read; but what was on its way before it still arrives first, so
    // that a cut after N bytes means N bytes.
    held_.push_back({now, due, {{}, ending}});
    over_ = true;
}

void Pipe::drop_all()
{
    held_.clear();
    first_ = 0;
    taken_ = 0;
    held_bytes_ = 0;
}

// ---- Out ----------------------------------------------------------------------------------------------------------

std::optional<Instant> Pipe::next_due() const
{
    if (empty() || faults_->silent(direction_)) {
        return std::nullopt;
    }
    const Instant due = due_of(held_[first_]);
    return due == kNever ? std::nullopt : std::optional(due);
}

std::optional<Piece> Pipe::take(Instant now)
{
    const auto due = next_due();
    if (!due || *due > now) {
        return std::nullopt;
    }
    Piece& first = held_[first_].what;
    if (faults_->slice && first.bytes.size() - taken_ > 1) {
        --held_bytes_;
        return Piece{std::string(1, first.bytes[taken_++]), std::nullopt};
    }
    Piece piece = std::move(first);
    piece.bytes.erase(0, taken_);
    taken_ = 0;
    held_bytes_ -= piece.bytes.size();
    ++first_;
    if (empty()) {
        held_.clear();
        first_ = 0;
    } else if (first_ >= 64 && first_ * 2 >= held_.size()) {
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
    return piece;
}

}  // namespace hasim::sim
