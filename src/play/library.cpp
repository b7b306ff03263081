// The world for C++ programs: include/hasim/world.hpp, on VirtualPlay.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "conf/configuration.hpp"
#include "hasim/world.hpp"
#include "play/play.hpp"
#include "scenario/values.hpp"

namespace hasim {

namespace {

constexpr std::string_view kFile = "Sim";

bool is_error(const Finding& finding)
{
    return finding.severity == Severity::error;
}

Instant moment_of(const Event& event)
{
    const auto* at = std::get_if<At>(&event.trigger);
    return at == nullptr ? kStart : at->at;
}

}  // namespace

struct Sim::Inside {
    play::PlayOptions options;
    std::unique_ptr<play::VirtualPlay> play;  ///< from the first run_until() on
    std::vector<std::string> problems;
    std::vector<std::string> no_lines;
    Duration now{};

    [[nodiscard]] bool started() const { return play != nullptr; }

    void refuse(std::string_view what, const std::string& why)
    {
        problems.push_back(fmt::format("{}: {}", what, why));
    }

    /// Adds what the lines of `findings` call errors to the problems; true when there was one.
    bool refuse_errors(std::string_view what, const std::vector<Finding>& findings)
    {
        for (const Finding& finding : findings) {
            if (is_error(finding)) {
                refuse(what, finding.text);
            }
        }
        return std::any_of(findings.begin(), findings.end(), is_error);
    }

    /// An event that was read, with its trigger.
    void take(std::string_view text, Event event)
    {
        Scenario& scenario = options.scenario;
        const auto after = std::upper_bound(
            scenario.events.begin(), scenario.events.end(), event,
            [](const Event& a, const Event& b) { return moment_of(a) < moment_of(b); });
        const auto added = scenario.events.insert(after, std::move(event));
        const auto index = added - scenario.events.begin();
        if (refuse_errors(text, check(scenario, options.settings, kFile))) {
            scenario.events.erase(scenario.events.begin() + index);
        }
    }

    void start()
    {
        Scenario& scenario = options.scenario;
        scenario.load_none = scenario.loads.empty();
        play = std::make_unique<play::VirtualPlay>(options);
    }
};

Sim::Sim(Settings settings, Scenario scenario, Zone zone) : inside_(std::make_unique<Inside>())
{
    play::PlayOptions& options = inside_->options;
    options.start = scenario.start.value_or(WallTime{});
    options.settings = std::move(settings);
    options.scenario = std::move(scenario);
    options.zone = std::move(zone);
    if (options.settings.groups.empty()) {
        inside_->refuse("settings", "there is no group: nothing can happen");
    }
    inside_->refuse_errors("scenario", check(options.scenario, options.settings, kFile));
}

SimResult Sim::from_conf(std::string_view conf_text, Scenario scenario)
{
    SimResult result;
    conf::Configuration read = conf::read(conf_text, kFile);
    result.findings = read.findings;
    if (const auto missing = conf::missing_groups(read)) {
        result.findings.push_back(*missing);
    }
    if (std::none_of(result.findings.begin(), result.findings.end(), is_error)) {
        result.sim.emplace(std::move(read.settings), std::move(scenario));
    }
    return result;
}

Sim::~Sim() = default;
Sim::Sim(Sim&&) noexcept = default;
Sim& Sim::operator=(Sim&&) noexcept = default;

// ---- Before the run ---------------------------------------------------------------------------------------------

Sim& Sim::load(std::string_view load)
{
    LoadResult read = parse_load(load);
    if (inside_->started()) {
        inside_->refuse(load, "a load is given before the run");
    } else if (!inside_->refuse_errors(load, read.findings) && read.load) {
        inside_->options.scenario.loads.push_back(std::move(*read.load));
    }
    return *this;
}

Sim& Sim::event(std::string_view line)
{
    EventResult read = parse_event_line(line);
    if (inside_->started()) {
        inside_->refuse(line, "events with a trigger are given before the run");
    } else if (!inside_->refuse_errors(line, read.findings) && read.event) {
        inside_->take(line, std::move(*read.event));
    }
    return *this;
}

Sim& Sim::expect(std::string_view expectation)
{
    ScenarioResult read =
        parse_scenario(kFile, fmt::format("hasim 1\nfor 1s\nexpect {}\n", expectation));
    if (inside_->started()) {
        inside_->refuse(expectation, "expectations are given before the run");
    } else if (!inside_->refuse_errors(expectation, read.findings)) {
        auto& all = inside_->options.scenario.expectations;
        all.insert(all.end(), read.scenario.expectations.begin(), read.scenario.expectations.end());
    }
    return *this;
}

// ---- The run ----------------------------------------------------------------------------------------------------

void Sim::happen(Duration when, std::string_view action)
{
    EventResult read = parse_event_line(action);
    if (inside_->refuse_errors(action, read.findings) || !read.event) {
        return;
    }
    Event& event = *read.event;
    if (!std::holds_alternative<Now>(event.trigger)) {
        inside_->refuse(action, "it says itself when it happens: leave that out, or use event()");
        return;
    }
    if (when < inside_->now || when < Duration::zero()) {
        inside_->refuse(action, fmt::format("{} is over", scenario::duration_text(when)));
        return;
    }
    event.trigger = At{kStart + when};
    if (inside_->started()) {
        // The runner has its script already, so this goes to the world; scenario_text() tells it all the same.
        const Fault fault = event.fault;
        const Target target = event.target;
        const std::size_t problems = inside_->problems.size();
        inside_->take(action, std::move(event));
        if (inside_->problems.size() == problems) {
            inside_->play->play().world().apply_at(kStart + when, fault, target);
        }
        return;
    }
    inside_->take(action, std::move(event));
}

void Sim::run_until(Duration end)
{
    if (inside_->options.settings.groups.empty()) {
        return;
    }
    if (!inside_->started()) {
        inside_->start();
    }
    inside_->now = std::max(inside_->now, end);
    inside_->play->run_until(kStart + inside_->now);
}

// ---- Views ------------------------------------------------------------------------------------------------------

const std::vector<std::string>& Sim::problems() const
{
    return inside_->problems;
}

std::vector<std::string> Sim::broken() const
{
    std::vector<std::string> texts;
    if (inside_->started()) {
        for (const play::Broken& one : inside_->play->play().runner().judge({})) {
            texts.push_back(one.log.empty() ? one.text : one.text + "\n" + one.log);
        }
    }
    return texts;
}

const std::vector<std::string>& Sim::lines() const
{
    return inside_->started() ? inside_->play->play().runner().lines() : inside_->no_lines;
}

SimCounters Sim::counters() const
{
    SimCounters counters;
    if (inside_->started()) {
        const play::Operations& operations = inside_->play->play().runner().operations();
        counters = {operations.done, operations.lost, operations.retried, operations.longest,
                    inside_->play->play().runner().lines().size()};
    }
    return counters;
}

std::vector<SimMember> Sim::members() const
{
    std::vector<SimMember> members;
    if (!inside_->started()) {
        return members;
    }
    const sim::World& world = inside_->play->play().world();
    for (sim::ClientIndex client = 0; client < world.clients(); ++client) {
        for (sim::GroupIndex group = 0; group < world.settings().groups.size(); ++group) {
            for (const ha::MemberView& member : world.group(client, group).members) {
                members.push_back({world.client_name(client), world.settings().groups[group].label,
                                   member.serial, member.state, member.attempts_made});
            }
        }
    }
    return members;
}

std::optional<MemberState> Sim::state(std::string_view serial) const
{
    for (const SimMember& member : members()) {
        if (member.serial.text() == serial) {
            return member.state;
        }
    }
    return std::nullopt;
}

Duration Sim::now() const
{
    return inside_->now;
}

std::string Sim::scenario_text() const
{
    Scenario scenario = inside_->options.scenario;
    scenario.load_none = scenario.loads.empty();
    scenario.length = std::max(inside_->now, scenario.length.value_or(Duration::zero()));
    if (scenario.length == Duration::zero()) {
        scenario.length.reset();
    }
    return print(scenario);
}

// ---- Moments ----------------------------------------------------------------------------------------------------

SimMoment& SimMoment::line(std::string_view action)
{
    sim_->happen(when_, action);
    return *this;
}

SimMoment& SimMoment::act(std::string_view target, std::string_view fault)
{
    return line(fmt::format("{} {}", target, fault));
}

SimMoment& SimMoment::cable_out(std::string_view target)
{
    return act(target, "cable out");
}

SimMoment& SimMoment::cable_in(std::string_view target)
{
    return act(target, "cable in");
}

SimMoment& SimMoment::reset(std::string_view target)
{
    return act(target, "reset");
}

SimMoment& SimMoment::refuse(std::string_view target)
{
    return act(target, "refuse");
}

SimMoment& SimMoment::power_off(std::string_view target)
{
    return act(target, "power off");
}

SimMoment& SimMoment::power_on(std::string_view target)
{
    return act(target, "power on");
}

SimMoment& SimMoment::reboot(std::string_view target, Duration length)
{
    return act(target, "reboot " + scenario::duration_text(length));
}

SimMoment& SimMoment::ntls_stop(std::string_view target)
{
    return act(target, "ntls stop");
}

SimMoment& SimMoment::ntls_start(std::string_view target)
{
    return act(target, "ntls start");
}

SimMoment& SimMoment::deactivate(std::string_view target)
{
    return act(target, "deactivate");
}

SimMoment& SimMoment::activate(std::string_view target)
{
    return act(target, "activate");
}

SimMoment& SimMoment::revoke(std::string_view target)
{
    return act(target, "revoke");
}

SimMoment& SimMoment::assign(std::string_view target)
{
    return act(target, "assign");
}

SimMoment& SimMoment::busy(std::string_view target, Duration length)
{
    return act(target, "busy " + scenario::duration_text(length));
}

SimMoment& SimMoment::recover(std::string_view group_label)
{
    return line(fmt::format("group \"{}\" recover", group_label));
}

SimMoment& SimMoment::heal(std::string_view target)
{
    return act(target, "heal");
}

SimMoment& SimMoment::heal_all()
{
    return line("heal all");
}

}  // namespace hasim
