#include "cli/obey.hpp"

#include <ratio>

#include <fmt/format.h>

#include "live/handler_watch.hpp"
#include "scenario/fault_search.hpp"
#include "scenario/values.hpp"

namespace hasim::cli {

namespace {

/// The word that begins at `column`, counted from 1.
std::string_view word_at(std::string_view line, std::uint32_t column)
{
    const std::size_t begin = column == 0 ? 0 : column - 1;
    if (begin >= line.size()) {
        return {};
    }
    const std::string_view rest = line.substr(begin);
    return rest.substr(0, rest.find_first_of(" \t"));
}

/// What the parser says, and what is near: it names what is spelt nearly so; a word of another vocabulary is found by
/// its meaning.
std::string what_is_wrong(std::string_view line, const Finding& finding)
{
    const std::string_view word = word_at(line, finding.column);
    if (finding.text.starts_with("expected a fault")) {
        return finding.text + "; " + scenario::near_faults_text(word);
    }
    if (finding.text.starts_with("expected a target") && !scenario::faults_like(word).empty()) {
        return finding.text + "; write the target first, as in 'hsm2 cable out'; " +
               scenario::near_faults_text(word);
    }
    return finding.text;
}

/// Why the world cannot do that now, or at the time it names; empty when it can.
std::string refusal(const sim::World& world, const Event& event, Instant now, Clients clients)
{
    const scenario::FaultInfo& fault = scenario::fault_info(event.fault.kind);
    const bool needs_clients = fault.chapter == scenario::FaultChapter::client ||
                               fault.chapter == scenario::FaultChapter::machine;
    const auto* const at = std::get_if<At>(&event.trigger);
    if (at == nullptr && !std::holds_alternative<Now>(event.trigger)) {
        return "only a line without a trigger, or with `at T`, can be given to a running hasim";
    }
    if (at != nullptr && at->at < now) {
        return fmt::format("{} is over: the run is at {}; name a later moment, or leave `at` out",
                           moment_text(at->at), moment_text(now));
    }
    if (needs_clients && clients == Clients::elsewhere) {
        return fmt::format(
            "'{}' is done to hasim's own client and its machine; here applications are the clients",
            fault.words);
    }
    return world.check(event.fault, event.target);
}

/// Reads one line into `obeyed`.
void read(LiveStage& stage, std::string_view line, std::uint32_t number, Clients clients,
          Obeyed& obeyed)
{
    const auto wrong = [&](std::uint32_t column, std::string text) {
        obeyed.errors.push_back({{}, number, column, Severity::error, std::move(text)});
    };
    const EventResult parsed = parse_event_line(line);
    if (!parsed.event) {
        const Finding& finding = parsed.findings.front();
        wrong(finding.column, what_is_wrong(line, finding));
        return;
    }
    const Event& event = *parsed.event;
    if (std::string why = refusal(stage.play().world(), event, obeyed.at, clients); !why.empty()) {
        wrong(0, std::move(why));
        return;
    }
    const auto* const at = std::get_if<At>(&event.trigger);
    const std::string when =
        at == nullptr ? std::string() : fmt::format("at {} ", scenario::instant_text(at->at));
    obeyed.done.push_back(
        {number, event,
         when + scenario::action_text(event.target, scenario::without_pin(event.fault)),
         at != nullptr});
}

bool says_nothing(std::string_view line)
{
    const std::size_t first = line.find_first_not_of(" \t\r");
    return first == std::string_view::npos || line[first] == '#';
}

}  // namespace

std::string fault_text(const Fault& fault, const Target& target, Instant now)
{
    return fmt::format("{}  {}", moment_text(now),
                       scenario::action_text(target, scenario::without_pin(fault)));
}

std::string moment_text(Instant moment)
{
    return scenario::duration_text(
        std::chrono::round<std::chrono::duration<std::int64_t, std::deci>>(
            moment.time_since_epoch()));
}

Obeyed obey(LiveStage& stage, std::string_view text, Clients clients)
{
    const live::HandlerCheck check;
    Obeyed obeyed{stage.driver().now(), {}, {}};
    std::uint32_t number = 0;
    while (!text.empty() && obeyed.errors.size() < kMaxScenarioFindings) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (number > kMaxScenarioEvents) {
            obeyed.errors.push_back(
                {{},
                 number,
                 0,
                 Severity::error,
                 fmt::format("at most {} lines can be given at once", kMaxScenarioEvents)});
            break;
        }
        if (!says_nothing(line)) {
            read(stage, line, number, clients, obeyed);
        }
    }
    if (!obeyed.errors.empty()) {
        obeyed.done.clear();
        return obeyed;
    }
    sim::World& world = stage.play().world();
    for (const Order& order : obeyed.done) {
        if (order.later) {
            world.apply_at(std::get<At>(order.event.trigger).at, order.event.fault,
                           order.event.target);
        } else if (std::string why = world.apply(order.event.fault, order.event.target, obeyed.at);
                   !why.empty()) {
            // A line before it has changed what it meant.
            obeyed.errors.push_back({{},
                                     order.line,
                                     0,
                                     Severity::error,
                                     why + "; the lines before this one were done"});
            break;
        }
    }
    stage.driver().settle();
    return obeyed;
}

}  // namespace hasim::cli
