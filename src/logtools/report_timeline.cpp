#include "logtools/report_timeline.hpp"

#include <algorithm>

namespace hasim::logtools {
namespace {

LaneState state_after(LogForm form)
{
    switch (form) {
    case LogForm::drop_member:
    case LogForm::drop_unrecoverable:
    case LogForm::member_deactivated: return LaneState::down;
    case LogForm::new_member:
    case LogForm::recovery_failed:
    case LogForm::reenable_member: return LaneState::recovering;
    case LogForm::recovered: return LaneState::up;
    case LogForm::login_failed:
    case LogForm::member_revoked:
    case LogForm::recovery_exhausted:
    case LogForm::unrecoverable: return LaneState::disabled;
    }
    return LaneState::unknown;
}

// What a member was before a first line of `form`.
LaneState state_before(LogForm form)
{
    switch (form) {
    case LogForm::drop_member:
    case LogForm::login_failed:
    case LogForm::member_deactivated: return LaneState::up;
    case LogForm::recovered:
    case LogForm::recovery_failed:
    case LogForm::recovery_exhausted:
    case LogForm::member_revoked:
    case LogForm::unrecoverable: return LaneState::recovering;
    case LogForm::drop_unrecoverable:
    case LogForm::new_member:
    case LogForm::reenable_member: return LaneState::unknown;
    }
    return LaneState::unknown;
}

bool is_outage(LaneState state)
{
    return state != LaneState::up && state != LaneState::unknown;
}

}  // namespace

void Timeline::feed(const log::ParsedLine& record, std::string_view text)
{
    first_ = first_.value_or(record.stamp);
    // A clock that is set back shows as no time passing.
    const std::int64_t now = std::max<std::int64_t>((record.stamp - *first_).count(), latest_);
    latest_ = now;
    while (now / step_seconds_ >= static_cast<std::int64_t>(kMostSteps)) {
        widen_steps();
    }
    const auto lane = lane_of(record);
    if (!lane) {
        ++lines_without_lane_;
        return;
    }
    change(*lane, state_after(record.form), now, record.form);
    ++step_at(lanes_[*lane], now).lines;
    if (exact_ && events_.size() == kMostEvents) {
        exact_ = false;
        events_ = {};
        for (Lane& each : lanes_) {
            each.segments = {};
        }
    }
    if (exact_) {
        events_.push_back({now, *lane, record.form, record.pid.value, std::string(text)});
    }
}

std::optional<std::size_t> Timeline::lane_of(const log::ParsedLine& record)
{
    const auto known = lane_numbers_.find({record.group, record.member});
    if (known != lane_numbers_.end()) {
        return known->second;
    }
    if (lanes_.size() == kMostLanes) {
        return std::nullopt;
    }
    Lane lane;
    lane.group = record.group;
    lane.member = record.member;
    lane.state = state_before(record.form);
    lanes_.push_back(std::move(lane));
    const std::size_t number = lanes_.size() - 1;
    lane_numbers_[{record.group, record.member}] = number;
    if (is_outage(lanes_.back().state)) {
        going_on_[number] = {number, 0, 0, 0, record.form, false};
    }
    return number;
}

void Timeline::change(std::size_t number, LaneState state, std::int64_t now, LogForm form)
{
    Lane& lane = lanes_[number];
    if (state != lane.state) {
        spend(lane, lane.since, now);
        const bool was_out = is_outage(lane.state);
        lane.state = state;
        lane.since = now;
        if (was_out && !is_outage(state)) {
            end_outage(number, now, false);
        } else if (!was_out && is_outage(state)) {
            going_on_[number] = {number, now, now, 0, form, false};
        }
    }
    const auto outage = going_on_.find(number);
    if (outage != going_on_.end() && form == LogForm::recovery_failed) {
        ++outage->second.attempts;
    }
}

// Books the time from the last change on.
void Timeline::spend(Lane& lane, std::int64_t from, std::int64_t to)
{
    if (exact_ && to > from) {
        lane.segments.push_back({from, to, lane.state});
    }
    while (from < to) {
        const std::int64_t step_end = (from / step_seconds_ + 1) * step_seconds_;
        const std::int64_t until = std::min(step_end, to);
        step_at(lane, from).seconds[static_cast<std::size_t>(lane.state)] +=
            static_cast<std::uint32_t>(until - from);
        from = until;
    }
}

LaneStep& Timeline::step_at(Lane& lane, std::int64_t at)
{
    const auto index = static_cast<std::size_t>(at / step_seconds_);
    if (lane.steps.size() <= index) {
        lane.steps.resize(index + 1);
    }
    return lane.steps[index];
}

// Steps become twice as long, so that the log fits in.
void Timeline::widen_steps()
{
    step_seconds_ *= 2;
    for (Lane& lane : lanes_) {
        std::vector<LaneStep> wider((lane.steps.size() + 1) / 2);
        for (std::size_t i = 0; i < lane.steps.size(); ++i) {
            for (std::size_t state = 0; state < kLaneStates; ++state) {
                wider[i / 2].seconds[state] += lane.steps[i].seconds[state];
            }
            wider[i / 2].lines += lane.steps[i].lines;
        }
        lane.steps = std::move(wider);
    }
}

void Timeline::end_outage(std::size_t lane, std::int64_t now, bool goes_on)
{
    const auto found = going_on_.find(lane);
    if (found == going_on_.end()) {
        return;
    }
    found->second.to = now;
    found->second.goes_on = goes_on;
    keep(found->second);
    going_on_.erase(found);
}

// Keeps the longest: a heap with the shortest of them on top.
void Timeline::keep(const LaneOutage& outage)
{
    ++all_outages_;
    const auto longer = [](const LaneOutage& a, const LaneOutage& b) {
        return a.to - a.from > b.to - b.from;
    };
    outages_.push_back(outage);
    std::push_heap(outages_.begin(), outages_.end(), longer);
    if (outages_.size() > kMostOutages) {
        std::pop_heap(outages_.begin(), outages_.end(), longer);
        outages_.pop_back();
    }
}

void Timeline::finish()
{
    for (std::size_t number = 0; number < lanes_.size(); ++number) {
        spend(lanes_[number], lanes_[number].since, latest_);
        lanes_[number].since = latest_;
        end_outage(number, latest_, true);
    }
    std::sort(outages_.begin(), outages_.end(), [](const LaneOutage& a, const LaneOutage& b) {
        return std::pair(a.from, a.lane) < std::pair(b.from, b.lane);
    });
}

}  // namespace hasim::logtools
