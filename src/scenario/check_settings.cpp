// A scenario against the configuration it runs on: appliances, partitions and groups that do not exist.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "hasim/scenario.hpp"
#include "scenario/line.hpp"
#include "scenario/topology.hpp"

namespace hasim {
namespace scenario {
namespace {

class Checker {
public:
    Checker(const Scenario& scenario, const Settings& settings, Findings& findings)
        : scenario_(scenario),
          settings_(settings),
          findings_(findings),
          topology_(settings, scenario.placements)
    {
        for (const GroupSettings& group : settings.groups) {
            serials_.insert(group.members.begin(), group.members.end());
            serials_.insert(group.standby.begin(), group.standby.end());
        }
        for (const Event& event : scenario.events) {
            if (event.fault.kind == FaultKind::add_member) {
                serials_.insert(event.fault.serial);
                topology_.place(event.fault.serial);
            }
        }
    }

    void check_all()
    {
        for (const Placement& placement : scenario_.placements) {
            check_serial(placement.member, placement.place);
        }
        for (const Load& load : scenario_.loads) {
            check_label(load.group, load.place);
        }
        for (const Event& event : scenario_.events) {
            check_event(event);
        }
        for (const Expectation& expectation : scenario_.expectations) {
            if (const auto* const log = std::get_if<ExpectLog>(&expectation.what)) {
                check_pattern(log->pattern, expectation.place, log->amount.least() > 0);
            } else if (const auto* const state = std::get_if<ExpectState>(&expectation.what)) {
                check_serial(state->member, expectation.place);
            } else if (const auto* const group = std::get_if<ExpectGroup>(&expectation.what)) {
                check_label(group->label, expectation.place);
            }
        }
    }

private:
    void unknown(Place place, std::string_view what, std::string_view name,
                 const std::vector<std::string_view>& known)
    {
        const std::string near = nearest(name, known);
        std::string text = fmt::format("{} '{}' is not in the configuration", what, shown(name));
        if (!near.empty()) {
            text += fmt::format("; did you mean '{}'?", near);
        }
        findings_.error(place, std::move(text));
    }

    void check_serial(const Serial& serial, Place place)
    {
        if (serial.empty() || serials_.contains(serial)) {
            return;
        }
        std::vector<std::string_view> known;
        for (const Serial& each : serials_) {
            known.push_back(each.text());
        }
        unknown(place, "member", serial.text(), known);
    }

    void check_label(const std::string& label, Place place)
    {
        std::vector<std::string_view> known;
        for (const GroupSettings& group : settings_.groups) {
            if (group.label == label) {
                return;
            }
            known.emplace_back(group.label);
        }
        if (!label.empty()) {
            unknown(place, "group", label, known);
        }
    }

    void check_appliance(const std::string& name, Place place)
    {
        std::vector<std::string_view> known;
        for (const Topology::Appliance& appliance : topology_.appliances()) {
            if (appliance.name == name) {
                return;
            }
            known.emplace_back(appliance.name);
        }
        unknown(place, "appliance", name, known);
    }

    void check_pattern(const LogPattern& pattern, Place place, bool wanted)
    {
        check_label(pattern.group, place);
        check_serial(pattern.member, place);
        const std::int32_t allowed = settings_.ha.recovery_attempts;
        const bool beyond =
            allowed >= 0 && pattern.attempt > static_cast<std::uint32_t>(std::max(1, allowed));
        if (beyond) {
            findings_.warning(place, fmt::format("{}there is no attempt {}: reconnAtt is {}",
                                                 wanted ? "" : "holds whatever happens: ",
                                                 pattern.attempt, allowed));
        }
    }

    void check_target(const Event& event)
    {
        const Target& target = event.target;
        switch (target.kind) {
        case Target::Kind::hsm:
            if (target.last > topology_.appliances().size()) {
                findings_.error(event.place,
                                fmt::format("there is no hsm{}: the configuration has {} "
                                            "appliances",
                                            target.last, topology_.appliances().size()));
            }
            break;
        case Target::Kind::appliance: check_appliance(target.name, event.place); break;
        case Target::Kind::member: check_serial(target.serial, event.place); break;
        case Target::Kind::group: check_label(target.name, event.place); break;
        case Target::Kind::client:
        case Target::Kind::any:
        case Target::Kind::all: break;
        }
    }

    void check_event(const Event& event)
    {
        check_target(event);
        check_serial(event.fault.serial, event.place);
        const bool edits = event.fault.kind == FaultKind::add_member ||
                           event.fault.kind == FaultKind::remove_member;
        if (edits && event.target.kind == Target::Kind::all && settings_.groups.size() > 1) {
            findings_.error(event.place,
                            "the configuration has several groups: say which (group \"L\")");
        }
        const auto* const on = std::get_if<On>(&event.trigger);
        if (on == nullptr) {
            return;
        }
        if (const auto* const pattern = std::get_if<LogPattern>(&on->condition)) {
            check_pattern(*pattern, event.place, true);
        } else if (const auto* const reached = std::get_if<StateReached>(&on->condition)) {
            check_serial(reached->member, event.place);
        }
    }

    const Scenario& scenario_;
    const Settings& settings_;
    Findings& findings_;
    Topology topology_;
    std::set<Serial> serials_;
};

}  // namespace
}  // namespace scenario

std::vector<Finding> check(const Scenario& scenario, const Settings& settings,
                           std::string_view file)
{
    scenario::Findings findings(file);
    scenario::Checker(scenario, settings, findings).check_all();
    return findings.take();
}

}  // namespace hasim
