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

std::string wrong_line(std::string_view line, const Finding& finding)
{
    std::string text = fmt::format("column {}: {}", finding.column, finding.text);
    // The parser names what is spelt nearly so; a word of another vocabulary is found by its meaning.
    const std::string_view word = word_at(line, finding.column);
    if (finding.text.starts_with("expected a fault")) {
        text += "; " + scenario::near_faults_text(word);
    } else if (finding.text.starts_with("expected a target") &&
               !scenario::faults_like(word).empty()) {
        text +=
            "; write the target first, as in 'hsm2 cable out'; " + scenario::near_faults_text(word);
    }
    return text;
}

/// The canonical line with one blank between words, for a sentence. A PIN is nobody's business.
std::string event_text(Event event)
{
    if (event.fault.kind == FaultKind::login && !event.fault.text.empty()) {
        event.fault.text = "***";
    }
    std::string text;
    bool quoted = false;
    for (const char c : print_event(event)) {
        quoted = quoted != (c == '"');
        if (c != ' ' || quoted || !text.ends_with(' ')) {
            text += c;
        }
    }
    return text;
}

}  // namespace

std::string fault_text(const Fault& fault, const Target& target, Instant now)
{
    return fmt::format("{}  {}", moment_text(now), event_text({{}, Now{}, target, fault, {}}));
}

std::string moment_text(Instant moment)
{
    return scenario::duration_text(
        std::chrono::round<std::chrono::duration<std::int64_t, std::deci>>(
            moment.time_since_epoch()));
}

Obeyed obey(LiveStage& stage, std::string_view line)
{
    const live::HandlerCheck check;
    const EventResult parsed = parse_event_line(line);
    Obeyed obeyed{{}, {}, stage.driver().now()};
    if (!parsed.event) {
        obeyed.error = wrong_line(line, parsed.findings.front());
        return obeyed;
    }
    const Event& event = *parsed.event;
    sim::World& world = stage.play().world();
    if (std::holds_alternative<Now>(event.trigger)) {
        obeyed.error = world.apply(event.fault, event.target, obeyed.at);
    } else if (const auto* at = std::get_if<At>(&event.trigger); at == nullptr) {
        obeyed.error =
            "only a line without a trigger, or with `at T`, can be given to a running hasim";
    } else if (at->at < obeyed.at) {
        obeyed.error =
            fmt::format("{} is over: the run is at {}; name a later moment, or leave `at` out",
                        moment_text(at->at), moment_text(obeyed.at));
    } else {
        world.apply_at(at->at, event.fault, event.target);
    }
    stage.driver().settle();
    if (obeyed.error.empty()) {
        obeyed.event = event_text(event);
    }
    return obeyed;
}

}  // namespace hasim::cli
