#include "log/outage_story.hpp"

#include <algorithm>
#include <utility>

namespace hasim::log {
namespace {

/// The line is about the end of a recovery attempt.
bool ends_attempt(LogForm form)
{
    return form == LogForm::recovered || form == LogForm::recovery_failed ||
           form == LogForm::member_revoked || form == LogForm::unrecoverable;
}

}  // namespace

std::string_view name_of(ServiceState state)
{
    switch (state) {
    case ServiceState::up: return "up";
    case ServiceState::down: return "down";
    case ServiceState::recovering: return "recovering";
    case ServiceState::disabled: return "disabled";
    case ServiceState::unknown: return "unknown";
    }
    return "";
}

ServiceState state_before(LogForm form)
{
    const bool served = form == LogForm::drop_member || form == LogForm::login_failed ||
                        form == LogForm::member_deactivated;
    return served ? ServiceState::up : ServiceState::unknown;
}

StoryTime OutageStory::Member::out() const
{
    StoryTime out{};
    for (std::size_t state = 0; state < kServiceStates; ++state) {
        out += is_out(static_cast<ServiceState>(state)) ? time[state] : StoryTime{};
    }
    return out;
}

std::optional<double> OutageStory::Member::availability() const
{
    const auto up = time[static_cast<std::size_t>(ServiceState::up)].count();
    if (up == 0) {
        return std::nullopt;
    }
    return static_cast<double>(up) / static_cast<double>(up + out().count());
}

/// Whether a process that saw a member so, and writes `form` about it now, called C_Initialize in between: only that
/// forgets that a member was dropped. One that is deactivated may serve on, and be dropped later.
bool OutageStory::tells_initialisation(const View& view, LogForm form)
{
    return form == LogForm::drop_unrecoverable || (form == LogForm::drop_member && view.outage &&
                                                   view.last != LogForm::member_deactivated);
}

std::size_t OutageStory::add_member(Serial group, Serial serial, bool expected)
{
    const auto [entry, fresh] = numbers_.try_emplace({group, serial}, members_.size());
    if (!fresh) {
        return entry->second;
    }
    Member& member = members_.emplace_back();
    member.group = group;
    member.serial = serial;
    member.expected = expected;
    lanes_.emplace_back();
    Group& of_group = groups_[group];
    lanes_.back().group = &of_group;
    of_group.expected = of_group.expected || expected;
    if (expected || !of_group.expected) {
        ++of_group.counted;
        of_group.all_out = {};  // this one was not out
    }
    if (listener_ != nullptr) {
        listener_->on_named(entry->second, group, serial);
    }
    return entry->second;
}

void OutageStory::expect(Serial group, Serial serial)
{
    const std::size_t member = add_member(group, serial, true);
    lanes_[member].state = ServiceState::up;
    members_[member].last = ServiceState::up;
}

OutageStory::Pair OutageStory::find(const LogRecord& record)
{
    Pair pair;
    const auto member = numbers_.find({record.group, record.member});
    const auto process = processes_.find(record.pid);
    if (member != numbers_.end() && process != processes_.end()) {
        const auto view = process->second.views.find(member->second);
        pair.member = member->second;
        pair.process = &process->second;
        pair.view = view == process->second.views.end() ? nullptr : &view->second;
    }
    return pair;
}

OutageStory::Pair OutageStory::add(const LogRecord& record)
{
    ++pairs_;
    const std::size_t member = add_member(record.group, record.member, false);
    Process& process = processes_[record.pid];
    View& view = process.views[member];
    view.group = &process.groups[record.group];
    if (listener_ != nullptr) {
        listener_->on_pair(member, record.pid);
    }
    return {member, &process, &view};
}

std::size_t OutageStory::feed(const LogRecord& record, StoryTime now)
{
    Pair& pair = recent_.at(record);
    if (pair.view == nullptr) {
        pair = find(record);
        if (pair.view == nullptr && pairs_ == most_pairs_) {
            return kNoMember;
        }
    }
    if (pair.view != nullptr && tells_initialisation(*pair.view, record.form)) {
        fall_silent(record.pid, *pair.process, now);  // and forgets the pair
    }
    const bool first = pair.view == nullptr;
    if (first) {
        pair = add(record);
    }
    const bool was_out = !first && is_out(state_after(pair.view->last));
    confirm(*pair.process, now);
    update_lane(pair.member, was_out, record, now);
    update_view(pair, record, now);
    return pair.member;
}

void OutageStory::update_view(const Pair& pair, const LogRecord& record, StoryTime now)
{
    Member& member = members_[pair.member];
    View& view = *pair.view;
    view.last = record.form;
    member.last = state_after(record.form);
    member.attempts += ends_attempt(record.form) ? 1U : 0U;
    if (record.form == LogForm::recovered) {
        ++member.recovered;
        if (view.outage) {
            end_outage(view, now, true);
        }
        return;
    }
    // A member that is new has not served, so nothing is out as long as its first attempt does not fail.
    if (!view.outage && record.form != LogForm::new_member) {
        view.outage = Outage{pair.member, record.pid, now, now, record.form, 0, false};
        ++member.outages;
        count_out(pair.member, *view.group, true, now);
    }
    if (view.outage && record.form == LogForm::recovery_failed) {
        ++view.outage->failed_attempts;
    }
}

void OutageStory::end_outage(View& view, StoryTime at, bool recovered)
{
    view.outage->to = at;
    view.outage->recovered = recovered;
    if (listener_ != nullptr) {
        listener_->on_outage(*view.outage);
    }
    const std::size_t member = view.outage->member;
    view.outage.reset();
    count_out(member, *view.group, false, at);
}

/// As the process that sees its group so sees it, the member is out from now on, or not out any more.
void OutageStory::count_out(std::size_t member, GroupView& view, bool out, StoryTime now)
{
    Group& group = *lanes_[member].group;
    if (group.expected && !members_[member].expected) {
        return;
    }
    if (view.since && view.counted == group.counted) {
        group.all_out.add(*view.since, now);
    }
    view.out += out ? 1U : 0U;
    view.out -= out ? 0U : 1U;
    view.since = view.out == group.counted ? std::optional(now) : std::nullopt;
    view.counted = group.counted;
}

/// `process` is heard: what it saw out, and others spoke of since, was out until then.
void OutageStory::confirm(Process& process, StoryTime now)
{
    process.heard = now;
    for (const auto& waiting : process.waiting) {
        waiting->confirmed = true;
    }
    process.waiting.clear();
}

/// `process` is not heard any more.
void OutageStory::forget(Process& process)
{
    for (const auto& waiting : process.waiting) {
        if (--waiting->tellers != 0 || waiting->confirmed) {
            continue;
        }
        std::array<StoryTime, kServiceStates>& time = members_[waiting->member].time;
        time[static_cast<std::size_t>(waiting->state)] -= waiting->to - waiting->from;
        time[static_cast<std::size_t>(ServiceState::unknown)] += waiting->to - waiting->from;
        if (listener_ != nullptr) {
            listener_->on_forgotten(waiting->member, waiting->from, waiting->to, waiting->state);
        }
    }
    process.waiting.clear();
}

/// `process` was heard last a while ago: what it knew ends there, and whoever has its process id now knows nothing.
void OutageStory::fall_silent(Pid pid, Process& process, StoryTime now)
{
    forget(process);
    for (auto& [member, view] : process.views) {
        if (view.outage) {
            end_outage(view, process.heard, false);
        }
        Lane& lane = lanes_[member];
        if (std::erase(lane.tellers, pid) == 0 || !is_out(lane.state)) {
            continue;
        }
        if (process.heard > lane.since) {
            book(member, lane.since, process.heard, lane.state);
            lane.since = process.heard;
        }
        if (lane.tellers.empty()) {
            book(member, lane.since, now, ServiceState::unknown);
            lane.state = ServiceState::unknown;
            lane.since = now;
        }
    }
    recent_.clear();
    pairs_ -= process.views.size();
    process.views.clear();
    process.groups.clear();
}

void OutageStory::update_lane(std::size_t member, bool was_out, const LogRecord& record,
                              StoryTime now)
{
    Lane& lane = lanes_[member];
    const ServiceState next = state_after(record.form);
    if (!std::exchange(lane.named, true)) {
        lane.state = state_before(record.form);
    }
    const auto teller = std::find(lane.tellers.begin(), lane.tellers.end(), record.pid);
    if (teller != lane.tellers.end() && lane.state == next && is_out(next)) {
        std::rotate(teller, teller + 1, lane.tellers.end());
        return;  // as it was: the time is booked when that changes
    }
    book(member, lane.since, now, lane.state);
    if (is_out(lane.state) && !was_out) {
        StoryTime from = lane.since;
        for (const Pid other : lane.tellers) {
            from = std::max(from, processes_[other].heard);
        }
        const auto waiting = std::make_shared<Waiting>(
            Waiting{member, from, now, lane.state, lane.tellers.size(), false});
        for (const Pid other : lane.tellers) {
            if (from < now) {
                processes_[other].waiting.push_back(waiting);
            }
        }
    }
    if (teller != lane.tellers.end()) {
        lane.tellers.erase(teller);
    }
    lane.since = now;
    lane.state = next;
    if (is_out(lane.state)) {
        lane.tellers.push_back(record.pid);
        if (lane.tellers.size() > kMostTellers) {
            lane.tellers.erase(lane.tellers.begin());
        }
    }
}

void OutageStory::book(std::size_t member, StoryTime from, StoryTime to, ServiceState state)
{
    if (from >= to) {
        return;
    }
    members_[member].time[static_cast<std::size_t>(state)] += to - from;
    if (listener_ != nullptr) {
        listener_->on_time(member, from, to, state);
    }
}

void OutageStory::process_ended(Pid pid, StoryTime now)
{
    const auto found = processes_.find(pid);
    if (found == processes_.end()) {
        return;
    }
    confirm(found->second, now);
    fall_silent(pid, found->second, now);
}

void OutageStory::finish(StoryTime end)
{
    for (auto& [pid, process] : processes_) {
        fall_silent(pid, process, end);
    }
    for (std::size_t member = 0; member < lanes_.size(); ++member) {
        book(member, lanes_[member].since, end, lanes_[member].state);
        lanes_[member].since = end;
    }
}

StoryTime OutageStory::out_until(std::size_t member, StoryTime now) const
{
    const Lane& lane = lanes_[member];
    return members_[member].out() + (is_out(lane.state) ? now - lane.since : StoryTime{});
}

std::optional<StoryTime> OutageStory::all_out(Serial group) const
{
    const auto found = groups_.find(group);
    if (found == groups_.end() || (found->second.counted < 2 && !found->second.expected)) {
        return std::nullopt;
    }
    return found->second.all_out.length();
}

}  // namespace hasim::log
