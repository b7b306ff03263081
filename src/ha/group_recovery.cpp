// Recovery: the tick of a group, attempts on dropped members, manual recovery, and members that come and go while the
// application runs.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "ha/group.hpp"

namespace hasim::ha {

/// The periodic recovery attempt: whatever the members' states and whatever reconnAtt is. Settings that change while
/// C_Initialize runs wait for the first tick after it, when every member is decided (chosen).
void Group::tick()
{
    if (newest_ && state_ != GroupState::initializing) {
        take_members();
        take_recover_request();
        newest_.reset();
    }
    start_attempts();
}

bool Group::tick_matters() const
{
    return newest_ || std::any_of(order_.begin(), order_.end(), [this](MemberIndex index) {
               return members_[index].may_be_tried();
           });
}

/// Ticks that nothing was waited for: the times of the later ones stay what they are. One that is due at this very
/// moment still counts.
void Group::pass_idle_ticks()
{
    if (next_tick_ < now_ && !tick_matters()) {
        const Duration interval = config_.ha.recovery_interval;
        next_tick_ += interval * ((now_ - next_tick_ - Duration(1)) / interval + 1);
    }
}

void Group::start_attempts()
{
    for (const MemberIndex index : order_) {
        Member& member = members_[index];
        if (member.may_be_tried()) {
            member.attempt = ++member.made;
            reach(index);
        }
    }
}

// ---- The configuration at run time ------------------------------------------------------------------------------

/// NNMembers and <label>StandbyMembers of the newest settings become the members of this group.
void Group::take_members()
{
    const std::vector<Place> wanted = places_in(*newest_);
    for (const MemberIndex index : std::vector(order_)) {
        const auto is_this = [&](const Place& place) {
            return place.serial == members_[index].serial();
        };
        if (std::none_of(wanted.begin(), wanted.end(), is_this)) {
            configure_out(index);
        }
    }
    order_.clear();
    std::vector<Pending> owed;
    for (const auto& [serial, role] : wanted) {
        for (Pending& pending : configure_in(serial, role)) {
            owed.push_back(std::move(pending));
        }
    }
    note_places();
    hand_on(std::move(owed));  // only now: the next member is chosen among all of them
}

/// A serial of the newest settings: known, back, or new. The first recovery attempt on a new one follows in this tick.
/// Returns what one that is back still owed on its old link.
std::vector<Pending> Group::configure_in(Serial serial, Role role)
{
    std::vector<Pending> owed;
    const auto known = std::find_if(members_.begin(), members_.end(), [&](const Member& member) {
        return member.serial() == serial;
    });
    const auto index = static_cast<MemberIndex>(known - members_.begin());
    order_.push_back(index);
    if (known == members_.end()) {
        members_.push_back(Member::appeared(serial, role));
        effects_->emplace_back(MemberChanged{serial, MemberState::dropped, Cause::configured_in});
    } else if (known->is(MemberState::removed)) {
        owed = take_waiting_on(index);
        close_link(*known);
        enter(index, MemberState::dropped, Cause::configured_in);
    } else {
        known->set_role(role);
        return owed;
    }
    Member& member = members_[index];
    member.set_role(role);
    member.failed = false;
    member.untried = true;
    write(LogForm::new_member, index);
    member.grant(attempts_granted_once_more(config_.ha.recovery_attempts));
    return owed;
}

/// No line, no new commands; what is under way on it may end.
void Group::configure_out(MemberIndex index)
{
    Member& member = members_[index];
    const bool served = member.is(MemberState::active);
    enter(index, MemberState::removed, Cause::configured_out);
    if (!served) {
        drop_waiting_on(index);
        close_link(member);
    }
    close_when_unused(member);
}

// ---- Manual recovery --------------------------------------------------------------------------------------------

/// HARecover of the newest settings, against the value at C_Initialize or the last request.
void Group::take_recover_request()
{
    if (!newest_ || newest_->recover == recover_baseline_) {
        return;
    }
    const bool asked = newest_->recover > recover_baseline_;
    recover_baseline_ = newest_->recover;
    if (asked) {
        recover_by_hand();
    }
}

/// Every member that is out of service is tried again, counted from 1.
void Group::recover_by_hand()
{
    for (const MemberIndex index : order_) {
        Member& member = members_[index];
        if (member.is(MemberState::active)) {
            continue;
        }
        enter(index, MemberState::dropped, Cause::manual_recovery);
        member.grant(attempts_granted_once_more(config_.ha.recovery_attempts));
        if (config_.messages == MessageSet::all) {
            write(LogForm::reenable_member, index);
        }
    }
    start_attempts();
}

// ---- Attempts ---------------------------------------------------------------------------------------------------

void Group::attempt_succeeded(MemberIndex index)
{
    Member& member = members_[index];
    member.untried = false;
    write(LogForm::recovered, index, member.attempt);
    enter(index, MemberState::active, Cause::recovered);
    if (login_) {
        join_login(index);
    }
}

void Group::attempt_failed(MemberIndex index, Code code)
{
    Member& member = members_[index];
    const std::uint32_t number = member.attempt;
    member.attempt = 0;
    if (std::exchange(member.untried, false)) {
        latch_when_all_failed();
    }
    // Manual recovery while the attempt ran granted further ones, which this failure does not take back.
    const bool granted_anew = member.made < number;
    switch (failure_of(code)) {
    case Failure::revoked:
        write(LogForm::member_revoked, index);
        if (!granted_anew) {
            enter(index, MemberState::revoked, Cause::found_revoked);
        }
        return;
    case Failure::ineligible:
        write(
            config_.messages == MessageSet::all ? LogForm::unrecoverable : LogForm::recovery_failed,
            index, number, code);
        if (!granted_anew) {
            enter(index, MemberState::ineligible, Cause::found_ineligible);
        }
        return;
    case Failure::retry: break;
    }
    write(LogForm::recovery_failed, index, number, code);
    if (!attempts_left(member.made, member.granted)) {
        if (tells_maximum(config_.ha.recovery_attempts)) {
            write(LogForm::recovery_exhausted, index);
        }
        enter(index, MemberState::exhausted, Cause::attempts_used_up);
    }
}

void Group::write(LogForm form, MemberIndex index, std::uint32_t attempt, Code code)
{
    if (config_.ha.log_enabled) {
        written_.push_back(index);
        effects_->emplace_back(
            WriteLog{{now_, pid_, form, serial_, members_[index].serial(), attempt, code}});
    }
}

}  // namespace hasim::ha
