#include "cli/run_facts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "scenario/values.hpp"

namespace hasim::cli {

namespace {

constexpr std::size_t kMostGroups =
    4;  ///< told of at the start: who has more asks `hasim topology`
constexpr std::size_t kMostMembers = 8;  ///< of a group, likewise

std::string group_line(const GroupSettings& group, const scenario::Topology& topology)
{
    std::string text = fmt::format("group {} ({}): ", in_quotes(group.label), group.serial.text());
    const std::size_t all = group.members.size() + group.standby.size();
    for (std::size_t i = 0; i < std::min(all, kMostMembers); ++i) {
        const bool standby = i >= group.members.size();
        const Serial serial = standby ? group.standby[i - group.members.size()] : group.members[i];
        const auto place = topology.place_of(serial);
        text += fmt::format("{}{}{}{}", i == 0 ? "" : ", ",
                            place ? fmt::format("hsm{} ", *place + 1) : "", serial.text(),
                            standby ? " (standby)" : "");
    }
    return all > kMostMembers ? text + fmt::format(" and {} more", all - kMostMembers) : text;
}

}  // namespace

std::string list_row(const RunFacts& facts)
{
    return fmt::format("{}  since {}  {}\n", facts.process, scenario::wall_time_text(facts.since),
                       facts.configuration);
}

std::vector<std::string> fact_lines(const RunFacts& facts, const Settings& settings,
                                    const scenario::Topology& topology)
{
    std::string who = fmt::format("pid {}", facts.process);
    if (!facts.appliances_only && facts.pid != facts.process) {
        who += fmt::format(" ([{}] in the log)", facts.pid);
    }
    who += ", configuration " + facts.configuration;
    if (facts.speed != 1) {
        who += fmt::format(", {} simulated seconds in a real one", facts.speed);
    }
    std::vector<std::string> lines{std::move(who)};
    if (!facts.log.empty()) {
        lines.push_back("log " + facts.log);
    }
    const std::size_t shown = std::min(settings.groups.size(), kMostGroups);
    for (std::size_t i = 0; i < shown; ++i) {
        lines.push_back(group_line(settings.groups[i], topology));
    }
    if (settings.groups.size() > shown) {
        lines.push_back(fmt::format("and {} more groups; `hasim topology` prints all",
                                    settings.groups.size() - shown));
    }
    return lines;
}

std::string next_step(const RunFacts& facts, const scenario::Topology& topology,
                      bool reached_by_ctl)
{
    const std::string_view end =
        facts.appliances_only ? "Ctrl-C ends them" : "Ctrl-C ends the run with a summary";
    if (!reached_by_ctl) {
        return std::string(end);
    }
    return fmt::format(
        "next, in another terminal: hasim ctl 'hsm{} cable out', later hasim ctl 'heal all'; "
        "hasim ctl status; hasim faults lists what else can be done; {}",
        std::min<std::size_t>(topology.appliances().size(), 2), end);
}

}  // namespace hasim::cli
