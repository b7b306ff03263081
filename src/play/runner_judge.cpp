// What a scenario expects, against what came.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/words.hpp"
#include "play/log_match.hpp"
#include "play/runner.hpp"
#include "scenario/values.hpp"

namespace hasim::play {

namespace {

/// The text of a line behind its stamp: from the bracket of the process id on.
std::string_view text_of(std::string_view line)
{
    const std::size_t bracket = line.find('[');
    return bracket == std::string_view::npos ? line : line.substr(bracket);
}

/// Who writes the line, and about whom: what stays in order between virtual time and TCP.
std::string story_of(std::string_view line)
{
    const std::string_view text = text_of(line);
    const std::size_t group = text.find("HA group: ");
    const std::size_t end = group == std::string_view::npos ? 0 : text.find(' ', group + 10);
    const std::size_t member = text.find("member: ");
    std::string story(text.substr(0, end == std::string_view::npos ? text.size() : end));
    if (member != std::string_view::npos) {
        std::size_t digits = member + 8;
        if (text.substr(digits, 8) == "member: ") {
            digits += 8;  // "detected new member member: S"
        }
        const std::size_t stop = text.find_first_not_of("0123456789", digits);
        story.append(" ").append(
            text.substr(digits, stop == std::string_view::npos ? stop : stop - digits));
    }
    return story;
}

using Stories = std::map<std::string, std::vector<std::string_view>>;

Stories stories_of(const std::vector<std::string>& lines)
{
    Stories stories;
    for (const std::string& line : lines) {
        stories[story_of(line)].push_back(text_of(line));
    }
    return stories;
}

/// The hundredth of a second in which it is, as a stamp has the second.
Instant hundredth(Instant at)
{
    return Instant(
        std::chrono::floor<std::chrono::duration<std::int64_t, std::centi>>(at.time_since_epoch()));
}

std::string moment(Instant at)
{
    return scenario::instant_text(hundredth(at));
}

/// Whether what came at `at` is in the range, when moments are known to the slack only.
struct Within {
    bool surely = true;
    bool maybe = true;
};

Within within_range(const std::optional<Range>& range, Instant at, const Tolerance& tolerance)
{
    if (!range) {
        return {};
    }
    // Nothing comes before the start.
    const bool from_start = range->from == kStart;
    return {
        (from_start || at >= range->from + tolerance.slack) && at <= range->to - tolerance.slack,
        at >= range->from - tolerance.slack && at <= range->to + tolerance.slack};
}

/// What is outside of the range, so that it does not look as if it were inside.
std::string moment_outside(const std::optional<Range>& range, Instant at)
{
    return within_range(range, hundredth(at), {}).maybe ? scenario::instant_text(at) : moment(at);
}

/// The last state up to a moment (or to the end), and whether `wanted` is it, or was near that moment: over TCP a
/// change may come a little earlier or later, and any state around the moment will do.
template <class State>
std::pair<State, bool> around(const std::vector<std::pair<Instant, State>>& changes,
                              const std::optional<Instant>& moment, const Tolerance& tolerance,
                              const State& wanted)
{
    const Instant from = moment ? *moment - tolerance.slack : kNever;
    const Instant to = moment ? *moment + tolerance.slack : kNever;
    State before{};
    bool met = false;
    for (const auto& [at, state] : changes) {
        before = at <= from ? state : before;
        met = met || (at > from && at <= to && state == wanted);
    }
    return {before, met || before == wanted};
}

std::string_view bound_text(const Amount& amount, std::string_view exactly)
{
    switch (amount.bound) {
    case Amount::Bound::exactly: break;
    case Amount::Bound::at_least: return "at least ";
    case Amount::Bound::at_most: return "at most ";
    }
    return exactly;
}

std::string lines_text(const Amount& amount)
{
    if (amount == Amount{}) {
        return "exactly one such line";
    }
    if (amount.most() == 0) {
        return "no such line";
    }
    return fmt::format("{}{}", bound_text(amount, "exactly "), counted(amount.count, "such line"));
}

/// The moments that an expectation is about; nothing when it is about the whole run.
std::optional<Range> moments_of(const Expectation& expectation)
{
    const auto at = [](const std::optional<Instant>& moment) {
        return moment ? std::optional(Range{*moment, *moment}) : std::nullopt;
    };
    if (const auto* log = std::get_if<ExpectLog>(&expectation.what)) {
        return log->range;
    }
    if (const auto* ops = std::get_if<ExpectOps>(&expectation.what)) {
        return ops->range;
    }
    if (const auto* state = std::get_if<ExpectState>(&expectation.what)) {
        return at(state->at);
    }
    if (const auto* group = std::get_if<ExpectGroup>(&expectation.what)) {
        return at(group->at);
    }
    return std::nullopt;
}

std::string in_backticks(std::string_view line)
{
    return fmt::format("`{}`", line);
}

}  // namespace

std::vector<Broken> Runner::judge(const Tolerance& tolerance) const
{
    std::vector<Broken> broken = judge_expectations(tolerance);
    if (scenario_.log) {
        if (std::string text = judge_block(*scenario_.log, tolerance); !text.empty()) {
            broken.push_back({scenario_.log->place, std::move(text)});
        }
    }
    return broken;
}

std::vector<Broken> Runner::judge_expectations(const Tolerance& tolerance) const
{
    std::vector<Broken> broken = problems_;
    for (const Expectation& expectation : scenario_.expectations) {
        std::string text = cannot_fail(expectation, tolerance);
        if (!text.empty()) {
            // Said as it is: whatever it found would be no news.
        } else if (const auto* log = std::get_if<ExpectLog>(&expectation.what)) {
            text = judge_log(*log, tolerance);
        } else if (const auto* ops = std::get_if<ExpectOps>(&expectation.what)) {
            text = judge_ops(*ops, tolerance);
        } else if (const auto* stall = std::get_if<ExpectStall>(&expectation.what)) {
            text = judge_stall(*stall, tolerance);
        } else if (const auto* state = std::get_if<ExpectState>(&expectation.what)) {
            text = judge_state(*state, tolerance);
        } else if (const auto* group = std::get_if<ExpectGroup>(&expectation.what)) {
            text = judge_group(*group, tolerance);
        }
        if (!text.empty()) {
            broken.push_back({expectation.place,
                              fmt::format("`{}`: {}", print_expectation(expectation), text),
                              log_around(expectation)});
        }
    }
    return broken;
}

std::vector<Broken> Runner::never_fired() const
{
    std::vector<Broken> silent;
    for (std::size_t index = 0; index < scenario_.events.size(); ++index) {
        const Event& event = scenario_.events[index];
        if (std::holds_alternative<On>(event.trigger) && progress_[index].fired == 0) {
            silent.push_back({event.place, "this 'on' never came true, so nothing was done"});
        }
    }
    return silent;
}

/// Over TCP the moments of lines are known to the slack only: a range that is not longer tells nothing.
std::string Runner::cannot_fail(const Expectation& expectation, const Tolerance& tolerance) const
{
    const auto whole = [](Duration time) {
        return scenario::duration_text(std::chrono::floor<std::chrono::seconds>(time));
    };
    Duration needed{};
    Duration given{};
    const Instant end = end_of(scenario_);
    if (const auto* log = std::get_if<ExpectLog>(&expectation.what)) {
        if (log->amount.least() == 0 && log->range) {
            needed = tolerance.slack * (log->range->from > kStart ? 2 : 1);
            given = log->range->to - log->range->from;
        }
    } else if (const auto* ops = std::get_if<ExpectOps>(&expectation.what)) {
        if (ops->amount.least() == 0 && ops->range) {
            needed = tolerance.slack * (ops->range->from > kStart ? 2 : 1);
            given = ops->range->to - ops->range->from;
        }
    } else if (const auto* stall = std::get_if<ExpectStall>(&expectation.what)) {
        needed = tolerance.slack;
        given = end - kStart - stall->below;
    } else if (const auto* state = std::get_if<ExpectState>(&expectation.what)) {
        if (state->at) {
            needed = tolerance.slack;
            given = std::max(*state->at - kStart, end - *state->at);
        }
    } else if (const auto* group = std::get_if<ExpectGroup>(&expectation.what)) {
        if (group->at) {
            needed = tolerance.slack;
            given = std::max(*group->at - kStart, end - *group->at);
        }
    }
    if (tolerance.slack == Duration::zero() || given >= needed) {
        return {};
    }
    const double right = tolerance.speed *
                         static_cast<double>(std::max(given, Duration(1)).count()) /
                         static_cast<double>(needed.count());
    return fmt::format("cannot fail at this speed, where moments are known to {} only: {}",
                       whole(tolerance.slack),
                       right < 0.01 ? "leave out --live"
                                    : fmt::format("play it with --speed {:.2g} or less", right));
}

/// The log at those moments, with a line or two before and behind.
std::string Runner::log_around(const Expectation& expectation) const
{
    constexpr std::size_t kBeside = 2;
    constexpr std::size_t kMost = 8;
    const std::optional<Range> range = moments_of(expectation);
    if (!range || lines_.size() != logged_.size()) {
        return {};
    }
    const auto is_before = [&](const Logged& logged) { return logged.record.at < range->from; };
    const auto is_within = [&](const Logged& logged) { return logged.record.at <= range->to; };
    const auto first = std::partition_point(logged_.begin(), logged_.end(), is_before);
    const auto last = std::partition_point(first, logged_.end(), is_within);
    const auto from = static_cast<std::size_t>(first - logged_.begin());
    const auto to = static_cast<std::size_t>(last - logged_.begin());
    const std::size_t begin = from - std::min(from, kBeside);
    const std::size_t end = std::min({to + kBeside, logged_.size(), begin + kMost});
    std::string text;
    for (std::size_t i = begin; i < end; ++i) {
        text += fmt::format("    {:>8}  {}\n", moment(logged_[i].record.at), lines_[i]);
    }
    return text;
}

/// What came instead: lines of the same kind first, then others about the same member; of each, the nearest in time.
std::string Runner::nearest_lines(const ExpectLog& expect) const
{
    constexpr std::size_t kMost = 3;
    struct Other {
        bool same_form = false;
        Duration distance{};
        const Logged* logged = nullptr;
    };
    std::vector<Other> others;
    for (const Logged& logged : logged_) {
        const bool same_form = logged.record.form == expect.pattern.form;
        if (same_form ? !matches(world_, expect.pattern, logged.client, logged.record)
                      : logged.record.member == expect.pattern.member) {
            const Instant at = logged.record.at;
            const Range range = expect.range.value_or(Range{at, at});
            others.push_back(
                {same_form, std::max({range.from - at, at - range.to, Duration::zero()}), &logged});
        }
    }
    std::stable_sort(others.begin(), others.end(), [](const Other& a, const Other& b) {
        return std::pair(!a.same_form, a.distance) < std::pair(!b.same_form, b.distance);
    });
    std::string text;
    for (std::size_t i = 0; i < std::min(others.size(), kMost); ++i) {
        const LogRecord& record = others[i].logged->record;
        const std::string differs =
            !others[i].same_form ? "the same member, another message"
            : !expect.pattern.member.empty() && record.member != expect.pattern.member
                ? fmt::format("member {}", record.member.text())
            : expect.pattern.attempt != 0 && record.attempt != expect.pattern.attempt
                ? fmt::format("attempt {}", record.attempt)
                : fmt::format("client {}, group {}", world_.client_name(others[i].logged->client),
                              record.group.text());
        text +=
            fmt::format("; {} came at {}: {}", word_of(record.form), moment(record.at), differs);
    }
    if (others.size() > kMost) {
        text += fmt::format("; {} more", others.size() - kMost);
    }
    return text;
}

std::string Runner::judge_log(const ExpectLog& expect, const Tolerance& tolerance) const
{
    // Over TCP a line may come a little earlier or later than it should: how many there are is known from a least to a
    // most.
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    std::string outside;
    for (const Logged& logged : logged_) {
        if (!matches(world_, expect.pattern, logged.client, logged.record)) {
            continue;
        }
        const Instant at = logged.record.at;
        const Within within = within_range(expect.range, at, tolerance);
        least += within.surely ? 1U : 0U;
        most += within.maybe ? 1U : 0U;
        if (!within.maybe) {
            outside += fmt::format("{}{}", outside.empty() ? "; it came at " : ", ",
                                   moment_outside(expect.range, at));
        }
    }
    if (expect.amount.admits(least, most)) {
        return {};
    }
    const std::uint64_t came = expect.amount.most() < least ? least : most;
    const bool too_few = most < expect.amount.least();
    return fmt::format("expected {}, and {} came{}{}", lines_text(expect.amount), came,
                       too_few ? outside : std::string(),
                       too_few ? nearest_lines(expect) : std::string());
}

std::pair<std::uint64_t, std::uint64_t> Runner::count_ops(const ExpectOps& expect,
                                                          const Tolerance& tolerance) const
{
    if (!expect.range) {
        const std::uint64_t count = expect.counter == ExpectOps::Counter::lost ? operations_.lost
                                    : expect.counter == ExpectOps::Counter::done
                                        ? operations_.done
                                        : operations_.retried;
        return {count, count};
    }
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    const auto ranged = std::find_if(ranged_.begin(), ranged_.end(),
                                     [&](const RangedCalls& one) { return *one.expect == expect; });
    for (const auto& [at, counts] : ranged->calls) {
        const Within within = within_range(expect.range, at, tolerance);
        least += within.surely ? counts : 0;
        most += within.maybe ? counts : 0;
    }
    const bool from_start = expect.range->from == kStart;
    for (const sim::CallRun& run : ranged->runs) {
        least += run.returned_in(from_start ? kStart : expect.range->from + tolerance.slack,
                                 expect.range->to - tolerance.slack);
        most += run.returned_in(expect.range->from - tolerance.slack,
                                expect.range->to + tolerance.slack);
    }
    return {least, most};
}

std::string Runner::judge_ops(const ExpectOps& expect, const Tolerance& tolerance) const
{
    const auto [least, most] = count_ops(expect, tolerance);
    if (expect.amount.admits(least, most)) {
        return {};
    }
    return fmt::format("expected {}{}, and there were {}", bound_text(expect.amount, ""),
                       expect.amount.count, expect.amount.most() < least ? least : most);
}

std::string Runner::judge_group(const ExpectGroup& expect, const Tolerance& tolerance) const
{
    const std::vector<GroupSettings>& groups = world_.settings().groups;
    for (sim::ClientIndex client = 0; client < world_.clients(); ++client) {
        for (sim::GroupIndex group = 0; group < groups.size(); ++group) {
            if (groups[group].label != expect.label) {
                continue;
            }
            const auto changes = groups_.find({client, group});
            const auto [before, met] =
                around(changes == groups_.end() ? decltype(changes->second){} : changes->second,
                       expect.at, tolerance, expect.state);
            if (!met) {
                return world_.clients() == 1
                           ? fmt::format("it is {}", name_of(before))
                           : fmt::format("for client {} it is {}", world_.client_name(client),
                                         name_of(before));
            }
        }
    }
    return {};
}

std::string Runner::judge_stall(const ExpectStall& expect, const Tolerance& tolerance) const
{
    if (operations_.longest < expect.below + tolerance.slack) {
        return {};
    }
    return fmt::format("the longest call took {}", about(operations_.longest));
}

std::string Runner::judge_state(const ExpectState& expect, const Tolerance& tolerance) const
{
    bool known = false;
    for (const auto& [key, changes] : history_) {
        if (std::get<Serial>(key) != expect.member) {
            continue;
        }
        known = true;
        const auto [before, met] =
            around(changes, expect.at, tolerance, std::optional(expect.state));
        if (!met) {
            return before ? fmt::format("it is {}", name_of(*before))
                          : "it has no state: its process has not called C_Initialize";
        }
    }
    if (!known) {
        return "no process has it as a member";
    }
    return {};
}

std::string Runner::judge_block(const LogBlock& block, const Tolerance& tolerance) const
{
    if (tolerance.texts_only) {
        const Stories wanted = stories_of(block.lines);
        const Stories written = stories_of(lines_);
        return wanted == written ? "" : "the log has other texts, or in another order";
    }
    const auto [wanted, written] =
        std::mismatch(block.lines.begin(), block.lines.end(), lines_.begin(), lines_.end());
    if (wanted == block.lines.end() && written == lines_.end()) {
        return {};
    }
    const auto number = wanted - block.lines.begin() + 1;
    return fmt::format("line {} of the log should be {}, and is {}", number,
                       wanted == block.lines.end() ? "missing" : in_backticks(*wanted),
                       written == lines_.end() ? "missing" : in_backticks(*written));
}

}  // namespace hasim::play
