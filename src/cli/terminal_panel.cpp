#include "cli/terminal_panel.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/plain_text.hpp"
#include "base/words.hpp"
#include "scenario/faults.hpp"

namespace hasim::cli {

namespace {

using Tone = StatusLine::Tone;

/// What is in force on an appliance, its network and its partitions.
std::vector<Fault> faults_on(const sim::World& world, ApplianceIndex appliance)
{
    std::vector<Fault> faults = world.in_force().at({appliance, {}});
    for (const Serial partition : world.topology().appliances()[appliance].partitions) {
        const std::vector<Fault> more = world.in_force().at({appliance, partition});
        faults.insert(faults.end(), more.begin(), more.end());
    }
    return faults;
}

struct MemberRow {
    std::string text;
    Tone tone = Tone::good;
};

Tone worse(Tone a, Tone b)
{
    return std::max(a, b);  // in the order of the enumeration, plain and faint aside
}

/// "dropped, 3 of 120 attempts, next in 41 s"
MemberRow row_of(const play::Summary::Member& member, const Settings& settings,
                 const std::optional<Instant>& next, Instant now)
{
    if (!member.state) {
        return {"no process", Tone::plain};
    }
    std::string text(name_of(*member.state));
    switch (*member.state) {
    case MemberState::active: return {text, Tone::good};
    case MemberState::connecting:
    case MemberState::lost: return {text, Tone::waiting};
    case MemberState::dropped: break;
    default: return {text + ", autorecovery off", Tone::bad};
    }
    if (settings.ha.recovery_attempts == 0) {
        return {text + ", no autorecovery", Tone::bad};
    }
    if (next && *next >= now) {
        text += fmt::format(", next attempt in {} s",
                            std::chrono::ceil<std::chrono::seconds>(*next - now).count());
    }
    return {text, Tone::waiting};
}

/// The members of all groups whose partition is there, for all clients.
MemberRow members_on(const sim::World& world, const play::Summary& summary, Instant now,
                     ApplianceIndex appliance)
{
    MemberRow all{{}, Tone::plain};
    const Settings& settings = world.settings();
    for (sim::ClientIndex client = 0; client < world.clients(); ++client) {
        for (sim::GroupIndex index = 0; index < settings.groups.size(); ++index) {
            const GroupSettings& group = settings.groups[index];
            const auto next = world.group(client, index).next_tick;
            for (const auto* const list : {&group.members, &group.standby}) {
                for (const Serial serial : *list) {
                    if (world.topology().place_of(serial) != appliance) {
                        continue;
                    }
                    const MemberRow row =
                        row_of(summary.member(client, index, serial, now), settings, next, now);
                    all.text += fmt::format(
                        "{}{}{}{} {}", all.text.empty() ? "" : "; ",
                        world.clients() > 1 ? world.client_name(client) + " " : std::string(),
                        settings.groups.size() > 1 ? printable(group.label) + " " : std::string(),
                        serial.text(), row.text);
                    all.tone = worse(all.tone, row.tone);
                }
            }
        }
    }
    return all;
}

StatusLine appliance_line(const sim::World& world, const play::Summary& summary, Instant now,
                          ApplianceIndex appliance)
{
    MemberRow members = members_on(world, summary, now, appliance);
    std::vector<std::string> faults;
    for (const Fault& fault : faults_on(world, appliance)) {
        faults.push_back(scenario::fault_text(scenario::without_pin(fault)));
    }
    if (!faults.empty()) {
        members.tone = worse(members.tone, Tone::waiting);
    }
    return {fmt::format("{:>3} {}  {}{}", appliance + 1,
                        printable(world.topology().appliances()[appliance].name), members.text,
                        faults.empty() ? "" : fmt::format("  [{}]", fmt::join(faults, ", "))),
            members.tone};
}

std::string key_line(std::size_t appliances, const KeyAction& chosen)
{
    std::string text = fmt::format(
        "keys: 1{} {}; ",
        appliances > 1 ? fmt::format("-{}", std::min<std::size_t>(appliances, 9)) : std::string(),
        chosen.name);
    for (const KeyAction& action : kKeyActions) {
        text += &action == &chosen ? "" : fmt::format("{} {}, ", action.key, action.name);
    }
    return text + "h heal all, q quit";
}

}  // namespace

std::string line_for(const sim::World& world, const KeyAction& action, ApplianceIndex appliance)
{
    const std::vector<Fault> faults = faults_on(world, appliance);
    const bool broken = std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
        return fault.kind == action.breaks;
    });
    return fmt::format("hsm{} {}", appliance + 1,
                       scenario::fault_info(broken ? action.mends : action.breaks).words);
}

std::vector<StatusLine> panel(const sim::World& world, const play::Summary& summary, Instant now,
                              const KeyAction* chosen, std::size_t rows)
{
    std::vector<StatusLine> lines{{summary.status_line(now), Tone::plain}};
    std::vector<StatusLine> appliances;
    for (ApplianceIndex index = 0; index < world.appliances(); ++index) {
        appliances.push_back(appliance_line(world, summary, now, index));
    }
    const std::size_t room = rows > 4 ? rows - 3 : 1;
    if (appliances.size() > room) {
        std::stable_partition(appliances.begin(), appliances.end(), [](const StatusLine& line) {
            return line.tone == Tone::bad || line.tone == Tone::waiting;
        });
        const std::size_t more = appliances.size() - room;
        appliances.resize(room);
        appliances.push_back({"    and " + counted(more, "other appliance"), Tone::faint});
    }
    lines.insert(lines.end(), appliances.begin(), appliances.end());
    if (chosen != nullptr) {
        lines.push_back({key_line(world.appliances(), *chosen), Tone::faint});
    }
    return lines;
}

}  // namespace hasim::cli
