// What a group waits for, and what becomes of it when its deadline has come.
#include <algorithm>
#include <utility>

#include "ha/group.hpp"

namespace hasim::ha {

Pending& Group::wait_for(MemberIndex index, Purpose purpose, CallId call)
{
    Member& member = members_[index];
    ++member.waiting;
    if (purpose == Purpose::command) {
        ++member.load.in_flight;
    }
    return in_flight_.add({{}, purpose, index, call, 0, now_ + config_.receive_timeout, {}});
}

Pending Group::stop_waiting(RequestId id)
{
    Pending pending = in_flight_.remove(id);
    Member& member = members_[pending.member];
    --member.waiting;
    if (pending.purpose == Purpose::command) {
        --member.load.in_flight;
    }
    return pending;
}

bool Group::is_waiting_for(MemberIndex index, Purpose purpose) const
{
    for (const Pending* at = in_flight_.oldest(); at != nullptr; at = in_flight_.after(*at)) {
        if (at->member == index && at->purpose == purpose) {
            return true;
        }
    }
    return false;
}

template <class What>
void Group::end_waiting_on(MemberIndex index, What what)
{
    const Pending* at = in_flight_.oldest();
    while (at != nullptr && members_[index].waiting > 0) {
        const Pending* next = in_flight_.after(*at);
        if (at->member == index) {
            what(stop_waiting(at->id));
        }
        at = next;
    }
}

std::vector<Pending> Group::take_waiting_on(MemberIndex index)
{
    std::vector<Pending> taken;
    end_waiting_on(index, [&taken](Pending pending) { taken.push_back(std::move(pending)); });
    return taken;
}

/// The same where nobody wants to know what it was.
void Group::drop_waiting_on(MemberIndex index)
{
    end_waiting_on(index, [](const Pending&) {});
}

void Group::send(MemberIndex index, Operation operation, Purpose purpose, CallId call,
                 std::string body)
{
    const Pending& pending = wait_for(index, purpose, call);
    effects_->emplace_back(
        SendRequest{members_[index].link, Request{pending.id, operation, std::move(body)}});
}

void Group::on(const DeadlineReached&)
{
    expire();
    if (next_tick_ <= now_) {
        while (next_tick_ <= now_) {
            next_tick_ += config_.ha.recovery_interval;
        }
        tick();
    }
}

/// Fails every member that owes an answer by now, in configured order, those that left the configuration last.
void Group::expire()
{
    late_.clear();
    for (const Pending* at = in_flight_.oldest(); at != nullptr && at->deadline <= now_;
         at = in_flight_.after(*at)) {
        const auto known = [&](const auto& entry) { return entry.first == at->member; };
        if (std::none_of(late_.begin(), late_.end(), known)) {
            late_.emplace_back(at->member, at->purpose == Purpose::connect
                                              ? Code::unable_to_connect
                                              : Code::operation_timed_out);
        }
    }
    std::sort(late_.begin(), late_.end(), [this](const auto& a, const auto& b) {
        return std::pair(members_[a.first].place, a.first) <
               std::pair(members_[b.first].place, b.first);
    });
    for (const auto& [index, code] : late_) {
        // One that failed before it may have ended the C_Login that this one refused: then nothing is under way on it.
        if (members_[index].waiting > 0) {
            link_failed(index, code);
        }
    }
}

}  // namespace hasim::ha
