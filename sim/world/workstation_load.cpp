// The load that applications make: C_Sign at an even pace.
//
// Calls that come to nothing. Most calls of a long quiet time change nothing that the log could show: they return, and
// it is another member's turn. Where nobody watches calls, a load falls asleep when that is what its next call would
// do: its group is calm and every member that serves would answer. Its beats are then only counted, when anything
// happens to the group (catch_up), and it wakes, at its next beat, when one of the two conditions ends or something is
// done to the world. Every line of the log is the same as without it, and stands at the same time: beats of sleeping
// loads and what is done to the world are both at whole seconds, and an answer takes less than one.
//
// Calls that are alike. Where calls are counted, and it is known up to when nothing will be done to the world (virtual
// time), a load leaps: once a row of its calls took the same time each, and in no group anything is under way but
// calls, the next ones will be the same, one member that serves after the other. They are counted and told of at once
// (CallRun), and the load goes on shortly before the next thing is done, or a group tries dropped members again: by
// then as many of its calls are inside the library, with the same members, as if each had been made. A test plays
// every scenario both ways.
#include <algorithm>

#include "sim/world/workstation.hpp"

namespace hasim::sim {

namespace {

/// After something was done to the world, what follows from it (ends of connections) is over.
constexpr Duration kSettleTime = std::chrono::seconds(1);

/// Beats of a load that a late machine makes up for at once (chosen). More would take longer than the time that they
/// make up for, and so on without end; they are left out, as those at which every thread is busy are.
constexpr std::int64_t kMostMadeUp = 1000;

}  // namespace

void Workstation::start_load(const Load& load)
{
    asked_loads_.push_back(load);
    for (ClientIndex client = 0; client < clients_.size(); ++client) {
        for (GroupIndex group = 0; group < effective_.groups.size(); ++group) {
            run_load(load, client, group);
        }
    }
}

/// The part of a load that one process makes on one group, if there is one.
void Workstation::run_load(const Load& load, ClientIndex client, GroupIndex group)
{
    if ((!load.client.empty() && load.client != clients_[client].name) ||
        (!load.group.empty() && load.group != effective_.groups[group].label)) {
        return;
    }
    RunningLoad running;
    running.client = client;
    running.group = group;
    running.pace = std::max(load.per / load.count, Duration(1));
    running.threads = load.threads;
    const auto index = static_cast<std::uint32_t>(loads_.size());
    loads_.push_back(running);
    loads_on_[session_number(client, group)].push_back(index);
    pace_load(index, context_.now);
}

void Workstation::pace_load(std::uint32_t load, Instant due)
{
    const Duration pace = loads_[load].pace;
    Instant next = due + pace;
    if (context_.now - next > pace * kMostMadeUp) {
        next += pace * ((context_.now - next) / pace);
    }
    context_.queue.add(next, EventOwner::load, load);
}

/// One beat of a load: a free thread makes a call; when all are inside one, the beat is left out (chosen).
void Workstation::beat(std::uint32_t index, Instant due)
{
    RunningLoad& load = loads_[index];
    GroupSession& group_session = clients_[load.client].group_sessions[load.group];
    if (may_sleep(load)) {
        load.asleep = true;
        load.next = due;
        ++group_session.asleep;
        return;
    }
    if (const std::int64_t beats = beats_to_leap(index, due); beats > 0) {
        leap(index, due, beats);
        return;
    }
    pace_load(index, due);
    if (clients_[load.client].running && group_session.initialized && load.busy < load.threads) {
        ++load.busy;
        make_sign(load.client, load.group, 0, index);
    }
}

// ---- Leaps --------------------------------------------------------------------------------------------------------

/// How many calls from this beat on will be served like those before, each by the member whose turn it is. 0: play it.
std::int64_t Workstation::beats_to_leap(std::uint32_t index, Instant due)
{
    const RunningLoad& load = loads_[index];
    const GroupSession& group_session = clients_[load.client].group_sessions[load.group];
    // In a steady row of calls so many have not returned when the next is made.
    const std::int64_t inside = load.took / load.pace;
    const std::int64_t warm = inside + static_cast<std::int64_t>(group_session.ends.size()) + 2;
    const bool row = clients_[load.client].running && group_session.initialized &&
                     static_cast<std::int64_t>(load.alike) >= warm &&
                     static_cast<std::int64_t>(load.busy) == inside && load.busy < load.threads;
    const bool alone = loads_on_[session_number(load.client, load.group)].size() == 1;
    if (!row || !alone || call_interest_ == CallInterest::each || context_.observers.empty() ||
        due != context_.now || context_.now < settled_) {
        return 0;
    }
    // So long before anything changes calls are played again: then all is as if each had been.
    const Duration played = load.took + load.pace * (2 * warm);
    const Instant least = due + played + load.pace * (warm + 1);
    const Instant undisturbed = context_.queue.undisturbed_until();
    if (undisturbed < least || !group_session.group.goes_round()) {
        return 0;
    }
    const Instant until = std::min(undisturbed, all_steady_until(least));
    return until < least ? 0 : (until - played - due) / load.pace;
}

/// Up to when no group of any process changes but by what is done to it. It need not be known more exactly than that
/// it is before `least`.
Instant Workstation::all_steady_until(Instant least)
{
    Instant first = steady_until(first_to_change_.first, first_to_change_.second);
    for (ClientIndex client = 0; client < clients_.size(); ++client) {
        for (GroupIndex group = 0; group < clients_[client].group_sessions.size(); ++group) {
            if (first < least) {
                return first;
            }
            if (const Instant until = steady_until(client, group); until < first) {
                first = until;
                first_to_change_ = {client, group};
            }
        }
    }
    return first;
}

/// The same of one group. The present when something is under way.
Instant Workstation::steady_until(ClientIndex client, GroupIndex group) const
{
    if (!clients_[client].running) {
        return kNever;
    }
    const GroupSession& group_session = clients_[client].group_sessions[group];
    const auto until = group_session.group.steady_until();
    return until && all_keep_answering(group_session) ? *until : context_.now;
}

bool Workstation::all_keep_answering(const GroupSession& group_session) const
{
    return std::all_of(group_session.ends.begin(), group_session.ends.end(), [&](const End& end) {
        return appliances_.keeps_serving(end.host, end.member);
    });
}

std::uint64_t CallRun::returned_in(Instant from, Instant to) const
{
    // The numbers, from 0, of the first that returned at `from` or later, and of the first that returned after `to`.
    const auto number = [&](Duration after_first) {
        const std::int64_t passed =
            after_first <= Duration::zero() ? 0 : (after_first - Duration(1)) / pace + 1;
        return std::min(static_cast<std::uint64_t>(passed), count);
    };
    const Instant first = called + took;
    const std::uint64_t begin = number(from - first);
    const std::uint64_t end = number(to - first + Duration(1));
    return end > begin ? end - begin : 0;
}

void Workstation::leap(std::uint32_t index, Instant due, std::int64_t beats)
{
    RunningLoad& load = loads_[index];
    const auto count = static_cast<std::uint64_t>(beats);
    clients_[load.client].group_sessions[load.group].group.pass_turns(count);
    signed_ += count;
    load.alike = 0;
    const CallRun run{load.client, load.group, due, load.pace, count, load.took};
    for (WorldObserver* observer : context_.observers) {
        observer->on_calls(run);
    }
    context_.queue.add(due + load.pace * beats, EventOwner::load, index);
}

// ---- Sleep --------------------------------------------------------------------------------------------------------

bool Workstation::may_sleep(const RunningLoad& load) const
{
    const auto whole = [](Duration time) {
        return time % std::chrono::seconds(1) == Duration::zero();
    };
    const bool whole_seconds = whole(load.pace) && whole(context_.now.time_since_epoch());
    const bool watched = call_interest_ != CallInterest::none || context_.observers.empty();
    if (watched || !whole_seconds || context_.options.service.sign * 2 > std::chrono::seconds(1) ||
        context_.now < settled_) {
        return false;
    }
    const GroupSession& group_session = clients_[load.client].group_sessions[load.group];
    return group_session.group.calm() && all_would_answer(group_session);
}

/// Every member that serves would answer at once.
bool Workstation::all_would_answer(const GroupSession& group_session) const
{
    return std::all_of(group_session.ends.begin(), group_session.ends.end(), [&](const End& end) {
        return !group_session.group.serves_on(end.link) ||
               appliances_.serves(end.host, end.member);
    });
}

/// Counts the beats that sleeping loads have had since: each was answered.
void Workstation::catch_up(ClientIndex client, GroupIndex group)
{
    GroupSession& group_session = clients_[client].group_sessions[group];
    for (const std::uint32_t index : loads_on_[session_number(client, group)]) {
        RunningLoad& load = loads_[index];
        // A beat of this very moment counts when its turn is over.
        const Instant before = context_.now + Duration(index < loads_over_ ? 1 : 0);
        if (!load.asleep || load.next >= before) {
            continue;
        }
        const auto beats =
            static_cast<std::uint64_t>((before - load.next - Duration(1)) / load.pace + 1);
        load.next += load.pace * static_cast<std::int64_t>(beats);
        if (group_session.initialized) {
            group_session.group.pass_commands(beats);
            signed_ += beats;
        }
    }
}

void Workstation::wake(ClientIndex client, GroupIndex group)
{
    GroupSession& group_session = clients_[client].group_sessions[group];
    if (group_session.asleep == 0) {
        return;
    }
    catch_up(client, group);
    for (const std::uint32_t index : loads_on_[session_number(client, group)]) {
        if (RunningLoad& load = loads_[index]; load.asleep) {
            load.asleep = false;
            context_.queue.add(load.next, EventOwner::load, index);
        }
    }
    group_session.asleep = 0;
}

/// Something is done to the world.
void Workstation::wake_all()
{
    settled_ = context_.now + kSettleTime;
    for (RunningLoad& load : loads_) {
        load.alike = 0;  // those were before it
    }
    for (ClientIndex client = 0; client < clients_.size(); ++client) {
        for (GroupIndex group = 0; group < clients_[client].group_sessions.size(); ++group) {
            wake(client, group);
        }
    }
}

}  // namespace hasim::sim
