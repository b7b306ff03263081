#include "logtools/sequence_check.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "ha/policy.hpp"
#include "ha/transitions.hpp"
#include "log/catalogue.hpp"

namespace hasim::logtools {
namespace {

using ha::Cause;
using ha::Transition;

constexpr std::uint32_t kAny = std::numeric_limits<std::uint32_t>::max();

// Whether `form` is written on `edge`, with either message set.
constexpr bool writes(const Transition& edge, LogForm form)
{
    switch (form) {
    case LogForm::member_deactivated: return edge.cause == Cause::found_deactivated;
    case LogForm::unrecoverable: return edge.cause == Cause::found_ineligible;
    case LogForm::reenable_member: return edge.cause == Cause::manual_recovery;
    default: return edge.line == form;
    }
}

// Whether `edge` is the end of a recovery attempt.
bool ends_attempt(const Transition& edge)
{
    return edge.cause == Cause::recovered || edge.cause == Cause::attempts_used_up ||
           edge.cause == Cause::found_revoked || edge.cause == Cause::found_ineligible;
}

// Edges of kTransitions, by their number.
struct EdgeList {
    static constexpr std::size_t kMost = 8;
    std::array<std::uint8_t, kMost> numbers{};
    std::size_t count = 0;
};
using EdgesByState = std::array<EdgeList, kMemberStates.size() + 1>;

// In a list of edges by state: nothing, for a member that is not known, comes first.
constexpr std::size_t index_of(std::optional<MemberState> state)
{
    return state ? static_cast<std::size_t>(*state) + 1 : 0;
}

template <class Fits>
constexpr EdgesByState edges_that(Fits fits)
{
    EdgesByState edges{};
    for (std::size_t number = 0; number < ha::kTransitions.size(); ++number) {
        if (const Transition& edge = ha::kTransitions[number]; fits(edge)) {
            EdgeList& list = edges[index_of(edge.from)];
            list.numbers.at(list.count++) = static_cast<std::uint8_t>(number);
        }
    }
    return edges;
}

constexpr EdgesByState kWithoutLine = edges_that([](const Transition& edge) { return !edge.line; });
constexpr auto kWithLine = [] {
    std::array<EdgesByState, kLogForms> edges{};
    for (std::size_t form = 0; form < kLogForms; ++form) {
        edges[form] = edges_that(
            [form](const Transition& edge) { return writes(edge, static_cast<LogForm>(form)); });
    }
    return edges;
}();

const EdgeList& edges_with_line(std::optional<MemberState> from, LogForm form)
{
    return kWithLine[static_cast<std::size_t>(form)][index_of(from)];
}

template <class Visit>
void for_each(const EdgeList& list, Visit visit)
{
    for (std::size_t i = 0; i < list.count; ++i) {
        visit(ha::kTransitions[list.numbers[i]]);
    }
}

}  // namespace

SequenceCheck::Said SequenceCheck::said_in(const LogRecord& record)
{
    return {record.form, record.attempt, ha::failure_of(record.code) == ha::Failure::ineligible};
}

// Whether a line about an attempt can stand for the end of it that `edge` is.
bool SequenceCheck::fits_code(const Transition& edge, const Said& said)
{
    return said.form != LogForm::recovery_failed ||
           said.ineligible == (edge.cause == Cause::found_ineligible);
}

SequenceCheck::Places SequenceCheck::anything()
{
    Places places{{std::nullopt, 0, 0, false}, {MemberState::exhausted, 0, 0, true}};
    for (const MemberState state : kMemberStates) {
        places.push_back({state, kAny, 0, false});
    }
    std::sort(places.begin(), places.end());
    return places;
}

SequenceCheck::Places SequenceCheck::first_places() const
{
    if (!options_.complete) {
        return anything();
    }
    return {{std::nullopt, 0, 0, false}, {MemberState::connecting, 0, 0, false}};
}

// An attempt that runs while a manual recovery is asked for keeps its number.
std::uint32_t SequenceCheck::attempt_that_may_run(const Place& place)
{
    if (place.running != 0) {
        return place.running;
    }
    return place.made == kAny ? kAny : place.made + 1;
}

// Adds to `out` where `place` may go without a line, when `unseen` and all before it are thought of.
void SequenceCheck::unseen_steps(Place place, Unseen unseen, Places& out)
{
    if (place.maximum_due) {
        return;  // that line is written together with the one before it
    }
    const auto add = [&out](const Place& found) {
        if (std::find(out.begin(), out.end(), found) == out.end()) {
            out.push_back(found);
        }
    };
    for_each(kWithoutLine[index_of(place.state)], [&](const Transition& edge) {
        if (edge.cause != Cause::manual_recovery) {
            add({edge.to, 0, 0, false});
        } else if (unseen >= Unseen::manual_recovery) {
            add({edge.to, 0, 0, false});
            if (place.state == MemberState::dropped) {
                add({edge.to, 0, attempt_that_may_run(place), false});
            }
        }
    });
    if (unseen >= Unseen::further_attempts && place.state == MemberState::ineligible) {
        add({MemberState::dropped, place.made, 0, false});
        add({MemberState::exhausted, 0, 0, true});
    }
    if (unseen >= Unseen::initialisation) {
        add({MemberState::connecting, 0, 0, false});
    }
}

// Adds to `places` all that can be reached from them without a line.
void SequenceCheck::widen(Places& places, Unseen unseen)
{
    for (std::size_t i = 0; i < places.size(); ++i) {
        unseen_steps(places[i], unseen, places);
    }
}

// The end of a recovery attempt on a dropped member.
void SequenceCheck::attempt_steps(const Place& place, const Said& said, Places& out)
{
    const bool numbered = log::has_attempt(said.form);
    const std::uint32_t number = numbered || place.made == kAny ? said.attempt : place.made + 1;
    if (numbered && number == 0) {
        return;
    }
    const bool is_running =
        place.running != 0 && (!numbered || place.running == kAny || place.running == number);
    const bool is_next = place.made == kAny || number == place.made + 1;
    for_each(edges_with_line(place.state, said.form), [&](const Transition& edge) {
        if (!ends_attempt(edge) || !fits_code(edge, said)) {
            return;
        }
        if (edge.cause == Cause::recovered) {
            if (is_running || is_next) {
                out.push_back({edge.to, 0, 0, false});
            }
            return;
        }
        if (is_running) {  // further attempts were granted while it ran
            out.push_back({MemberState::dropped, 0, 0, false});
        }
        if (is_next) {
            const bool last = edge.cause == Cause::attempts_used_up;
            out.push_back({edge.to, last ? 0 : number, 0, last});
            if (last) {  // or it was not the last: no edge, the member stays dropped
                out.push_back({MemberState::dropped, number, 0, false});
            }
        }
    });
}

// Where `place` may go with the line `said`.
void SequenceCheck::steps(const Place& place, const Said& said, Places& out)
{
    if (place.maximum_due) {
        if (said.form == LogForm::recovery_exhausted) {
            out.push_back({place.state, 0, 0, false});
        }
        return;
    }
    attempt_steps(place, said, out);
    if (said.form == LogForm::member_deactivated && place.state == MemberState::active) {
        out.push_back(place);  // without failover_on_deactivation it goes on serving
    }
    for_each(edges_with_line(place.state, said.form), [&](const Transition& edge) {
        if (!ends_attempt(edge)) {
            out.push_back({edge.to, 0, 0, false});
            if (edge.cause == Cause::manual_recovery && place.state == MemberState::dropped) {
                out.push_back({edge.to, 0, attempt_that_may_run(place), false});
            }
        }
    });
}

/// Into next_: where a member may be behind the line that was in `places` before it. False when that is nowhere.
bool SequenceCheck::step(const Places& places, const Said& said)
{
    next_.clear();
    for (const Place& place : places) {
        steps(place, said, next_);
    }
    std::sort(next_.begin(), next_.end());
    next_.erase(std::unique(next_.begin(), next_.end()), next_.end());
    return !next_.empty();
}

/// The same when `unseen` is thought of.
bool SequenceCheck::step_unseen(const Places& places, Unseen unseen, const Said& said)
{
    widened_ = places;
    widen(widened_, unseen);
    return step(widened_, said);
}

/// One set for all that are alike.
const SequenceCheck::Places* SequenceCheck::keep(Places places)
{
    if (kept_.size() >= kPlacesKept + 2 * (members_.size() + others_)) {
        forget_unused_places();
    }
    return &*kept_.insert(std::move(places)).first;
}

void SequenceCheck::forget_unused_places()
{
    std::set<Places> used;
    const auto move = [&used](const Places* places) { return &*used.insert(*places).first; };
    for (auto& [key, member] : members_) {
        if (member.places != nullptr) {
            member.places = move(member.places);
        }
        std::ranges::transform(member.others, member.others.begin(), move);
    }
    kept_ = std::move(used);
    followed_.assign(followed_.size(), {});
}

/// Where it is noted what follows from these places when that is said: most lines of a log follow as others did.
SequenceCheck::Followed& SequenceCheck::followed(const Places* places, const Said& said)
{
    constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15U;
    const std::uint64_t sum = reinterpret_cast<std::uintptr_t>(places) +
                              (std::uint64_t{said.attempt} << 8U) +
                              (static_cast<std::uint64_t>(said.form) << 40U);
    return followed_[(sum * kSpread) >> (64U - kFollowedBits)];
}

/// The same as step() by the least that has to be thought of, and what that is; nothing when no thought helps.
std::optional<SequenceCheck::Unseen> SequenceCheck::find_next(Member& member, const Said& said)
{
    if (step_unseen(*member.places, Unseen::nothing, said)) {
        return Unseen::nothing;
    }
    if (takes_turn(member, said)) {
        return Unseen::other_process;
    }
    for (const Unseen unseen :
         {Unseen::manual_recovery, Unseen::further_attempts, Unseen::initialisation}) {
        if (step_unseen(*member.places, unseen, said)) {
            // Or it is another process: a new one that begins its story, or one of those that there are.
            if (unseen == Unseen::initialisation || !member.others.empty()) {
                add_other(member, member.places);
            }
            return unseen;
        }
    }
    if (member.in_mid_story && member.last == said && !options_.complete &&
        step(anything(), said)) {
        add_other(member, member.places);  // who is heard now saw it out before the log began, too
        return Unseen::other_process;
    }
    return std::nullopt;
}

/// Into next_: what may be behind a line that cannot be.
void SequenceCheck::begin_anew(Member& member, const Said& said)
{
    if (member.last == said || !member.others.empty()) {
        add_other(member, member.places);  // who was heard before is not to blame
    }
    if (!step(anything(), said)) {
        next_ = anything();
    }
}

/// It is one of the other processes, then, that says this. The one that was heard before becomes one of the others.
bool SequenceCheck::takes_turn(Member& member, const Said& said)
{
    for (auto other = member.others.rbegin(); other != member.others.rend(); ++other) {
        if (step_unseen(**other, Unseen::nothing, said)) {
            member.others.erase(std::next(other).base());
            --others_;
            add_other(member, member.places);
            return true;
        }
    }
    return false;
}

/// Another process may be heard that is in these places. Who was not heard for longest makes room.
void SequenceCheck::add_other(Member& member, const Places* places)
{
    if (options_.complete) {
        return;
    }
    if (!member.others.empty() &&
        (member.others.size() == kMostOthers || others_ == kMostOthersInAll)) {
        member.others.erase(member.others.begin());
        --others_;
    }
    if (others_ < kMostOthersInAll) {
        member.others.push_back(places);
        ++others_;
    }
}

void SequenceCheck::forget_members()
{
    members_.clear();
    recent_.clear();
    others_ = 0;
}

SequenceCheck::Member& SequenceCheck::member_of(const LogRecord& record,
                                                std::optional<SequenceFinding>& finding)
{
    Member*& recent = recent_.at(record);
    if (recent != nullptr) {
        return *recent;
    }
    const Key key{record.pid, record.group, record.member};
    if (members_.size() >= options_.most_members && !members_.contains(key)) {
        forget_members();
        finding = {Severity::note,
                   fmt::format(
                       "more than {} members by process and group: all are followed anew from here",
                       options_.most_members)};
    }
    const auto [entry, fresh] = members_.try_emplace(key);
    Member& member = entry->second;
    if (fresh) {
        Places places = first_places();
        if (asked_.contains({record.pid, record.group})) {
            widen(places, Unseen::manual_recovery);
        }
        member.places = keep(std::move(places));
    }
    recent = &member;
    return member;
}

std::optional<SequenceFinding> SequenceCheck::feed(const LogRecord& record)
{
    std::optional<SequenceFinding> finding;
    Member& member = member_of(record, finding);
    const Said said = said_in(record);
    Followed& known = followed(member.places, said);
    std::optional<Unseen> unseen = Unseen::nothing;
    if (known.from == member.places && known.said == said) {
        member.places = known.to;
    } else {
        unseen = find_next(member, said);
        if (!unseen) {
            finding = {Severity::error, impossible(member, record)};
            begin_anew(member, said);
        } else if (*unseen != Unseen::nothing) {
            finding = {Severity::note, possible_only(*unseen, member, record)};
        }
        const Places* const next = keep(next_);
        if (unseen == Unseen::nothing) {
            known = {member.places, said, next};
        }
        member.places = next;
    }
    if (unseen == Unseen::nothing && member.last == said && !member.others.empty()) {
        step(anything(), said);
        add_other(member, keep(next_));  // what is said twice may be said by two
    }
    member.in_mid_story = member.in_mid_story &&
                          (log::has_attempt(said.form) || said.form == LogForm::recovery_exhausted);
    member.last = said;
    return finding;
}

void SequenceCheck::initialised(Pid pid)
{
    std::erase_if(asked_, [pid](const auto& asked) { return asked.first == pid; });
    for (auto& [key, member] : members_) {
        if (std::get<0>(key) == pid) {
            member.places =
                keep({{std::nullopt, 0, 0, false}, {MemberState::connecting, 0, 0, false}});
        }
    }
}

void SequenceCheck::recovery_asked(Pid pid, Serial group)
{
    asked_.emplace(pid, group);  // for members without a line so far
    for (auto& [key, member] : members_) {
        if (std::get<0>(key) == pid && std::get<1>(key) == group) {
            Places places = *member.places;
            widen(places, Unseen::manual_recovery);
            member.places = keep(std::move(places));
        }
    }
}

}  // namespace hasim::logtools
