// What the application calls: C_Login, C_Logout and HSM commands (C_Sign), and who serves them.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "ha/group.hpp"

namespace hasim::ha {

/// Why no call can be served at all; ok when one may be tried.
Code Group::refusal() const
{
    switch (state_) {
    case GroupState::finalized:
    case GroupState::initializing: return Code::cryptoki_not_initialized;
    case GroupState::latched: return Code::device_error;
    case GroupState::serving: return Code::ok;
    }
    return Code::general_error;
}

void Group::answer(CallId call, Code code, std::string body, std::uint32_t moves, LinkId served)
{
    effects_->emplace_back(Answer{call, code, std::move(body), moves, served});
}

// ---- Commands ---------------------------------------------------------------------------------------------------

void Group::on(const Command& event)
{
    if (state_ == GroupState::serving || state_ == GroupState::latched) {
        take_recover_request();
    }
    Pending command;
    command.purpose = Purpose::command;
    command.call = event.call;
    command.body = event.body;
    command.operation = event.operation;
    command.reach = event.reach;
    command.bound = event.bound;
    command.transaction = event.transaction;
    route(std::move(command));
}

/// Members whose connection was seen closed while nothing was under way: this is the command that determines it, be it
/// new or one that another member failed.
void Group::meet_lost_members()
{
    for (const MemberIndex index : order_) {
        if (members_[index].is(MemberState::lost)) {
            member_failed(index, MemberState::dropped, Cause::command_failed,
                          Code::server_disconnected);
        }
    }
}

void Group::route(Pending command)
{
    if (state_ == GroupState::serving || state_ == GroupState::latched) {
        meet_lost_members();
    }
    const Code refused = refusal();
    const auto index = refused != Code::ok                ? std::nullopt
                       : command.reach == Reach::bound ? bound_member(command.bound)
                                                       : serving_member();
    if (!index) {
        answer(command.call, refused == Code::ok ? Code::device_error : refused, {}, command.moves);
        return;
    }
    Member& member = members_[*index];
    member.load.last_given = next_turn_++;
    Pending& pending = wait_for(*index, Purpose::command, command.call);
    const RequestId id = pending.id;
    const Instant deadline = pending.deadline;
    pending = std::move(command);
    pending.purpose = Purpose::command;
    pending.id = id;
    pending.member = *index;
    pending.deadline = deadline;
    effects_->emplace_back(SendRequest{member.link, Request{id, pending.operation, pending.body}});
}

/// The member that has begun an operation of several parts; nobody when its connection is another one by now.
std::optional<MemberIndex> Group::bound_member(LinkId link) const
{
    return serves_on(link) ? member_of(link) : std::nullopt;
}

/// The active-role member that is least busy; when there is none, the first standby member.
std::optional<MemberIndex> Group::serving_member() const
{
    std::optional<MemberIndex> best;
    for (const MemberIndex index : order_) {
        const Member& member = members_[index];
        if (!member.is(MemberState::active)) {
            continue;
        }
        if (member.role() == Role::standby) {
            return best ? best : index;  // standby members stand last in order_
        }
        if (!best || serves_before(member.load, members_[*best].load)) {
            best = index;
        }
    }
    return best;
}

void Group::command_answered(MemberIndex index, Pending pending, const Reply& reply)
{
    Member& member = members_[index];
    const bool configured = !member.is(MemberState::removed);
    switch (verdict_on(reply.code)) {
    case Verdict::answer: member.deactivation_told = false; break;
    case Verdict::failover:
        ++pending.moves;
        if (configured) {
            member_failed(index, MemberState::dropped, Cause::command_failed, reply.code);
        }
        route(std::move(pending));
        return;
    case Verdict::deactivated:
        if (config_.ha.failover_on_deactivation) {
            ++pending.moves;
            if (configured) {
                member_failed(index, MemberState::dropped, Cause::found_deactivated, reply.code);
            }
            route(std::move(pending));
            return;
        }
        if (configured && config_.messages == MessageSet::all && !member.deactivation_told) {
            write(LogForm::member_deactivated, index);
            member.deactivation_told = true;
        }
        break;
    }
    if (reply.code == Code::ok && pending.reach == Reach::writing && configured &&
        config_.has_objects && config_.group.synchronize) {
        clone_what_changed(index, std::move(pending), reply.body);
        return;
    }
    answer(pending.call, reply.code, reply.body, pending.moves, member.link);
}

bool Group::calm() const
{
    return !newest_ && clonings_.empty() && !initialize_call_ && !login_ && !logout_ &&
           std::none_of(members_.begin(), members_.end(), [](const Member& member) {
               return member.is(MemberState::lost) || member.load.in_flight > 0;
           });
}

/// Turns go round among the active-role members, so whole rounds but the last change nothing.
void Group::pass_commands(std::uint64_t count)
{
    if (state_ != GroupState::serving || !serving_member()) {
        return;
    }
    const auto turns = std::count_if(members_.begin(), members_.end(), [](const Member& member) {
        return member.is(MemberState::active) && member.role() == Role::active;
    });
    const std::uint64_t round = std::max<std::uint64_t>(static_cast<std::uint64_t>(turns), 1);
    const std::uint64_t left_out = count < 2 * round ? 0 : (count / round - 1) * round;
    next_turn_ += left_out;
    for (count -= left_out; count > 0; --count) {
        Member& member = members_[*serving_member()];
        member.load.last_given = next_turn_++;
        member.deactivation_told = false;
    }
}

std::optional<Instant> Group::steady_until() const
{
    const bool idle = !newest_ && clonings_.empty() && !initialize_call_ && !login_ && !logout_;
    const auto is_settled = [](const Member& member) {
        return member.is(MemberState::active) ||
               (member.waiting == 0 && !member.attempt_runs() && !member.is(MemberState::lost));
    };
    if (!idle || !std::all_of(members_.begin(), members_.end(), is_settled)) {
        return std::nullopt;
    }
    return tick_matters() ? next_tick_ : kNever;
}

/// Those that serve in turn, in configured order.
std::vector<MemberIndex> Group::takers_of_turns() const
{
    std::vector<MemberIndex> takers;
    for (const MemberIndex index : order_) {
        if (members_[index].is(MemberState::active) && members_[index].role() == Role::active) {
            takers.push_back(index);
        }
    }
    return takers;
}

bool Group::goes_round() const
{
    const auto round = std::max<std::ptrdiff_t>(std::ssize(takers_of_turns()), 1);
    std::vector<MemberIndex> inside;
    for (const Pending* at = in_flight_.oldest(); at != nullptr; at = in_flight_.after(*at)) {
        const auto since = inside.end() - std::min(round, std::ssize(inside));
        const auto before = std::find(since, inside.end(), at->member);
        if (before != inside.end() && inside.end() - before != round) {
            return false;
        }
        inside.push_back(at->member);
    }
    return true;
}

void Group::pass_turns(std::uint64_t count)
{
    std::vector<MemberIndex> turns = takers_of_turns();
    std::stable_sort(turns.begin(), turns.end(), [&](MemberIndex a, MemberIndex b) {
        return members_[a].load.last_given < members_[b].load.last_given;
    });
    for (std::uint64_t place = 0; place < turns.size() && place < count; ++place) {
        const std::uint64_t rounds = (count - 1 - place) / turns.size();
        members_[turns[place]].load.last_given = next_turn_ + place + rounds * turns.size();
        members_[turns[place]].deactivation_told = false;
    }
    next_turn_ += count;
}

// ---- C_Login ----------------------------------------------------------------------------------------------------

void Group::on(const Login& event)
{
    Code refused = refusal();
    if (refused == Code::ok && logged_in_) {
        refused = Code::user_already_logged_in;
    }
    if (refused == Code::ok && (login_ || logout_)) {
        refused = Code::operation_active;
    }
    if (refused != Code::ok) {
        answer(event.call, refused);
        return;
    }
    login_ = LoginCall{event.call, event.pin, 1, false, {}};  // 1: this function's own part
    for (const MemberIndex index : order_) {
        if (members_[index].is(MemberState::lost)) {
            member_failed(index, MemberState::login_failed, Cause::login_broke,
                          Code::server_disconnected);
        } else if (members_[index].is(MemberState::active)) {
            join_login(index);
        }
    }
    login_part_over();
}

void Group::join_login(MemberIndex index)
{
    ++login_->waiting;
    send(index, Operation::login, Purpose::login, login_->call, login_->pin);
}

void Group::login_answered(MemberIndex index, Code code)
{
    if (code == Code::ok) {
        login_->accepted = true;
        // One that was recovered meanwhile was asked twice: the second answer counts.
        std::erase_if(login_->refusals,
                      [index](const auto& refusal) { return refusal.first == index; });
    } else if (verdict_on(code) == Verdict::failover && members_[index].is(MemberState::active)) {
        member_failed(index, MemberState::login_failed, Cause::login_broke, code);
    } else {
        login_->refusals.emplace_back(index, code);
    }
    login_part_over();
}

/// Every active member is asked; the call returns when each has answered or failed.
void Group::login_part_over()
{
    if (--login_->waiting > 0) {
        return;
    }
    LoginCall login = std::move(*login_);
    login_.reset();
    std::sort(login.refusals.begin(), login.refusals.end(),
              [this](const auto& a, const auto& b) {
                  return members_[a.first].place < members_[b.first].place;
              });
    if (!login.accepted) {
        answer(login.call,
               login.refusals.empty() ? Code::device_error : login.refusals.front().second);
        return;
    }
    logged_in_ = true;
    pin_ = std::move(login.pin);
    for (const auto& [index, code] : login.refusals) {
        if (members_[index].is(MemberState::active)) {
            member_failed(index, MemberState::login_failed, Cause::login_refused, code);
        }
    }
    answer(login.call, Code::ok);
}

// ---- C_Logout ---------------------------------------------------------------------------------------------------

void Group::on(const Logout& event)
{
    Code refused = refusal();
    if (refused == Code::ok && (login_ || logout_)) {
        refused = Code::operation_active;
    }
    if (refused == Code::ok && !logged_in_) {
        refused = Code::user_not_logged_in;
    }
    if (refused != Code::ok) {
        answer(event.call, refused);
        return;
    }
    logged_in_ = false;
    pin_.clear();
    meet_lost_members();
    logout_ = LogoutCall{event.call, 1};
    for (const MemberIndex index : order_) {
        if (members_[index].is(MemberState::active)) {
            ++logout_->waiting;
            send(index, Operation::logout, Purpose::logout, event.call, {});
        }
    }
    logout_part_over();
}

void Group::logout_part_over()
{
    if (--logout_->waiting == 0) {
        const CallId call = logout_->call;
        logout_.reset();
        answer(call, nobody_left() ? Code::device_error : Code::ok);
    }
}

}  // namespace hasim::ha
