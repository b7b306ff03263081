#include "logtools/report_timeline.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hasim::logtools {
namespace {

std::int64_t seconds_in(log::StoryTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time).count();
}

/// Makes a part of the times unknown. They are in order, without a gap.
void forget(std::vector<LaneSegment>& segments, std::int64_t from, std::int64_t to)
{
    const auto first =
        std::partition_point(segments.begin(), segments.end(),
                             [from](const LaneSegment& each) { return each.to <= from; });
    const auto last = std::partition_point(
        first, segments.end(), [to](const LaneSegment& each) { return each.from < to; });
    if (first == last) {
        return;
    }
    std::vector<LaneSegment> instead;
    if (first->from < from) {
        instead.push_back({first->from, from, first->state});
    }
    instead.push_back({from, to, log::ServiceState::unknown});
    if (std::prev(last)->to > to) {
        instead.push_back({to, std::prev(last)->to, std::prev(last)->state});
    }
    segments.insert(segments.erase(first, last), instead.begin(), instead.end());
}

}  // namespace

void Timeline::on_named(std::size_t /*member*/, Serial group, Serial serial)
{
    if (lanes_.size() < kMostLanes) {
        lanes_.push_back({group, serial, {}, {}});
    }
}

void Timeline::on_time(std::size_t member, log::StoryTime from, log::StoryTime to,
                       log::ServiceState state)
{
    if (member >= lanes_.size()) {
        return;
    }
    advance(seconds_in(to));
    Lane& lane = lanes_[member];
    const LaneSegment time{seconds_in(from), seconds_in(to), state};
    spend(lane, time, false);
    if (!exact_ || time.from == time.to) {
        return;
    }
    if (!lane.segments.empty() && lane.segments.back().state == state) {
        lane.segments.back().to = time.to;
    } else {
        lane.segments.push_back(time);
    }
}

void Timeline::on_forgotten(std::size_t member, log::StoryTime from, log::StoryTime to,
                            log::ServiceState state)
{
    if (member >= lanes_.size()) {
        return;
    }
    Lane& lane = lanes_[member];
    spend(lane, {seconds_in(from), seconds_in(to), state}, true);
    spend(lane, {seconds_in(from), seconds_in(to), log::ServiceState::unknown}, false);
    forget(lane.segments, seconds_in(from), seconds_in(to));
}

// Keeps the longest: a heap with the shortest of them on top.
void Timeline::on_outage(const log::Outage& outage)
{
    if (outage.member >= lanes_.size()) {
        return;
    }
    const auto longer = [](const log::Outage& a, const log::Outage& b) {
        return a.to - a.from > b.to - b.from;
    };
    if (outages_.size() == kMostOutages) {
        if (!longer(outage, outages_.front())) {
            return;
        }
        std::pop_heap(outages_.begin(), outages_.end(), longer);
        outages_.pop_back();
    }
    outages_.push_back(outage);
    std::push_heap(outages_.begin(), outages_.end(), longer);
}

void Timeline::mark(std::size_t member, log::StoryTime now, const log::ParsedLine& record,
                    std::string_view text)
{
    const std::int64_t at = seconds_in(now);
    advance(at);
    if (member >= lanes_.size()) {
        ++lines_without_lane_;
        return;
    }
    ++step_at(lanes_[member], at).lines;
    if (exact_ && events_.size() == kMostEvents) {
        exact_ = false;
        events_ = {};
        for (Lane& each : lanes_) {
            each.segments = {};
        }
    }
    if (exact_) {
        events_.push_back({at, member, record.form, record.pid.value, std::string(text)});
    }
}

void Timeline::advance(std::int64_t now)
{
    latest_ = std::max(latest_, now);
    while (latest_ >= step_seconds_ * static_cast<std::int64_t>(kMostSteps)) {
        widen_steps();
    }
}

/// Books a time, or takes back that it was booked.
void Timeline::spend(Lane& lane, const LaneSegment& time, bool take_back)
{
    for (std::int64_t from = time.from; from < time.to;) {
        LaneStep& step = step_at(lane, from);
        const std::int64_t until = std::min(step_from_ + step_seconds_, time.to);
        const auto seconds = static_cast<std::uint32_t>(until - from);
        std::uint32_t& booked = step.seconds[static_cast<std::size_t>(time.state)];
        booked = take_back ? booked - seconds : booked + seconds;
        from = until;
    }
}

LaneStep& Timeline::step_at(Lane& lane, std::int64_t at)
{
    if (at < step_from_ ||
        at >= step_from_ + step_seconds_) {  // dividing is slow, and mostly not needed
        step_ = static_cast<std::size_t>(at / step_seconds_);
        step_from_ = static_cast<std::int64_t>(step_) * step_seconds_;
    }
    if (lane.steps.size() <= step_) {
        lane.steps.resize(step_ + 1);
    }
    return lane.steps[step_];
}

// Steps become twice as long, so that the log fits in.
void Timeline::widen_steps()
{
    step_seconds_ *= 2;
    step_ = 0;
    step_from_ = 0;
    for (Lane& lane : lanes_) {
        std::vector<LaneStep> wider((lane.steps.size() + 1) / 2);
        for (std::size_t i = 0; i < lane.steps.size(); ++i) {
            for (std::size_t state = 0; state < log::kServiceStates; ++state) {
                wider[i / 2].seconds[state] += lane.steps[i].seconds[state];
            }
            wider[i / 2].lines += lane.steps[i].lines;
        }
        lane.steps = std::move(wider);
    }
}

void Timeline::finish()
{
    std::sort(outages_.begin(), outages_.end(), [](const log::Outage& a, const log::Outage& b) {
        return std::tuple(a.from, a.member, a.pid) < std::tuple(b.from, b.member, b.pid);
    });
}

}  // namespace hasim::logtools
