// The canonical text of a scenario. Whatever is printed here, the parser reads back as an equal value.
#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "hasim/scenario.hpp"
#include "scenario/faults.hpp"
#include "scenario/line.hpp"
#include "scenario/values.hpp"

namespace hasim {
namespace scenario {
namespace {

constexpr std::size_t kColumn = 10;  // where what follows a keyword or a trigger stands

std::string header_line(std::string_view keyword, std::string_view rest)
{
    return fmt::format("{:<{}}{}\n", keyword, kColumn, rest);
}

std::string rate_text(const Load& load)
{
    const char* const unit = load.per == std::chrono::hours(1)     ? "h"
                             : load.per == std::chrono::minutes(1) ? "m"
                                                                   : "s";
    return fmt::format("{}/{}", load.count, unit);
}

std::string load_text(const Load& load)
{
    std::string text = fmt::format("{} {}", word_of(load.operation), rate_text(load));
    if (load.threads != 1) {
        text += fmt::format(" threads {}", load.threads);
    }
    if (!load.group.empty()) {
        text += " group " + quoted_text(load.group);
    }
    if (!load.client.empty()) {
        text += " client " + load.client;
    }
    return text;
}

// Words as they are when single blanks join them back, else in quotes.
std::string reason_text(const std::string& reason)
{
    std::size_t begin = 0;
    while (begin <= reason.size()) {
        const std::size_t end = std::min(reason.find(' ', begin), reason.size());
        const std::string_view word = std::string_view(reason).substr(begin, end - begin);
        if (word.empty() || word.front() == '"' || word.front() == '#' ||
            word.find('\t') != std::string_view::npos) {
            return quoted_text(reason);
        }
        begin = end + 1;
    }
    return reason;
}

std::string comment_lines(const std::vector<std::string>& comments)
{
    std::string text;
    for (const std::string& comment : comments) {
        text += comment.empty() ? "#\n" : "# " + comment + "\n";
    }
    return text;
}

std::string conf_lines(const Scenario& scenario)
{
    if (const auto* const path = std::get_if<ConfPath>(&scenario.conf)) {
        return header_line("conf", word_text(path->path));
    }
    if (const auto* const inline_conf = std::get_if<ConfText>(&scenario.conf)) {
        const bool ended = inline_conf->text.empty() || inline_conf->text.back() == '\n';
        return header_line("conf", "<<") + inline_conf->text + (ended ? ">>\n" : "\n>>\n");
    }
    return {};
}

std::string clock_lines(const Scenario& scenario)
{
    std::string text;
    if (scenario.start) {
        text += header_line("start", wall_time_text(*scenario.start));
    }
    if (!scenario.timezone.empty()) {
        text += header_line("timezone", scenario.timezone);
    }
    for (const ScenarioClient& client : scenario.clients) {
        text += header_line("client", fmt::format("{} pid {}", client.name, client.pid.value));
    }
    if (scenario.seed) {
        text += header_line("seed", std::to_string(*scenario.seed));
    }
    if (scenario.length) {
        text += header_line("for", duration_text(*scenario.length));
    }
    return text;
}

std::string option_lines(const Scenario& scenario)
{
    std::string text;
    if (scenario.load_none) {
        text += header_line("load", "none");
    }
    for (const Load& load : scenario.loads) {
        text += header_line("load", load_text(load));
    }
    for (const Placement& placement : scenario.placements) {
        text += header_line("place",
                            fmt::format("{} on hsm{}", placement.member.text(), placement.hsm));
    }
    if (scenario.messages) {
        text += header_line("messages", *scenario.messages == MessageSet::all ? "all" : "6.2.2");
    }
    if (scenario.stamp) {
        text += header_line("stamp", *scenario.stamp == StampStyle::ctime ? "ctime" : "note");
    }
    if (!scenario.pin.empty()) {
        text += header_line("pin", word_text(scenario.pin));
    }
    if (scenario.port) {
        text += header_line("port", std::to_string(*scenario.port));
    }
    if (!scenario.live_no.empty()) {
        text += header_line("live", "no " + reason_text(scenario.live_no));
    }
    return text;
}

std::string pattern_text(const LogPattern& pattern)
{
    std::string text(word_of(pattern.form));
    if (!pattern.group.empty()) {
        text += " group " + quoted_text(pattern.group);
    }
    if (!pattern.member.empty()) {
        text += fmt::format(" member {}", pattern.member.text());
    }
    if (pattern.attempt != 0) {
        text += fmt::format(" attempt {}", pattern.attempt);
    }
    if (!pattern.client.empty()) {
        text += " client " + pattern.client;
    }
    return text;
}

struct TriggerText {
    std::string operator()(const Now&) const { return {}; }
    std::string operator()(const At& at) const { return "at " + instant_text(at.at); }
    std::string operator()(const Every& every) const
    {
        std::string text = "every " + duration_text(every.period);
        if (every.jitter != Duration::zero()) {
            text += " +-" + duration_text(every.jitter);
        }
        if (every.from) {
            text += " from " + instant_text(*every.from);
        }
        if (every.until) {
            text += " until " + instant_text(*every.until);
        } else if (every.times != 0) {
            text += fmt::format(" times {}", every.times);
        }
        return text;
    }
    std::string operator()(const On& on) const
    {
        std::string text = std::visit(*this, on.condition);
        if (on.after != Duration::zero()) {
            text += " after " + duration_text(on.after);
        }
        return on.each ? text + " each" : text;
    }
    std::string operator()(const NthOperation& nth) const
    {
        return fmt::format("on nth {} {}",
                           nth.function.empty() ? word_of(nth.operation)
                                                : std::string_view(nth.function),
                           nth.n);
    }
    std::string operator()(const LogPattern& pattern) const
    {
        return "on log " + pattern_text(pattern);
    }
    std::string operator()(const StateReached& reached) const
    {
        return fmt::format("on state {} member {}", name_of(reached.state), reached.member.text());
    }
};

// Whether the trigger ends in a filter that would be read as the target if none followed.
bool needs_target(const Trigger& trigger)
{
    const auto* const on = std::get_if<On>(&trigger);
    return on != nullptr && std::holds_alternative<LogPattern>(on->condition) &&
           on->after == Duration::zero() && !on->each;
}

std::string target_text(const Target& target)
{
    switch (target.kind) {
    case Target::Kind::hsm:
        return target.first == target.last ? fmt::format("hsm{}", target.first)
                                           : fmt::format("hsm{}..hsm{}", target.first, target.last);
    case Target::Kind::appliance: return "appliance " + word_text(target.name);
    case Target::Kind::member: return fmt::format("member {}", target.serial.text());
    case Target::Kind::group: return "group " + quoted_text(target.name);
    case Target::Kind::client: return target.name.empty() ? "client" : "client " + target.name;
    case Target::Kind::any: return "any";
    case Target::Kind::all: return "all";
    }
    return {};
}

// The value of a parameter; nothing when it is the one that leaving it out means.
std::optional<std::string> parameter_text(const FaultParameter& parameter, const Fault& fault)
{
    const auto unless = [&](bool left_out, std::string text) {
        return parameter.optional && left_out ? std::nullopt : std::optional(std::move(text));
    };
    switch (parameter.kind) {
    case ParameterKind::none: return std::nullopt;
    case ParameterKind::duration:
        return unless(fault.duration == Duration(parameter.otherwise),
                      duration_text(fault.duration));
    case ParameterKind::signed_duration: return duration_text(fault.duration);
    case ParameterKind::jitter:
        return unless(fault.jitter == Duration::zero(), duration_text(fault.jitter));
    case ParameterKind::pause:
        return unless(fault.pause == Duration::zero(), duration_text(fault.pause));
    case ParameterKind::count:
    case ParameterKind::limit:
    case ParameterKind::pid:
        return unless(fault.count == static_cast<std::uint64_t>(parameter.otherwise),
                      std::to_string(fault.count));
    case ParameterKind::bandwidth: return bandwidth_text(fault.count);
    case ParameterKind::percent: return unless(fault.per_mille == 0, percent_text(fault.per_mille));
    case ParameterKind::factor: return thousandths_text(fault.factor_milli);
    case ParameterKind::code: {
        const std::string_view name = name_of(fault.code);
        const bool named = code_named(name) == fault.code;
        return named ? std::string(name)
                     : fmt::format("0x{:08x}", static_cast<std::uint32_t>(fault.code));
    }
    case ParameterKind::serial: return std::string(fault.serial.text());
    case ParameterKind::text: return unless(fault.text.empty(), word_text(fault.text));
    case ParameterKind::mode: return fault.enhanced ? "activeEnhanced" : "activeBasic";
    }
    return std::nullopt;
}

}  // namespace

std::string fault_text(const Fault& fault)
{
    const FaultInfo& info = fault_info(fault.kind);
    std::string text(info.words);
    for (const FaultParameter& parameter : info.parameters) {
        const auto value = parameter_text(parameter, fault);
        if (!value) {
            continue;
        }
        for (const std::string_view part :
             {parameter.before, std::string_view(*value), parameter.after}) {
            text += part.empty() ? "" : " ";
            text += part;
        }
    }
    if (fault.lasts) {
        text += " for " + duration_text(*fault.lasts);
    }
    return text;
}

std::string action_text(const Target& target, const Fault& fault)
{
    const bool implied =
        target.kind == Target::Kind::all && fault_info(fault.kind).target_optional;
    return (implied ? std::string() : target_text(target) + " ") + fault_text(fault);
}

Fault without_pin(Fault fault)
{
    const bool has_pin = fault.kind == FaultKind::login || fault.kind == FaultKind::pin;
    if (has_pin && !fault.text.empty()) {
        fault.text = "***";
    }
    return fault;
}

namespace {

std::string range_text(const Range& range)
{
    return instant_text(range.from) + ".." + instant_text(range.to);
}

std::string amount_text(const Amount& amount)
{
    switch (amount.bound) {
    case Amount::Bound::exactly: break;
    case Amount::Bound::at_least: return fmt::format("at least {}", amount.count);
    case Amount::Bound::at_most: return fmt::format("at most {}", amount.count);
    }
    return fmt::format("{}", amount.count);
}

struct ExpectationText {
    std::string operator()(const ExpectLog& log) const
    {
        std::string text = "expect ";
        if (log.range) {
            text += range_text(*log.range) + "  ";
        }
        if (log.amount == Amount{Amount::Bound::exactly, 0}) {
            text += "no ";
        } else if (log.amount != Amount{}) {
            text += amount_text(log.amount) + " ";
        }
        return text + pattern_text(log.pattern);
    }
    std::string operator()(const ExpectOps& ops) const
    {
        const char* const counter = ops.counter == ExpectOps::Counter::lost   ? "lost"
                                    : ops.counter == ExpectOps::Counter::done ? "done"
                                                                              : "retried";
        return fmt::format("expect {}ops {} {}",
                           ops.range ? range_text(*ops.range) + "  " : std::string(), counter,
                           amount_text(ops.amount));
    }
    std::string operator()(const ExpectStall& stall) const
    {
        return "expect stall below " + duration_text(stall.below);
    }
    std::string operator()(const ExpectState& state) const
    {
        std::string text =
            fmt::format("expect state {} member {}", name_of(state.state), state.member.text());
        return state.at ? text + " at " + instant_text(*state.at) : text;
    }
    std::string operator()(const ExpectGroup& group) const
    {
        std::string text =
            fmt::format("expect group {} state {}", quoted_text(group.label), name_of(group.state));
        return group.at ? text + " at " + instant_text(*group.at) : text;
    }
};

std::string body_line(const Remarks& remarks, const std::string& statement)
{
    std::string text = comment_lines(remarks.above) + statement;
    if (!remarks.beside.empty()) {
        text += "  # " + remarks.beside;
    }
    return text + "\n";
}

}  // namespace
}  // namespace scenario

std::string print_event(const Event& event)
{
    const std::string trigger = std::visit(scenario::TriggerText{}, event.trigger);
    const bool implied = event.target.kind == Target::Kind::all &&
                         !scenario::needs_target(event.trigger) &&
                         scenario::fault_info(event.fault.kind).target_optional;
    std::string action = implied ? "" : scenario::target_text(event.target);
    action += action.empty() ? "" : "  ";
    action += scenario::fault_text(event.fault);
    if (trigger.empty()) {
        return action;
    }
    // At least two blanks, and in one column where triggers are short.
    return fmt::format("{:<{}}  {}", trigger, scenario::kColumn - 2, action);
}

std::string print_expectation(const Expectation& expectation)
{
    return std::visit(scenario::ExpectationText{}, expectation.what);
}

std::string print(const Scenario& scenario)
{
    std::string text = scenario::comment_lines(scenario.opening) + "hasim 1\n";
    text += scenario::conf_lines(scenario) + scenario::clock_lines(scenario) +
            scenario::option_lines(scenario);
    if (!scenario.events.empty()) {
        text += '\n';
    }
    for (const Event& event : scenario.events) {
        text += scenario::body_line(event.remarks, print_event(event));
    }
    if (!scenario.expectations.empty() || scenario.log) {
        text += '\n';
    }
    for (const Expectation& expectation : scenario.expectations) {
        text += scenario::body_line(expectation.remarks, print_expectation(expectation));
    }
    if (scenario.log) {
        text += scenario::comment_lines(scenario.log->above) + "log <<\n";
        for (const std::string& line : scenario.log->lines) {
            text += line + "\n";
        }
        text += ">>\n";
    }
    return text;
}

}  // namespace hasim
