#include "play/call_counts.hpp"

#include <algorithm>

namespace hasim::play {

namespace {

bool is_served(sim::CallKind kind)
{
    return kind == sim::CallKind::sign || kind == sim::CallKind::other;
}

}  // namespace

std::uint64_t CallCounts::in_flight() const
{
    std::uint64_t sum = 0;
    for (const auto& [client, calls] : inside_) {
        sum += calls;
    }
    return sum;
}

void CallCounts::on_call_made(CallId, sim::ClientIndex client, sim::GroupIndex, sim::CallKind kind,
                              Instant)
{
    if (is_served(kind)) {
        ++inside_[client];
    }
}

void CallCounts::on_call(const sim::CallReport& report)
{
    if (!is_served(report.kind)) {
        return;
    }
    // A client of another process does not tell what it calls, only what returned.
    if (const auto inside = inside_.find(report.client); inside != inside_.end()) {
        inside->second -= inside->second > 0 ? 1U : 0U;
    }
    ++(report.code == Code::ok ? done_ : lost_);
    retried_ += report.moves;
    count(1, report.returned - report.called);
}

void CallCounts::on_calls(const sim::CallRun& run)
{
    done_ += run.count;
    count(run.count, run.took);
}

void CallCounts::count(std::uint64_t calls, Duration took)
{
    longest_ = std::max(longest_, took);
    total_ += took * static_cast<std::int64_t>(calls);
    const auto limit = std::lower_bound(kLimits.begin(), kLimits.end(), took);
    by_duration_[static_cast<std::size_t>(limit - kLimits.begin())] += calls;
}

void CallCounts::on_killed(sim::ClientIndex client, Instant)
{
    inside_.erase(client);
}

}  // namespace hasim::play
