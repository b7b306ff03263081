#include "cli/obey.hpp"

#include <fmt/format.h>

#include "live/handler_watch.hpp"

namespace hasim::cli {

std::string obey(LiveStage& stage, std::string_view line)
{
    const live::HandlerCheck check;
    const EventResult parsed = parse_event_line(line);
    if (!parsed.event) {
        const Finding& finding = parsed.findings.front();
        return fmt::format("error: column {}: {}", finding.column, finding.text);
    }
    const Event& event = *parsed.event;
    sim::World& world = stage.play().world();
    std::string error;
    if (std::holds_alternative<Now>(event.trigger)) {
        error = world.apply(event.fault, event.target, stage.driver().now());
    } else if (const auto* at = std::get_if<At>(&event.trigger); at != nullptr) {
        world.apply_at(at->at, event.fault, event.target);
    } else {
        error = "only a line without a trigger, or with `at T`, can be given to a running hasim";
    }
    stage.driver().settle();
    return error.empty() ? "ok" : "error: " + error;
}

}  // namespace hasim::cli
