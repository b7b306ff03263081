// What in a scenario contradicts itself, can never happen, or would never end.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "hasim/scenario.hpp"
#include "scenario/faults.hpp"
#include "scenario/parse.hpp"
#include "scenario/values.hpp"

namespace hasim {
namespace scenario {
namespace {

// The last firing of an `every` that is bounded by itself.
std::optional<Instant> last_firing(const Every& every)
{
    if (every.until) {
        return every.until;
    }
    if (every.times == 0) {
        return std::nullopt;
    }
    const Instant from = every.from.value_or(kStart + every.period);
    const auto rounds = static_cast<std::int64_t>(every.times - 1);
    const std::int64_t room = kLongestDuration.count() / every.period.count();
    return from + (rounds > room ? kLongestDuration : every.period * rounds);
}

void check_every(const Event& event, const Every& every, const Scenario& scenario,
                 Findings& findings)
{
    const Instant from = every.from.value_or(kStart + every.period);
    if (every.until && *every.until < from) {
        findings.error(event.place, fmt::format("until {} comes before the first firing at {}",
                                                instant_text(*every.until), instant_text(from)));
        return;
    }
    if (!every.until && every.times == 0 && !scenario.length) {
        findings.error(event.place,
                       "this 'every' never ends: add 'until T' or 'times N', or bound the run "
                       "with a 'for D' line in the header");
        return;
    }
    const Instant end =
        every.until ? *every.until : kStart + scenario.length.value_or(Duration::zero());
    if (every.times == 0 && end > from &&
        static_cast<std::uint64_t>((end - from) / every.period) >= kMaxFirings) {
        findings.error(event.place,
                       fmt::format("this 'every' fires more than {} times", kMaxFirings));
    }
}

// A flap goes on until it is healed, so its period is bounded as that of an `every` is.
void check_flap(const Event& event, const Scenario& scenario, Findings& findings)
{
    const FaultKind kind = event.fault.kind;
    const Duration longest = event.fault.lasts.value_or(scenario.length.value_or(Duration::zero()));
    if ((kind == FaultKind::flap_cable || kind == FaultKind::flap_ntls) &&
        static_cast<std::uint64_t>(longest / event.fault.duration) >= kMaxFirings) {
        findings.error(event.place, fmt::format("this flap has more than {} periods; make them "
                                                "longer, or bound it with 'for D'",
                                                kMaxFirings));
    }
}

// Times of `at` lines do not go back: a reader follows the story from top to bottom.
void check_order(const Scenario& scenario, Findings& findings)
{
    const Event* latest = nullptr;
    for (const Event& event : scenario.events) {
        check_flap(event, scenario, findings);
        if (const auto* const every = std::get_if<Every>(&event.trigger)) {
            check_every(event, *every, scenario, findings);
        }
        const auto* const at = std::get_if<At>(&event.trigger);
        if (at == nullptr) {
            continue;
        }
        if (latest != nullptr && at->at < std::get<At>(latest->trigger).at) {
            findings.error(
                event.place,
                fmt::format("time goes back: {} comes after {} in line {}", instant_text(at->at),
                            instant_text(std::get<At>(latest->trigger).at), latest->place.line));
        } else {
            latest = &event;
        }
        if (scenario.length && at->at > kStart + *scenario.length) {
            findings.warning(event.place,
                             fmt::format("{} is after the end of the run (for {})",
                                         instant_text(at->at), duration_text(*scenario.length)));
        }
    }
}

void check_client(const std::string& name, Place place, const Scenario& scenario,
                  Findings& findings)
{
    if (name.empty()) {
        return;
    }
    std::vector<std::string_view> names;
    for (const ScenarioClient& client : scenario.clients) {
        if (client.name == name) {
            return;
        }
        names.emplace_back(client.name);
    }
    const std::string near = nearest(name, names);
    findings.error(place, fmt::format("no client is called '{}'{}", shown(name),
                                      near.empty() ? "; 'client NAME pid N' in the header names one"
                                                   : fmt::format("; did you mean '{}'?", near)));
}

// A message that the set of messages in force never writes.
void check_written(const LogPattern& pattern, bool wanted, Place place, const Scenario& scenario,
                   Findings& findings)
{
    const bool rare = pattern.form == LogForm::member_deactivated ||
                      pattern.form == LogForm::reenable_member ||
                      pattern.form == LogForm::unrecoverable;
    if (rare && scenario.messages != MessageSet::all) {
        const std::string text = fmt::format("{} is written only with 'messages all' in the header",
                                             word_of(pattern.form));
        if (wanted) {
            findings.error(place, text);
        } else {
            findings.warning(place, "holds whatever happens: " + text);
        }
    }
}

void check_names(const Scenario& scenario, Findings& findings)
{
    for (const Load& load : scenario.loads) {
        check_client(load.client, load.place, scenario, findings);
    }
    for (const Event& event : scenario.events) {
        if (event.target.kind == Target::Kind::client) {
            check_client(event.target.name, event.place, scenario, findings);
        }
        const auto* const on = std::get_if<On>(&event.trigger);
        const auto* const pattern =
            on == nullptr ? nullptr : std::get_if<LogPattern>(&on->condition);
        if (pattern != nullptr) {
            check_client(pattern->client, event.place, scenario, findings);
            check_written(*pattern, true, event.place, scenario, findings);
        }
    }
    for (const Expectation& expectation : scenario.expectations) {
        if (const auto* const log = std::get_if<ExpectLog>(&expectation.what)) {
            check_client(log->pattern.client, expectation.place, scenario, findings);
            check_written(log->pattern, log->amount.least() > 0, expectation.place, scenario,
                          findings);
        }
    }
}

// ---- expectations against each other

struct Bound {
    const ExpectLog* log;
    Place place;
    Range range;
};

// Whether every line that `narrow` is about is one that `wide` is about.
bool covers(const Bound& wide, const Bound& narrow)
{
    const LogPattern& a = wide.log->pattern;
    const LogPattern& b = narrow.log->pattern;
    return a.form == b.form && (a.group.empty() || a.group == b.group) &&
           (a.member.empty() || a.member == b.member) &&
           (a.attempt == 0 || a.attempt == b.attempt) &&
           (a.client.empty() || a.client == b.client) && wide.range.from <= narrow.range.from &&
           narrow.range.to <= wide.range.to;
}

/// What is expected at a moment behind the end never comes.
void check_within(const Scenario& scenario, Instant moment, Place place, Findings& findings)
{
    if (scenario.length && moment > kStart + *scenario.length) {
        findings.error(place, fmt::format("this can never hold: the run ends at {}",
                                          duration_text(*scenario.length)));
    }
}

// `most` lines may stand in the range of `upper`; finds expectations inside it, apart from each other, that want more.
const Bound* find_excess(const Bound& upper, std::uint64_t most, const std::vector<Bound>& by_end)
{
    std::uint64_t wanted = 0;
    std::optional<Instant> taken;
    for (const Bound& lower : by_end) {
        const std::uint64_t least = lower.log->amount.least();
        if (least == 0 || lower.log == upper.log || !covers(upper, lower)) {
            continue;
        }
        if (least > most) {
            return &lower;
        }
        if (!taken || lower.range.from > *taken) {
            wanted += least;
            taken = lower.range.to;
        }
        if (wanted > most) {
            return &lower;
        }
    }
    return nullptr;
}

void check_log_expectations(const Scenario& scenario, Findings& findings)
{
    std::vector<Bound> bounds;
    for (const Expectation& expectation : scenario.expectations) {
        const auto* const log = std::get_if<ExpectLog>(&expectation.what);
        if (log == nullptr) {
            continue;
        }
        bounds.push_back({log, expectation.place, log->range.value_or(Range{kStart, kNever})});
        if (log->amount.least() > 0 && log->range) {
            check_within(scenario, log->range->from, expectation.place, findings);
        }
    }
    std::vector<Bound> by_end = bounds;
    std::stable_sort(by_end.begin(), by_end.end(),
                     [](const Bound& a, const Bound& b) { return a.range.to < b.range.to; });
    for (const Bound& upper : bounds) {
        const std::uint64_t most = upper.log->amount.most();
        const Bound* const other = find_excess(upper, most, by_end);
        if (other != nullptr) {
            findings.error(upper.place,
                           fmt::format("contradicts line {}: there may be {} {} in this range",
                                       other->place.line,
                                       most == 0   ? "no"
                                       : most == 1 ? "only one"
                                                   : fmt::format("only {}", most),
                                       word_of(upper.log->pattern.form)));
        }
    }
}

/// Counts over one range that cannot be two numbers at once.
void check_counters(const Scenario& scenario, Findings& findings)
{
    struct Known {
        std::uint64_t least = 0;
        std::uint64_t most = UINT64_MAX;
        std::uint32_t line = 0;
    };
    using Counted = std::tuple<ExpectOps::Counter, Instant, Instant>;
    std::map<Counted, Known> counters;
    for (const Expectation& expectation : scenario.expectations) {
        if (const auto* const ops = std::get_if<ExpectOps>(&expectation.what)) {
            const Range range = ops->range.value_or(Range{kStart, kNever});
            Known& known = counters[{ops->counter, range.from, range.to}];
            if (!ops->amount.admits(known.least, known.most)) {
                findings.error(expectation.place, fmt::format("contradicts line {}", known.line));
            }
            known = {std::max(known.least, ops->amount.least()),
                     std::min(known.most, ops->amount.most()), expectation.place.line};
            check_within(scenario, range.from, expectation.place, findings);
        }
    }
}

/// Something that cannot be in two states at one moment.
class StatesKnown {
public:
    explicit StatesKnown(Findings& findings) : findings_(findings) {}

    void enter(std::string_view what, std::optional<Instant> at, std::string_view state,
               Place place)
    {
        const auto [entry, fresh] = states_.try_emplace({std::string(what), at}, state, place.line);
        if (!fresh && entry->second.first != state) {
            findings_.error(place,
                            fmt::format("contradicts line {}: {} cannot be {} and {} at once",
                                        entry->second.second, what, entry->second.first, state));
        }
    }

private:
    using Moment = std::pair<std::string, std::optional<Instant>>;
    std::map<Moment, std::pair<std::string_view, std::uint32_t>> states_;
    Findings& findings_;
};

void check_states(const Scenario& scenario, Findings& findings)
{
    StatesKnown members(findings);
    StatesKnown groups(findings);
    for (const Expectation& expectation : scenario.expectations) {
        const Place place = expectation.place;
        if (const auto* const state = std::get_if<ExpectState>(&expectation.what)) {
            members.enter(state->member.text(), state->at, name_of(state->state), place);
            check_within(scenario, state->at.value_or(kStart), place, findings);
        } else if (const auto* const group = std::get_if<ExpectGroup>(&expectation.what)) {
            groups.enter("group " + group->label, group->at, name_of(group->state), place);
            check_within(scenario, group->at.value_or(kStart), place, findings);
        }
    }
}

}  // namespace

void check_consistency(const Scenario& scenario, Findings& findings)
{
    check_order(scenario, findings);
    check_names(scenario, findings);
    check_log_expectations(scenario, findings);
    check_counters(scenario, findings);
    check_states(scenario, findings);
    check_vacuous(scenario, findings);
}

}  // namespace scenario

Instant end_of(const Scenario& scenario)
{
    if (scenario.length) {
        return kStart + *scenario.length;
    }
    Instant end = kStart;
    const auto extend = [&end](Instant at) { end = std::max(end, at); };
    for (const Event& event : scenario.events) {
        const Duration lasts = event.fault.lasts.value_or(Duration::zero());
        if (const auto* const at = std::get_if<At>(&event.trigger)) {
            extend(at->at + lasts);
        } else if (const auto* const every = std::get_if<Every>(&event.trigger)) {
            extend(scenario::last_firing(*every).value_or(kStart) + lasts);
        }
    }
    for (const Expectation& expectation : scenario.expectations) {
        if (const auto* const log = std::get_if<ExpectLog>(&expectation.what)) {
            extend(log->range ? log->range->to : kStart);
        } else if (const auto* const state = std::get_if<ExpectState>(&expectation.what)) {
            extend(state->at.value_or(kStart));
        } else if (const auto* const group = std::get_if<ExpectGroup>(&expectation.what)) {
            extend(group->at.value_or(kStart));
        } else if (const auto* const ops = std::get_if<ExpectOps>(&expectation.what)) {
            extend(ops->range ? ops->range->to : kStart);
        }
    }
    return end;
}

}  // namespace hasim
