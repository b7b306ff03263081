// What a scenario expects, against what came.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/words.hpp"
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
            text = judge_ops(*ops);
        } else if (const auto* stall = std::get_if<ExpectStall>(&expectation.what)) {
            text = judge_stall(*stall, tolerance);
        } else if (const auto* state = std::get_if<ExpectState>(&expectation.what)) {
            text = judge_state(*state, tolerance);
        }
        if (!text.empty()) {
            broken.push_back(
                {expectation.place, fmt::format("`{}`: {}", print_expectation(expectation), text)});
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
        if (log->amount == ExpectLog::Amount::none && log->range) {
            needed = tolerance.slack * (log->range->from > kStart ? 2 : 1);
            given = log->range->to - log->range->from;
        }
    } else if (const auto* stall = std::get_if<ExpectStall>(&expectation.what)) {
        needed = tolerance.slack;
        given = end - kStart - stall->below;
    } else if (const auto* state = std::get_if<ExpectState>(&expectation.what)) {
        if (state->at) {
            needed = tolerance.slack;
            given = std::max(*state->at - kStart, end - *state->at);
        }
    }
    if (tolerance.slack == Duration::zero() || given >= needed) {
        return {};
    }
    const double speed = static_cast<double>(tolerance.slack.count()) / 0.25e9;
    const double right = speed * static_cast<double>(std::max(given, Duration(1)).count()) /
                         static_cast<double>(needed.count());
    return fmt::format("cannot fail at this speed, where moments are known to {} only: {}",
                       whole(tolerance.slack),
                       right < 0.01 ? "leave out --live"
                                    : fmt::format("play it with --speed {:.2g} or less", right));
}

/// What came instead: lines of the same kind first, then others about the same member.
std::string Runner::nearest_lines(const ExpectLog& expect) const
{
    constexpr std::size_t kMost = 3;
    std::string text;
    std::size_t told = 0;
    const auto tell = [&](const Logged& logged, std::string_view differs) {
        if (told++ < kMost) {
            text +=
                fmt::format("; {} came at {}: {}", word_of(logged.record.form),
                            scenario::duration_text(
                                std::chrono::round<std::chrono::duration<std::int64_t, std::centi>>(
                                    logged.record.at.time_since_epoch())),
                            differs);
        }
    };
    for (const Logged& logged : logged_) {
        const LogRecord& record = logged.record;
        if (record.form != expect.pattern.form || matches(expect.pattern, logged)) {
            continue;
        }
        if (!expect.pattern.member.empty() && record.member != expect.pattern.member) {
            tell(logged, fmt::format("member {}", record.member.text()));
        } else if (expect.pattern.attempt != 0 && record.attempt != expect.pattern.attempt) {
            tell(logged, fmt::format("attempt {}", record.attempt));
        } else {
            tell(logged, fmt::format("client {}, group {}", world_.client_name(logged.client),
                                     record.group.text()));
        }
    }
    for (const Logged& logged : logged_) {
        if (logged.record.form != expect.pattern.form &&
            logged.record.member == expect.pattern.member) {
            tell(logged, "the same member, another message");
        }
    }
    if (told > kMost) {
        text += fmt::format("; {} more", told - kMost);
    }
    return text;
}

std::string Runner::judge_log(const ExpectLog& expect, const Tolerance& tolerance) const
{
    std::uint64_t inside = 0;
    std::string outside;
    for (const Logged& logged : logged_) {
        if (!matches(expect.pattern, logged)) {
            continue;
        }
        const Instant at = logged.record.at;
        const Duration slack =
            expect.amount == ExpectLog::Amount::none ? -tolerance.slack : tolerance.slack;
        if (!expect.range || (at >= expect.range->from - slack && at <= expect.range->to + slack)) {
            ++inside;
        } else {
            outside +=
                fmt::format("{}{}", outside.empty() ? "; it came at " : ", ",
                            scenario::duration_text(
                                std::chrono::round<std::chrono::duration<std::int64_t, std::centi>>(
                                    at.time_since_epoch())));
        }
    }
    switch (expect.amount) {
    case ExpectLog::Amount::exactly_one:
        return inside == 1
                   ? ""
                   : fmt::format("expected exactly one such line, and {} came{}{}", inside, outside,
                                 inside == 0 ? nearest_lines(expect) : std::string());
    case ExpectLog::Amount::none:
        return inside == 0 ? "" : fmt::format("expected no such line, and {} came", inside);
    case ExpectLog::Amount::at_least:
        return inside >= expect.least
                   ? ""
                   : fmt::format("expected at least {} such lines, and {} came{}{}", expect.least,
                                 inside, outside, nearest_lines(expect));
    }
    return {};
}

std::string Runner::judge_ops(const ExpectOps& expect) const
{
    std::uint64_t count = 0;
    switch (expect.counter) {
    case ExpectOps::Counter::lost: count = operations_.lost; break;
    case ExpectOps::Counter::done: count = operations_.done; break;
    case ExpectOps::Counter::retried: count = operations_.retried; break;
    }
    if (expect.at_least ? count >= expect.count : count == expect.count) {
        return {};
    }
    return fmt::format("expected {}{}, and there were {}", expect.at_least ? "at least " : "",
                       expect.count, count);
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
        // Over TCP a change may come a little earlier or later than the moment: any state it had around it will do.
        const Instant from = expect.at ? *expect.at - tolerance.slack : kNever;
        const Instant to = expect.at ? *expect.at + tolerance.slack : kNever;
        std::optional<MemberState> before;
        bool met = false;
        for (const auto& [at, state] : changes) {
            if (at <= from) {
                before = state;
            } else if (at <= to) {
                met = met || state == expect.state;
            }
        }
        if (!met && before != expect.state) {
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
