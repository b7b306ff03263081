// Events: trigger, target and fault. What faults there are, and their grammar, is the table in scenario_faults.
#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "scenario/faults.hpp"
#include "scenario/parse.hpp"
#include "scenario/values.hpp"

namespace hasim::scenario {
namespace {

constexpr std::uint32_t kLargestHsm = 100'000;
constexpr std::uint64_t kLargestCount = 1'000'000'000'000;

std::string_view first_word(std::string_view words)
{
    return words.substr(0, words.find(' '));
}

std::size_t count_words(std::string_view words)
{
    return static_cast<std::size_t>(std::count(words.begin(), words.end(), ' ')) + 1;
}

bool stands_next(const Cursor& cursor, std::string_view words)
{
    for (std::size_t i = 0; !words.empty(); ++i) {
        const std::string_view word = first_word(words);
        if (cursor.peek(i) != word) {
            return false;
        }
        words.remove_prefix(std::min(words.size(), word.size() + 1));
    }
    return true;
}

// The fault with the most words that stand next.
const FaultInfo* find_fault(const Cursor& cursor)
{
    const FaultInfo* found = nullptr;
    for (const FaultInfo& info : fault_table()) {
        const bool longer = found == nullptr || info.words.size() > found->words.size();
        if (longer && stands_next(cursor, info.words)) {
            found = &info;
        }
    }
    return found;
}

// The fault that the next one to three words may have meant.
std::string near_fault(const Cursor& cursor)
{
    std::vector<std::string_view> phrases;
    for (const FaultInfo& info : fault_table()) {
        phrases.push_back(info.words);
    }
    std::string words;
    std::string near;
    for (std::size_t i = 0; i < 3 && !cursor.peek(i).empty(); ++i) {
        words += (i == 0 ? "" : " ") + std::string(cursor.peek(i));
        const std::string closer = nearest(words, phrases);
        near = closer.empty() ? near : closer;
    }
    return near;
}

// Reports a fault that is not known: which words may follow the first, or which fault is near.
bool fail_fault(Cursor& cursor)
{
    std::string choices;
    for (const FaultInfo& info : fault_table()) {
        if (first_word(info.words) == cursor.peek()) {
            choices += fmt::format("{}'{}'", choices.empty() ? "" : ", ", info.words);
        }
    }
    if (!choices.empty()) {
        return cursor.fail("one of " + choices);
    }
    const std::string near = near_fault(cursor);
    if (near.empty() || cursor.at_end()) {
        return cursor.fail("a fault");
    }
    return cursor.fail_at(cursor.place(),
                          fmt::format("expected a fault, found '{}'; did you mean '{}'?",
                                      shown(cursor.peek()), near));
}

bool read_code(Cursor& cursor, Code& code)
{
    const auto known = code_named(cursor.peek());
    if (!known || *known == Code::ok) {
        return cursor.fail("a return code other than CKR_OK (CKR_DEVICE_ERROR, or 0x00000030)",
                           {"CKR_DEVICE_ERROR", "CKR_PIN_INCORRECT", "CKR_PIN_LOCKED",
                            "CKR_GENERAL_ERROR", "CKR_TOKEN_NOT_PRESENT", "CKR_USER_NOT_LOGGED_IN",
                            "CKR_SESSION_HANDLE_INVALID", "RC_PARTITION_NOT_ACTIVATED"});
    }
    code = *known;
    cursor.advance();
    return true;
}

bool read_bounded_duration(Cursor& cursor, std::string_view what, Duration& field)
{
    const Place place = cursor.place();
    const auto duration = cursor.duration(what);
    if (!duration) {
        return false;
    }
    if (*duration == Duration::zero()) {
        return cursor.fail_at(place, fmt::format("{} must be longer than 0s", what));
    }
    field = *duration;
    return true;
}

bool read_fault_duration(Cursor& cursor, const FaultInfo& info, Duration& field)
{
    const Place place = cursor.place();
    if (!read_bounded_duration(cursor, fmt::format("how long to '{}'", info.words), field)) {
        return false;
    }
    const bool flaps = info.kind == FaultKind::flap_cable || info.kind == FaultKind::flap_ntls;
    if (flaps && field < kShortestFlap) {
        return cursor.fail_at(place, "the period of a flap must be at least 1ms");
    }
    return true;
}

bool read_count(Cursor& cursor, std::string_view what, std::uint64_t least, std::uint64_t& field,
                std::uint64_t largest = kLargestCount)
{
    const auto number = cursor.number(what, least, largest);
    field = number.value_or(0);
    return number.has_value();
}

// A value that `read` takes from one word.
template <class Field, class Read>
bool read_word(Cursor& cursor, std::string_view what, Field& field, Read read)
{
    const auto value = read(cursor.peek());
    if (!value || *value == Field{}) {
        return cursor.fail(what);
    }
    field = *value;
    cursor.advance();
    return true;
}

bool read_parameter(Cursor& cursor, const FaultInfo& info, const FaultParameter& parameter,
                    Fault& fault)
{
    switch (parameter.kind) {
    case ParameterKind::none: return true;
    case ParameterKind::duration: return read_fault_duration(cursor, info, fault.duration);
    case ParameterKind::signed_duration:
        return read_word(cursor, "by how much (a duration: 1h, -90s)", fault.duration,
                         read_signed_duration);
    case ParameterKind::jitter: return read_bounded_duration(cursor, "the jitter", fault.jitter);
    case ParameterKind::pause: return read_bounded_duration(cursor, "the pause", fault.pause);
    case ParameterKind::count: return read_count(cursor, "how many", 1, fault.count, info.most);
    case ParameterKind::pid:
        return read_count(cursor, "the process id", 1, fault.count, UINT32_MAX);
    case ParameterKind::limit: return read_count(cursor, "how many", 0, fault.count);
    case ParameterKind::bandwidth:
        return read_word(cursor, "a rate (800B/s, 64kB/s, 2MB/s)", fault.count, read_bandwidth);
    case ParameterKind::percent:
        return read_word(cursor, "a share above 0% and up to 100% (5%, 12.5%)", fault.per_mille,
                         read_percent);
    case ParameterKind::factor:
        return read_word(cursor, "a factor above 0 (2, 1.5, 0.25)", fault.factor_milli,
                         read_thousandths);
    case ParameterKind::code: return read_code(cursor, fault.code);
    case ParameterKind::serial: {
        const auto serial = cursor.serial();
        fault.serial = serial.value_or(Serial{});
        return serial.has_value();
    }
    case ParameterKind::text: {
        auto text = cursor.text("a text (in quotes when it is more than one word)");
        fault.text = text.value_or("");
        return text.has_value();
    }
    case ParameterKind::mode:
        fault.enhanced = cursor.accept("activeEnhanced");
        return fault.enhanced || cursor.accept("activeBasic") ||
               cursor.fail("activeBasic or activeEnhanced", {"activeBasic", "activeEnhanced"});
    }
    return false;
}

// What the field of a parameter holds when it was left out.
void leave_out(const FaultParameter& parameter, Fault& fault)
{
    switch (parameter.kind) {
    case ParameterKind::duration: fault.duration = Duration(parameter.otherwise); break;
    case ParameterKind::count: fault.count = static_cast<std::uint64_t>(parameter.otherwise); break;
    case ParameterKind::none:
    case ParameterKind::signed_duration:
    case ParameterKind::jitter:
    case ParameterKind::pause:
    case ParameterKind::limit:
    case ParameterKind::pid:
    case ParameterKind::bandwidth:
    case ParameterKind::percent:
    case ParameterKind::factor:
    case ParameterKind::code:
    case ParameterKind::serial:
    case ParameterKind::text:
    case ParameterKind::mode: break;
    }
}

// `next` is the word before the parameter after this one, or empty.
bool is_written(const Cursor& cursor, const FaultParameter& parameter, bool previous_written,
                std::string_view next)
{
    if (!parameter.optional) {
        return true;
    }
    if (parameter.instead && previous_written) {
        return false;
    }
    if (!parameter.before.empty()) {
        return cursor.peek() == parameter.before;
    }
    return !cursor.at_end() && cursor.peek() != "for" && (next.empty() || cursor.peek() != next);
}

bool read_fault(Cursor& cursor, const FaultInfo& info, Fault& fault)
{
    fault.kind = info.kind;
    cursor.advance(count_words(info.words));
    bool written = false;
    for (std::size_t i = 0; i < info.parameters.size(); ++i) {
        const FaultParameter& parameter = info.parameters[i];
        const bool is_last = i + 1 == info.parameters.size();
        written = is_written(cursor, parameter, written,
                             is_last ? std::string_view() : info.parameters[i + 1].before);
        if (!written) {
            leave_out(parameter, fault);
            continue;
        }
        const bool good = (parameter.before.empty() || cursor.expect(parameter.before)) &&
                          read_parameter(cursor, info, parameter, fault) &&
                          (parameter.after.empty() || cursor.expect(parameter.after));
        if (!good) {
            return false;
        }
    }
    if (cursor.peek() != "for") {
        return true;
    }
    if (!info.may_last) {
        return cursor.fail_at(
            cursor.place(), fmt::format("'{}' does not last: 'for' cannot follow it", info.words));
    }
    cursor.advance();
    Duration lasts{};
    if (!read_bounded_duration(cursor, "how long it lasts", lasts)) {
        return false;
    }
    fault.lasts = lasts;
    return true;
}

std::optional<std::uint32_t> read_hsm(std::string_view word)
{
    if (word.substr(0, 3) != "hsm") {
        return std::nullopt;
    }
    const auto number = read_number(word.substr(3), kLargestHsm);
    return number && *number > 0 ? std::optional(static_cast<std::uint32_t>(*number))
                                 : std::nullopt;
}

// hsmN, hsmN..hsmM
bool read_hsm_range(Cursor& cursor, Target& target)
{
    const std::string_view word = cursor.peek();
    const std::size_t dots = word.find("..");
    const auto first = read_hsm(word.substr(0, dots));
    const auto last = dots == std::string_view::npos ? first : read_hsm(word.substr(dots + 2));
    if (!first || !last || *last < *first) {
        return cursor.fail("an appliance (hsm1), or several in rising order (hsm1..hsm3)");
    }
    target.kind = Target::Kind::hsm;
    target.first = *first;
    target.last = *last;
    cursor.advance();
    return true;
}

bool read_client(Cursor& cursor, Target& target)
{
    target.kind = Target::Kind::client;
    const std::string_view word = cursor.peek();
    if (word.empty() || begins_fault(word)) {
        return true;
    }
    // "client sgin 5" is a misspelt fault; "client app sgin 5" has a name before it.
    if (!begins_fault(cursor.peek(1)) && !near_fault(cursor).empty()) {
        return fail_fault(cursor);
    }
    auto name = cursor.name("the client's name");
    target.name = name.value_or("");
    return name.has_value();
}

/// Bare digits of this number or more are meant as a serial; fewer may be the number of an appliance.
constexpr std::size_t kFewestDigits = 3;

// Consumes a target; `written` says whether there was one.
bool read_target(Cursor& cursor, Target& target, bool& written)
{
    written = true;
    const std::string_view word = cursor.peek();
    if (word.substr(0, 3) == "hsm") {
        return read_hsm_range(cursor, target);
    }
    if (cursor.accept("appliance")) {
        target.kind = Target::Kind::appliance;
        auto name = cursor.text("the appliance's name, as ServerName has it");
        target.name = name.value_or("");
        return name.has_value();
    }
    if (cursor.accept("member")) {
        target.kind = Target::Kind::member;
        const auto serial = cursor.serial();
        target.serial = serial.value_or(Serial{});
        return serial.has_value();
    }
    if (cursor.accept("group")) {
        target.kind = Target::Kind::group;
        return parse_label(cursor, target.name);
    }
    if (cursor.accept("client")) {
        return read_client(cursor, target);
    }
    if (cursor.accept("any")) {
        target.kind = Target::Kind::any;
        return true;
    }
    if (cursor.accept("all")) {
        target.kind = Target::Kind::all;
        return true;
    }
    written = false;
    if (begins_fault(word)) {
        return true;
    }
    // hms2 is near hsm2: offer the same number.
    if (Serial::parse(word)) {
        const char* const kind = word.size() >= kFewestDigits ? "member " : "hsm";
        return cursor.fail_at(
            cursor.place(),
            fmt::format("expected a target, found '{0}'; did you mean '{1}{0}'?", word, kind));
    }
    const std::size_t digits = word.find_first_of("0123456789");
    const std::string hsm =
        "hsm" + std::string(digits == std::string_view::npos ? "1" : word.substr(digits));
    return cursor.fail(
        "a target (hsmN, appliance NAME, member S, group \"L\", client [NAME], any, all)",
        {hsm, "appliance", "member", "group", "client", "any", "all"});
}

bool fail_target(Cursor& cursor, Place place, const FaultInfo& info, bool written)
{
    return cursor.fail_at(
        place,
        fmt::format("'{}' {}: expected {}", info.words,
                    written ? "is not done to this target" : "needs a target", targets_text(info)));
}

bool read_every(Cursor& cursor, Every& every)
{
    if (!read_bounded_duration(cursor, "the period", every.period)) {
        return false;
    }
    const std::string_view word = cursor.peek();
    for (const std::string_view sign : {std::string_view("+-"), std::string_view("\xc2\xb1")}) {
        if (word.substr(0, sign.size()) != sign) {
            continue;
        }
        const Place place = cursor.place();
        auto jitter = read_duration(word.substr(sign.size()));
        if (word == sign) {
            cursor.advance();
            jitter = cursor.duration("the jitter");
        } else if (jitter) {
            cursor.advance();
        }
        if (!jitter || *jitter == Duration::zero() || *jitter > every.period / 2) {
            return cursor.fail_at(place,
                                  "expected a jitter above 0s and up to half of the period "
                                  "(every 10s +-2s)");
        }
        every.jitter = *jitter;
    }
    if (cursor.accept("from")) {
        every.from = cursor.instant("when it begins");
    }
    if (cursor.accept("until")) {
        every.until = cursor.instant("when it ends");
    } else if (cursor.accept("times")) {
        every.times = cursor.number("how often", 1, kMaxFirings).value_or(0);
    }
    return !cursor.failed();
}

bool read_condition(Cursor& cursor, On& on)
{
    if (cursor.accept("nth")) {
        NthOperation nth;
        if (!parse_operation(cursor, nth)) {
            return false;
        }
        nth.n = cursor.number("which one", 1, kLargestCount).value_or(0);
        on.condition = nth;
    } else if (cursor.accept("log")) {
        LogPattern pattern;
        parse_pattern(cursor, pattern);
        on.condition = pattern;
    } else if (cursor.accept("state")) {
        StateReached reached;
        if (!parse_state(cursor, reached.state) || !cursor.expect("member")) {
            return false;
        }
        reached.member = cursor.serial().value_or(Serial{});
        on.condition = reached;
    } else {
        return cursor.fail("a condition (nth, log or state)", {"nth", "log", "state"});
    }
    return !cursor.failed();
}

bool read_on(Cursor& cursor, On& on)
{
    if (!read_condition(cursor, on)) {
        return false;
    }
    if (cursor.accept("after")) {
        on.after = cursor.duration("how long after").value_or(Duration::zero());
    }
    on.each = cursor.accept("each");
    return !cursor.failed();
}

}  // namespace

bool begins_fault(std::string_view word)
{
    const auto table = fault_table();
    return std::any_of(table.begin(), table.end(),
                       [word](const FaultInfo& info) { return first_word(info.words) == word; });
}

bool parse_trigger(Cursor& cursor, Trigger& trigger)
{
    if (cursor.accept("at")) {
        const auto at = cursor.instant("when");
        trigger = At{at.value_or(kStart)};
    } else if (cursor.accept("every")) {
        Every every;
        read_every(cursor, every);
        trigger = every;
    } else if (cursor.accept("on")) {
        On on;
        read_on(cursor, on);
        trigger = on;
    } else {
        cursor.fail("a trigger (at, every or on)", {"at", "every", "on"});
    }
    return !cursor.failed();
}

bool parse_action(Cursor& cursor, Target& target, Fault& fault)
{
    const Place place = cursor.place();
    bool written = false;
    if (!read_target(cursor, target, written)) {
        return false;
    }
    const FaultInfo* info = find_fault(cursor);
    if (info == nullptr) {
        return fail_fault(cursor);
    }
    if (info->chapter == FaultChapter::machine && target.kind == Target::Kind::client &&
        target.name.empty()) {
        target = Target{};  // There is one client machine: "client disk full" is "disk full".
    }
    if (written ? (info->targets & bit(target.kind)) == 0 : !info->target_optional) {
        return fail_target(cursor, place, *info, written);
    }
    return read_fault(cursor, *info, fault);
}

}  // namespace hasim::scenario
