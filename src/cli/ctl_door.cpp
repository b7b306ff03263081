#include "cli/ctl_door.hpp"

#include <utility>

#include <fmt/format.h>

#include "live/handler_watch.hpp"
#include "monitor/json_text.hpp"
#include "scenario/values.hpp"

namespace hasim::cli {

CtlDoor::CtlDoor(LiveStage& stage, Desk& desk, RunFacts facts)
    : stage_(stage),
      desk_(desk),
      facts_(std::move(facts)),
      server_(stage.io(), [this](std::string_view line, const control::Server::Reply& reply) {
          return answer(line, reply);
      })
{
}

CtlDoor::Gone CtlDoor::answer(std::string_view line, const control::Server::Reply& reply)
{
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, blank);
    const std::string_view rest = line.substr(std::min(blank + 1, line.size()));
    if (word == "wait") {
        return wait(rest, reply);
    }
    if (line == "status --json") {
        reply(monitor::json_text(desk_.state()) + "\n");
    } else if (word != "list" && word != "status" && word != "scenario" && word != "metrics") {
        reply(command(line));
    } else if (!rest.empty()) {
        reply(fmt::format("error: {} stands alone", word));
    } else {
        reply(word == "list"       ? list_row(facts_)
              : word == "status"   ? status()
              : word == "scenario" ? desk_.scenario()
                                   : desk_.metrics({}));
    }
    return {};
}

std::string CtlDoor::status() const
{
    const live::HandlerCheck check;
    const sim::World& world = stage_.play().world();
    const Instant now = stage_.driver().now();
    std::string text = fmt::format("at {} of simulated time, since {}\n", moment_text(now),
                                   scenario::wall_time_text(facts_.since));
    for (const std::string& line : fact_lines(facts_, world.settings(), world.topology())) {
        text += line + "\n";
    }
    return facts_.appliances_only ? text : text + desk_.summary().text(now);
}

std::string CtlDoor::command(std::string_view line)
{
    const Obeyed obeyed = desk_.command(line, "ctl");
    if (!obeyed.errors.empty()) {
        const Finding& finding = obeyed.errors.front();
        return finding.column == 0
                   ? "error: " + finding.text
                   : fmt::format("error: column {}: {}", finding.column, finding.text);
    }
    if (obeyed.done.empty()) {
        return "error: the line says nothing; `hasim faults` lists what can be done";
    }
    const Order& order = obeyed.done.front();
    return fmt::format("{} {}: {}\n", order.later ? "noted at" : "done at", moment_text(obeyed.at),
                       order.text);
}

/// "10s DROPMEMBER member 1234840370164": how long in real time, and for what.
CtlDoor::Gone CtlDoor::wait(std::string_view words, const control::Server::Reply& reply)
{
    const std::size_t blank = std::min(words.find(' '), words.size());
    const std::string limit(words.substr(0, blank));
    const auto timeout = scenario::read_duration(limit);
    if (!timeout || *timeout > Desk::kLongestWait) {
        reply("error: '" + limit + "' is no duration up to 1h; write 10s, 500ms or 2m");
        return {};
    }
    LogPatternResult wanted = parse_log_pattern(words.substr(std::min(blank + 1, words.size())));
    if (!wanted.pattern) {
        reply("error: " + wanted.findings.front().text);
        return {};
    }
    if (const std::string never = desk_.cannot_come(*wanted.pattern); !never.empty()) {
        reply("error: " + never);
        return {};
    }
    auto leave =
        desk_.wait({std::move(*wanted.pattern), std::nullopt, *timeout},
                   [reply, limit](const boost::json::object* line) {
                       reply(line != nullptr ? std::string(line->at("text").as_string()) + "\n"
                                             : fmt::format("error: {}{}", kNotWritten, limit));
                   });
    if (!leave) {
        reply("error: too many wait already");
    }
    return leave;
}

}  // namespace hasim::cli
