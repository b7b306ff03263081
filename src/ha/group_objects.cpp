// What is on one member and has to be on others: objects that commands make and destroy, and those that a member which
// recovers lacks. What is taken from one to the other is opaque here; the appliances know what it means.
#include <algorithm>
#include <utility>

#include "ha/group.hpp"

namespace hasim::ha {

namespace {

std::string as_body(std::uint64_t number)
{
    std::string body(8, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) {
        body[i] = static_cast<char>(static_cast<unsigned char>(number >> (56 - 8 * i)));
    }
    return body;
}

constexpr std::uint64_t kAllObjects = 0;

}  // namespace

// ---- Writing commands -------------------------------------------------------------------------------------------

/// A writing command was done by one member: it is asked for what the others need.
void Group::clone_what_changed(MemberIndex index, Pending command, std::string body)
{
    Pending& pending = wait_for(index, Purpose::clone_out, command.call);
    const RequestId id = pending.id;
    pending.moves = command.moves;
    pending.operation = command.operation;
    pending.reach = command.reach;
    pending.transaction = command.transaction;
    pending.body = std::move(command.body);
    pending.answer = std::move(body);
    effects_->emplace_back(SendRequest{
        members_[index].link, Request{id, Operation::clone_out, as_body(pending.transaction)}});
}

/// What changed goes to every other member that serves, or is about to. The call returns when each has it, or failed.
void Group::cloned_out(MemberIndex index, Pending pending, const Reply& reply)
{
    if (verdict_on(reply.code) == Verdict::failover) {
        ++pending.moves;
        if (!members_[index].is(MemberState::removed)) {
            member_failed(index, MemberState::dropped, Cause::command_failed, reply.code);
        }
        route(std::move(pending));
        return;
    }
    clonings_.push_back({pending.call, std::move(pending.answer), pending.moves,
                         members_[index].link, 1});  // 1: this function's own part
    if (reply.code == Code::ok) {
        for (const MemberIndex other : order_) {
            const bool serves = members_[other].is(MemberState::active);
            if (other != index && (serves || is_waiting_for(other, Purpose::sync_in))) {
                ++clonings_.back().waiting;
                send(other, Operation::clone_in, Purpose::clone_in, pending.call, reply.body);
            }
        }
    }
    clone_part_over(pending.call);
}

void Group::cloned_in(MemberIndex index, const Pending& pending, Code code)
{
    if (verdict_on(code) == Verdict::failover && members_[index].is(MemberState::active)) {
        member_failed(index, MemberState::dropped, Cause::command_failed, code);
    }
    clone_part_over(pending.call);
}

void Group::clone_part_over(CallId call)
{
    const auto at = std::find_if(clonings_.begin(), clonings_.end(),
                                 [&](const Cloning& cloning) { return cloning.call == call; });
    if (at != clonings_.end() && --at->waiting == 0) {
        Cloning done = std::move(*at);
        clonings_.erase(at);
        answer(done.call, Code::ok, std::move(done.body), done.moves, done.served);
    }
}

// ---- Recovery ---------------------------------------------------------------------------------------------------

/// A recovery attempt that has got through brings over what the member lacks, from one that serves, if there is one.
void Group::synchronize_then_serve(MemberIndex index)
{
    const auto source =
        config_.has_objects && config_.group.synchronize ? serving_member() : std::nullopt;
    if (!source) {
        attempt_succeeded(index);
        return;
    }
    Pending& pending = wait_for(*source, Purpose::sync_out, {});
    pending.recovers = index;
    effects_->emplace_back(SendRequest{
        members_[*source].link, Request{pending.id, Operation::clone_out, as_body(kAllObjects)}});
}

/// Its attempt has got through, and has not ended since.
bool Group::awaits_objects(MemberIndex index) const
{
    const Member& member = members_[index];
    return member.is(MemberState::dropped) && member.attempt_runs() && member.link.value != 0 &&
           member.waiting == 0;
}

void Group::synced_out(MemberIndex index, const Reply& reply)
{
    if (!awaits_objects(index)) {
        return;
    }
    if (reply.code != Code::ok) {
        attempt_succeeded(index);
        return;
    }
    send(index, Operation::clone_in, Purpose::sync_in, {}, reply.body);
}

}  // namespace hasim::ha
