// Expectations, and what they share with `on`: patterns of log lines, states, operations.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/words.hpp"
#include "cryptoki/function.hpp"
#include "scenario/parse.hpp"
#include "scenario/values.hpp"

namespace hasim {
namespace {

constexpr std::array<std::pair<LogForm, std::string_view>, kLogForms> kLogWords{{
    {LogForm::drop_member, "DROPMEMBER"},
    {LogForm::drop_unrecoverable, "DROPUNRECOVERABLE"},
    {LogForm::login_failed, "LOGINFAILED"},
    {LogForm::member_deactivated, "MEMBER_DEACTIVATED"},
    {LogForm::member_revoked, "MEMBER_REVOKED"},
    {LogForm::new_member, "NEWMEMBER"},
    {LogForm::recovered, "RECOVERED"},
    {LogForm::recovery_failed, "RECOVERYFAILED"},
    {LogForm::recovery_exhausted, "RECOVERYEXHAUSTED"},
    {LogForm::reenable_member, "REENABLEMEMBER"},
    {LogForm::unrecoverable, "UNRECOVERABLE"},
}};

constexpr std::array<std::pair<Operation, std::string_view>, 4> kOperationWords{{
    {Operation::open, "open"},
    {Operation::login, "login"},
    {Operation::logout, "logout"},
    {Operation::sign, "sign"},
}};

}  // namespace

std::string_view word_of(LogForm form)
{
    return kLogWords[static_cast<std::size_t>(form)].second;
}

std::string_view word_of(Operation operation)
{
    const auto* const row =
        std::find_if(kOperationWords.begin(), kOperationWords.end(),
                     [=](const auto& entry) { return entry.first == operation; });
    return row == kOperationWords.end() ? "?" : row->second;
}

namespace scenario {
namespace {

bool reaches_a_member(cryptoki::Function function)
{
    return cryptoki::goes_to_a_member(function) || function == cryptoki::Function::login ||
           function == cryptoki::Function::logout;
}

// A log id in any case, with or without HALOG_, in both spellings of REENABLEMEMBER.
std::optional<LogForm> log_form_named(std::string_view word)
{
    constexpr std::string_view kPrefix = "HALOG_";
    if (same_but_for_case(word.substr(0, kPrefix.size()), kPrefix)) {
        word.remove_prefix(kPrefix.size());
    }
    if (same_but_for_case(word, "RENABLEMEMBER")) {
        return LogForm::reenable_member;
    }
    for (const auto& [form, name] : kLogWords) {
        if (same_but_for_case(word, name)) {
            return form;
        }
    }
    return std::nullopt;
}

bool has_attempt(LogForm form)
{
    return form == LogForm::recovered || form == LogForm::recovery_failed ||
           form == LogForm::unrecoverable;
}

// In `on log DROPMEMBER member 7 revoke` the member is the fault's target: what stands directly before a fault is not
// part of the pattern. Keyword and value are two words.
bool accept_filter(Cursor& cursor, std::string_view keyword)
{
    return cursor.peek() == keyword && !begins_fault(cursor.peek(1)) &&
           !begins_fault(cursor.peek(2)) && cursor.accept(keyword);
}

// N, `at least N`, `at most N`; what is not there is left as it is.
bool parse_amount(Cursor& cursor, Amount& amount, std::uint64_t least, std::uint64_t most)
{
    if (cursor.accept("at")) {
        if (cursor.accept("most")) {
            amount.bound = Amount::Bound::at_most;
        } else if (cursor.accept("least")) {
            amount.bound = Amount::Bound::at_least;
        } else {
            return cursor.fail("'least' or 'most'", {"least", "most"});
        }
    }
    const auto count = cursor.number("how many", least, most);
    amount.count = count.value_or(0);
    return count.has_value();
}

bool parse_ops(Cursor& cursor, ExpectOps& ops)
{
    if (cursor.accept("lost")) {
        ops.counter = ExpectOps::Counter::lost;
    } else if (cursor.accept("done")) {
        ops.counter = ExpectOps::Counter::done;
    } else if (cursor.accept("retried")) {
        ops.counter = ExpectOps::Counter::retried;
    } else {
        return cursor.fail("lost, done or retried", {"lost", "done", "retried"});
    }
    return parse_amount(cursor, ops.amount, 0, UINT64_MAX);
}

// at T
bool parse_moment(Cursor& cursor, std::optional<Instant>& at)
{
    if (!cursor.accept("at")) {
        return true;
    }
    at = cursor.instant("when");
    return at.has_value();
}

bool parse_expected_state(Cursor& cursor, ExpectState& state)
{
    if (!parse_state(cursor, state.state) || !cursor.expect("member")) {
        return false;
    }
    const auto serial = cursor.serial();
    if (!serial) {
        return false;
    }
    state.member = *serial;
    return parse_moment(cursor, state.at);
}

bool parse_expected_group(Cursor& cursor, ExpectGroup& group)
{
    if (!parse_label(cursor, group.label) || !cursor.expect("state")) {
        return false;
    }
    const auto known = group_state_named(cursor.peek());
    if (!known) {
        std::vector<std::string_view> names;
        for (const GroupState each : kGroupStates) {
            names.push_back(name_of(each));
        }
        return cursor.fail("a state of a group (finalized, initializing, serving, latched)", names);
    }
    group.state = *known;
    cursor.advance();
    return parse_moment(cursor, group.at);
}

// A number without a unit, which counts lines.
bool is_count(std::string_view word)
{
    return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

// T..T
bool parse_range(Cursor& cursor, std::optional<Range>& range)
{
    const std::string_view word = cursor.peek();
    if (word.empty() || word.front() < '0' || word.front() > '9' || is_count(word)) {
        return true;
    }
    const std::size_t dots = word.find("..");
    const auto from = read_duration(word.substr(0, dots));
    const auto to =
        dots == std::string_view::npos ? std::nullopt : read_duration(word.substr(dots + 2));
    if (!from || !to) {
        return cursor.fail("a range of time (30s..31s)");
    }
    if (*to < *from) {
        return cursor.fail_at(cursor.place(),
                              fmt::format("the range {} ends before it begins", shown(word)));
    }
    range = Range{kStart + *from, kStart + *to};
    cursor.advance();
    return true;
}

bool parse_log_expectation(Cursor& cursor, ExpectLog& log)
{
    if (cursor.accept("no")) {
        log.amount.count = 0;
    } else if (cursor.peek() == "0") {
        return cursor.fail_at(cursor.place(), "none is written 'no', as in 'expect no DROPMEMBER'");
    } else if ((cursor.peek() == "at" || is_count(cursor.peek())) &&
               !parse_amount(cursor, log.amount, 1, kMaxFirings)) {
        return false;
    }
    return parse_pattern(cursor, log.pattern);
}

}  // namespace

bool parse_label(Cursor& cursor, std::string& label)
{
    auto text = cursor.text("the label of a group, in quotes");
    label = text.value_or("");
    return text.has_value();
}

bool parse_state(Cursor& cursor, MemberState& state)
{
    const auto known = member_state_named(cursor.peek());
    if (!known) {
        std::vector<std::string_view> names;
        for (const MemberState each : kMemberStates) {
            names.push_back(name_of(each));
        }
        return cursor.fail("a state of a member (active, dropped, exhausted, ...)", names);
    }
    state = *known;
    cursor.advance();
    return true;
}

bool parse_operation(Cursor& cursor, NthOperation& nth)
{
    for (const auto& [value, word] : kOperationWords) {
        if (cursor.accept(word)) {
            nth.operation = value;
            return true;
        }
    }
    std::vector<std::string_view> names{"open", "login", "logout", "sign"};
    for (const cryptoki::FunctionRow& row : cryptoki::kFunctionTable) {
        if (!reaches_a_member(row.function)) {
            continue;
        }
        if (cursor.accept(row.name)) {
            nth.function = row.name;
            return true;
        }
        names.push_back(row.name);
    }
    return cursor.fail(
        "an operation (open, login, logout or sign), or a PKCS#11 function that an HSM serves "
        "(C_Sign, C_FindObjectsInit, ...)",
        names);
}

bool parse_pattern(Cursor& cursor, LogPattern& pattern)
{
    const auto form = log_form_named(cursor.peek());
    if (!form) {
        std::vector<std::string_view> names;
        for (const auto& entry : kLogWords) {
            names.push_back(entry.second);
        }
        // All of them where none is near.
        const bool near = !nearest(cursor.peek(), names).empty();
        return cursor.fail(
            near ? "the id of a log message"
                 : fmt::format("the id of a log message ({})", fmt::join(names, ", ")),
            names);
    }
    pattern.form = *form;
    cursor.advance();
    if (accept_filter(cursor, "group") && !parse_label(cursor, pattern.group)) {
        return false;
    }
    if (accept_filter(cursor, "member")) {
        pattern.member = cursor.serial().value_or(Serial{});
    }
    if (cursor.peek() == "attempt") {
        if (!has_attempt(*form)) {
            return cursor.fail_at(cursor.place(),
                                  fmt::format("{} has no attempt number", word_of(*form)));
        }
        cursor.advance();
        pattern.attempt =
            static_cast<std::uint32_t>(cursor.number("which attempt", 1, UINT32_MAX).value_or(0));
    }
    if (accept_filter(cursor, "client")) {
        pattern.client = cursor.name("the client's name").value_or("");
    }
    return !cursor.failed();
}

bool parse_expectation(Cursor& cursor, Expectation& expectation)
{
    std::optional<Range> range;
    if (!parse_range(cursor, range)) {
        return false;
    }
    if (cursor.accept("ops")) {
        ExpectOps ops;
        ops.range = range;
        parse_ops(cursor, ops);
        expectation.what = ops;
    } else if (!range && cursor.accept("stall")) {
        ExpectStall stall;
        if (!cursor.expect("below")) {
            return false;
        }
        const Place place = cursor.place();
        stall.below = cursor.duration("how long").value_or(Duration::zero());
        if (stall.below == Duration::zero()) {
            return cursor.fail_at(place, "no command takes less than 0s: write a longer duration");
        }
        expectation.what = stall;
    } else if (!range && cursor.accept("state")) {
        ExpectState state;
        parse_expected_state(cursor, state);
        expectation.what = state;
    } else if (!range && cursor.accept("group")) {
        ExpectGroup group;
        parse_expected_group(cursor, group);
        expectation.what = group;
    } else {
        ExpectLog log;
        log.range = range;
        if (cursor.at_end()) {
            return cursor.fail(range ? "a log id, 'no', a number, 'at least', 'at most' or 'ops'"
                                     : "a range, a log id, 'no', a number, 'at least', 'at most', "
                                       "'ops', 'stall', 'state' or 'group'");
        }
        parse_log_expectation(cursor, log);
        expectation.what = log;
    }
    return !cursor.failed();
}

}  // namespace scenario
}  // namespace hasim
