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

std::vector<Pending> Group::take_waiting_on(MemberIndex index)
{
    std::vector<Pending> taken;
    const Pending* at = in_flight_.oldest();
    while (at != nullptr && members_[index].waiting > 0) {
        const Pending* next = in_flight_.after(*at);
        if (at->member == index) {
            taken.push_back(stop_waiting(at->id));
        }
        at = next;
    }
    return taken;
}

void Group::send(MemberIndex index, Operation operation, Purpose purpose, CallId call,
                 std::string body)
{
    const Pending& pending = wait_for(index, purpose, call);
    effects_->push_back(
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
    std::vector<std::pair<MemberIndex, Code>> late;
    for (const Pending* at = in_flight_.oldest(); at != nullptr && at->deadline <= now_;
         at = in_flight_.after(*at)) {
        const auto known = [&](const auto& entry) { return entry.first == at->member; };
        if (std::none_of(late.begin(), late.end(), known)) {
            late.emplace_back(at->member, at->purpose == Purpose::connect
                                              ? Code::unable_to_connect
                                              : Code::operation_timed_out);
        }
    }
    const auto position = [this](MemberIndex index) {
        return std::find(order_.begin(), order_.end(), index) - order_.begin();
    };
    std::sort(late.begin(), late.end(), [&](const auto& a, const auto& b) {
        return std::pair(position(a.first), a.first) < std::pair(position(b.first), b.first);
    });
    for (const auto& [index, code] : late) {
        // One that failed before it may have ended the C_Login that this one refused: then nothing is under way on it.
        if (members_[index].waiting > 0) {
            link_failed(index, code);
        }
    }
}

}  // namespace hasim::ha
