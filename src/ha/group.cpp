// Theory of operation
// -------------------
// A Group is what the vendor's library is for one HA group in one process. It consists of
//
//   - its own state (GroupState): may calls be served at all;
//   - a Member machine per configured member (MemberState, the table in transitions.hpp);
//   - the list of what is waited for (InFlight): connection attempts and requests.
//
// Who sees which event. The application's calls (Initialize, Finalize, Login, Logout, Command) are seen by the group,
// which hands parts of them to members. Link events and replies name a link; the one member that has this link sees
// them, and where no member has it they are dropped (member_of is that one place). Settings wait in newest_ until a
// tick takes them.
//
// Reaching a member is the same walk for C_Initialize and for a recovery attempt: connect, open the partition and,
// when the client is logged in, log in. MemberState tells the two apart: `connecting` or `dropped` with an attempt.
//
// Joint states. Under activeBasic the group latches when a member fails and all that are configured have
// (latch_when_all_failed): an edit of the configuration alone never does it. While
// C_Initialize runs, failures wait until every member is decided, so that their lines stand in configured order. A
// member that becomes active while C_Login runs joins it.
//
// Who wins on conflict. At one instant expired requests come before the tick, so an attempt that ends at a tick can
// be followed by the next one there. When a connection ends with a C_Login and a command under way on it, the login
// counts: LOGINFAILED, one line. A member that leaves the configuration writes nothing any more, whatever it does.
#include "ha/group.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace hasim::ha {

void Group::step(const Event& event, Instant now, Effects& effects)
{
    HASIM_ASSERT(now >= now_);
    now_ = now;
    effects_ = &effects;
    pass_idle_ticks();
    written_.clear();
    const std::size_t first = effects.size();
    std::visit([this](const auto& what) { on(what); }, event);
    put_lines_in_order(first);
    effects_ = nullptr;
}

/// Lines of one instant stand in configured order, those of one member as they came about. Only lines change places.
void Group::put_lines_in_order(std::size_t first)
{
    const auto stands_before = [this](MemberIndex a, MemberIndex b) {
        return members_[a].place < members_[b].place;
    };
    if (std::is_sorted(written_.begin(), written_.end(), stands_before)) {
        return;
    }
    std::vector<std::pair<MemberIndex, LogRecord>> lines;
    const auto each_line = [&](auto&& what) {
        for (std::size_t index = first; index < effects_->size(); ++index) {
            if (auto* const line = std::get_if<WriteLog>(&(*effects_)[index])) {
                what(line->record);
            }
        }
    };
    each_line([&](const LogRecord& record) {
        lines.emplace_back(written_[lines.size()], record);
    });
    std::stable_sort(lines.begin(), lines.end(), [&](const auto& a, const auto& b) {
        return stands_before(a.first, b.first);
    });
    auto next = lines.begin();
    each_line([&](LogRecord& record) { record = (next++)->second; });
}

/// To be called whenever order_ changed.
void Group::note_places()
{
    for (Member& member : members_) {
        member.place = order_.size();
    }
    for (std::size_t place = 0; place < order_.size(); ++place) {
        members_[order_[place]].place = place;
    }
}

std::optional<Instant> Group::next_deadline() const
{
    const Pending* const oldest = in_flight_.oldest();
    Instant due = oldest == nullptr ? kNever : oldest->deadline;
    if (next_tick_ < due && tick_matters()) {
        due = next_tick_;
    }
    return due == kNever ? std::nullopt : std::optional(due);
}

GroupView Group::view() const
{
    GroupView view{state_, logged_in_, {}, {}};
    if (next_tick_ != kNever && tick_matters()) {
        view.next_tick = next_tick_;
    }
    for (const MemberIndex index : order_) {
        const Member& member = members_[index];
        view.members.push_back({member.serial(), member.role(), member.state(), member.made,
                                member.attempt_runs(), member.load.in_flight,
                                attempts_left(member.made, member.granted)});
    }
    return view;
}

std::optional<MemberState> Group::member_state(Serial serial) const
{
    for (const Member& member : members_) {
        if (member.serial() == serial) {
            return member.state();
        }
    }
    return std::nullopt;
}

// ---- The session of the library ---------------------------------------------------------------------------------

void Group::on(const Initialize& event)
{
    if (state_ != GroupState::finalized) {
        answer(event.call, Code::cryptoki_already_initialized);
        return;
    }
    config_ = event.config;
    HASIM_ASSERT(config_.receive_timeout > Duration::zero());
    HASIM_ASSERT(config_.ha.recovery_interval > Duration::zero());
    recover_baseline_ = config_.group.recover;
    next_tick_ = now_ + config_.ha.recovery_interval;
    initialize_call_ = event.call;
    set_state(GroupState::initializing);
    for (const auto& [serial, role] : places_in(config_.group)) {
        members_.emplace_back(serial, role);
    }
    for (std::size_t index = 0; index < members_.size(); ++index) {
        order_.push_back(static_cast<MemberIndex>(index));
    }
    note_places();
    for (const MemberIndex index : order_) {
        effects_->emplace_back(MemberChanged{members_[index].serial(), MemberState::connecting,
                                             Cause::initialized});
        reach(index);
    }
    finish_initialize_when_decided();
}

void Group::on(const Finalize& event)
{
    if (state_ == GroupState::finalized) {
        answer(event.call, Code::cryptoki_not_initialized);
        return;
    }
    while (const Pending* oldest = in_flight_.oldest()) {
        const Pending pending = in_flight_.remove(oldest->id);
        if (pending.purpose == Purpose::command || pending.purpose == Purpose::clone_out) {
            answer(pending.call, Code::cryptoki_not_initialized, {}, pending.moves);
        }
    }
    const auto give_up = [this](const auto& call) {
        if (call) {
            answer(call->call, Code::cryptoki_not_initialized);
        }
    };
    for (const Cloning& cloning : clonings_) {
        answer(cloning.call, Code::cryptoki_not_initialized, {}, cloning.moves);
    }
    clonings_.clear();
    give_up(login_);
    give_up(logout_);
    if (initialize_call_) {
        answer(*initialize_call_, Code::cryptoki_not_initialized);
    }
    for (Member& member : members_) {
        close_link(member);
    }
    members_.clear();
    order_.clear();
    login_.reset();
    logout_.reset();
    initialize_call_.reset();
    newest_.reset();
    logged_in_ = false;
    pin_.clear();
    next_tick_ = kNever;
    set_state(GroupState::finalized);
    effects_->emplace_back(MembersEnded{});
    answer(event.call, Code::ok);
}

void Group::finish_initialize_when_decided()
{
    if (state_ != GroupState::initializing) {
        return;
    }
    for (const Member& member : members_) {
        if (member.is(MemberState::connecting) && !member.undecided_failure) {
            return;
        }
    }
    for (const MemberIndex index : order_) {
        Member& member = members_[index];
        if (member.is(MemberState::connecting)) {
            write(LogForm::drop_unrecoverable, index);
            enter(index, MemberState::dropped, Cause::unreachable);
            member.grant(attempts_granted(config_.ha.recovery_attempts));
            member.undecided_failure.reset();
        }
    }
    set_state(GroupState::serving);
    answer(*initialize_call_, Code::ok);
    initialize_call_.reset();
}

void Group::set_state(GroupState state)
{
    state_ = state;
}

void Group::enter(MemberIndex index, MemberState to, Cause cause)
{
    Member& member = members_[index];
    const bool was_left = member.is(MemberState::active) || member.is(MemberState::lost);
    member.enter(to, cause);
    effects_->emplace_back(MemberChanged{member.serial(), to, cause});
    if (to == MemberState::active) {
        member.failed = false;
    } else if (was_left && to != MemberState::lost && cause != Cause::configured_out) {
        member.failed = true;
        latch_when_all_failed();
    }
}

/// activeBasic, and every connection turned invalid: a member that is still being tried for the first time is not lost.
void Group::latch_when_all_failed()
{
    if (state_ != GroupState::serving ||
        config_.ha.recovery_mode != RecoveryMode::active_basic || !nobody_left()) {
        return;
    }
    const auto any = [this](auto holds) {
        return std::any_of(members_.begin(), members_.end(), [&](const Member& member) {
            return !member.is(MemberState::removed) && holds(member);
        });
    };
    if (!any([](const Member& member) { return member.untried; }) &&
        any([](const Member& member) { return member.failed; })) {
        set_state(GroupState::latched);
    }
}

bool Group::nobody_left() const
{
    return std::none_of(members_.begin(), members_.end(), [](const Member& member) {
        return member.is(MemberState::active) || member.is(MemberState::lost);
    });
}

void Group::on(const SettingsChanged& event)
{
    if (state_ != GroupState::finalized) {
        newest_ = std::make_shared<const GroupSettings>(event.group);
    }
}

// ---- Links ------------------------------------------------------------------------------------------------------

std::optional<MemberIndex> Group::member_of(LinkId link) const
{
    for (std::size_t index = 0; index < members_.size(); ++index) {
        if (members_[index].link == link && link.value != 0) {
            return static_cast<MemberIndex>(index);
        }
    }
    return std::nullopt;
}

bool Group::serves_on(LinkId link) const
{
    const auto index = member_of(link);
    return index && members_[*index].is(MemberState::active);
}

void Group::reach(MemberIndex index)
{
    Member& member = members_[index];
    member.link = LinkId{next_link_++};
    wait_for(index, Purpose::connect, {});
    effects_->emplace_back(OpenLink{member.link, member.serial()});
}

void Group::on(const LinkOpened& event)
{
    const auto index = member_of(event.link);
    if (index && is_waiting_for(*index, Purpose::connect)) {
        drop_waiting_on(*index);
        const Serial serial = members_[*index].serial();
        send(*index, Operation::open, Purpose::open, {}, std::string(serial.text()));
    }
}

void Group::on(const LinkFailed& event)
{
    if (const auto index = member_of(event.link)) {
        members_[*index].link = {};
        link_failed(*index, event.code);
    }
}

void Group::on(const LinkClosed& event)
{
    if (const auto index = member_of(event.link)) {
        members_[*index].link = {};
        link_failed(*index, event.code);
    }
}

void Group::on(const ReplyArrived& event)
{
    const auto index = member_of(event.link);
    const Pending* found = in_flight_.find(event.reply.id);
    if (!index || found == nullptr || found->member != *index ||
        found->purpose == Purpose::connect) {
        return;
    }
    Pending pending = stop_waiting(event.reply.id);
    switch (pending.purpose) {
    case Purpose::connect: break;  // no request, so no reply: dropped above
    case Purpose::open:
    case Purpose::relogin:
        if (event.reply.code != Code::ok) {
            not_reached(*index, event.reply.code);
        } else if (pending.purpose == Purpose::open && logged_in_) {
            send(*index, Operation::login, Purpose::relogin, {}, pin_);
        } else {
            reached(*index, pending.purpose == Purpose::relogin);
        }
        break;
    case Purpose::login: login_answered(*index, event.reply.code); break;
    case Purpose::logout: logout_part_over(); break;
    case Purpose::command: command_answered(*index, std::move(pending), event.reply); break;
    case Purpose::clone_out: cloned_out(*index, std::move(pending), event.reply); break;
    case Purpose::clone_in: cloned_in(*index, pending, event.reply.code); break;
    case Purpose::sync_out: synced_out(pending.recovers, event.reply); break;
    case Purpose::sync_in:
        if (event.reply.code != Code::ok) {
            not_reached(*index, event.reply.code);
        } else {
            attempt_succeeded(*index);
        }
        break;
    }
    close_when_unused(members_[*index]);
}

/// `logged_in`: the attempt logged in again.
void Group::reached(MemberIndex index, bool logged_in)
{
    Member& member = members_[index];
    if (member.is(MemberState::connecting)) {
        enter(index, MemberState::active, Cause::reached);
        finish_initialize_when_decided();
        return;
    }
    if (logged_in && !logged_in_) {
        // The client logged out while the attempt logged in; replies to this request are not waited for.
        effects_->emplace_back(SendRequest{member.link, Request{{}, Operation::logout, {}}});
    }
    synchronize_then_serve(index);
}

void Group::not_reached(MemberIndex index, Code code)
{
    Member& member = members_[index];
    close_link(member);
    if (member.is(MemberState::connecting)) {
        member.undecided_failure = code;
        finish_initialize_when_decided();
    } else {
        attempt_failed(index, code);
    }
}

/// The member's link is gone, or does not answer. What that means depends on what was under way on it.
void Group::link_failed(MemberIndex index, Code code)
{
    Member& member = members_[index];
    switch (member.state()) {
    case MemberState::connecting:
    case MemberState::dropped:
        drop_waiting_on(index);
        not_reached(index, code);
        return;
    case MemberState::active:
        if (is_waiting_for(index, Purpose::login)) {
            member_failed(index, MemberState::login_failed, Cause::login_broke, code);
        } else if (member.waiting > 0) {
            member_failed(index, MemberState::dropped, Cause::command_failed, code);
        } else {
            close_link(member);
            enter(index, MemberState::lost, Cause::seen_closed);
        }
        return;
    case MemberState::removed:
        close_link(member);
        hand_on(take_waiting_on(index));
        return;
    case MemberState::lost:
    case MemberState::login_failed:
    case MemberState::exhausted:
    case MemberState::revoked:
    case MemberState::ineligible: HASIM_ASSERT(false); return;  // they have no link
    }
}

/// Out of service: one line, however much was under way; commands go on to the next member.
void Group::member_failed(MemberIndex index, MemberState to, Cause cause, Code code)
{
    Member& member = members_[index];
    std::vector<Pending> waiting = take_waiting_on(index);
    if (cause == Cause::login_broke || cause == Cause::login_refused) {
        write(LogForm::login_failed, index, 0, code);
    } else if (cause == Cause::found_deactivated && config_.messages == MessageSet::all) {
        write(LogForm::member_deactivated, index);
    } else {
        write(LogForm::drop_member, index);
    }
    close_link(member);
    enter(index, to, cause);
    member.grant(attempts_granted(config_.ha.recovery_attempts));
    hand_on(std::move(waiting));
}

/// What a failed member owed: commands go to the next one, its parts of C_Login and C_Logout are over.
void Group::hand_on(std::vector<Pending> waiting)
{
    for (Pending& pending : waiting) {
        switch (pending.purpose) {
        case Purpose::command:
        case Purpose::clone_out:  // the appliances know that it was done: the next member takes over what came of it
            ++pending.moves;
            route(std::move(pending));
            break;
        case Purpose::clone_in: clone_part_over(pending.call); break;
        case Purpose::sync_out:
            if (awaits_objects(pending.recovers)) {
                synchronize_then_serve(pending.recovers);
            }
            break;
        case Purpose::login: login_part_over(); break;
        case Purpose::logout: logout_part_over(); break;
        case Purpose::connect:
        case Purpose::open:
        case Purpose::relogin:
        case Purpose::sync_in: break;
        }
    }
}

void Group::close_link(Member& member)
{
    if (member.link.value != 0) {
        effects_->emplace_back(CloseLink{member.link});
        member.link = {};
    }
}

/// A member that left the configuration keeps its link until what was under way on it is answered.
void Group::close_when_unused(Member& member)
{
    if (member.is(MemberState::removed) && member.waiting == 0) {
        close_link(member);
    }
}

}  // namespace hasim::ha
