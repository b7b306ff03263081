#include "lunacm/print.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/plain_text.hpp"
#include "scenario/slots.hpp"
#include "scenario/topology.hpp"

namespace hasim::lunacm {

namespace {

/// "   HA recovery mode:  activeEnhanced": what is told stands to the left of column `width`.
std::string told(std::size_t width, std::string_view what, std::string_view value,
                 std::string_view gap = "  ")
{
    return fmt::format("{:>{}}:{}{}\n", what, width, gap, value);
}

std::string joined(const std::vector<std::string>& all)
{
    return all.empty() ? "<none>" : fmt::format("{}", fmt::join(all, ", "));
}

std::vector<std::string> texts(const std::vector<Serial>& serials)
{
    std::vector<std::string> all;
    std::transform(serials.begin(), serials.end(), std::back_inserter(all),
                   [](Serial serial) { return std::string(serial.text()); });
    return all;
}

}  // namespace

std::vector<SlotRow> slot_rows(const Settings& settings, const Surroundings::Running& running)
{
    Settings all = settings;
    all.ha.ha_only = false;
    std::vector<SlotRow> partitions;
    std::vector<SlotRow> groups;
    for (const scenario::Slot& slot : scenario::slots_of(all, scenario::Topology(all, {}))) {
        const auto group =
            std::find_if(all.groups.begin(), all.groups.end(),
                         [&](const GroupSettings& one) { return one.serial == slot.serial; });
        const bool reached =
            slot.is_group && group != all.groups.end()
                ? std::any_of(group->members.begin(), group->members.end(),
                              [&](Serial member) { return running.alive.contains(member); })
                : running.alive.contains(slot.serial);
        (slot.is_group ? groups : partitions)
            .push_back({0, slot.is_group,
                        slot.is_group ? slot.label : std::string(slot.serial.text()), slot.serial,
                        reached});
    }
    for (const Serial serial : running.partitions) {
        if (std::none_of(partitions.begin(), partitions.end(),
                         [&](const SlotRow& row) { return row.serial == serial; })) {
            partitions.push_back(
                {0, false, std::string(serial.text()), serial, running.alive.contains(serial)});
        }
    }
    partitions.insert(partitions.end(), groups.begin(), groups.end());
    for (std::size_t number = 0; number < partitions.size(); ++number) {
        partitions[number].number = number;
    }
    return partitions;
}

GroupText group_text(const Settings& settings, const GroupSettings& group,
                     const Surroundings::Running& running)
{
    const std::vector<SlotRow> slots = slot_rows(settings, running);
    const auto slot_of = [&](Serial serial, bool is_group) {
        const auto at = std::find_if(slots.begin(), slots.end(), [&](const SlotRow& slot) {
            return slot.serial == serial && slot.is_group == is_group;
        });
        return at == slots.end() ? std::nullopt : std::optional(at->number);
    };
    const auto own = slot_of(group.serial, true);
    GroupText text{printable(group.label),
                   std::string(group.serial.text()),
                   own ? std::to_string(*own) : "Not Available",
                   group.synchronize,
                   texts(group.members),
                   texts(group.standby),
                   {}};
    for (const auto* const list : {&group.members, &group.standby}) {
        for (const Serial serial : *list) {
            text.rows.push_back({settings.ha.ha_only ? std::nullopt : slot_of(serial, false),
                                 std::string(serial.text()), std::string(serial.text()),
                                 running.alive.contains(serial)});
        }
    }
    return text;
}

std::string print_group(const GroupText& group)
{
    constexpr std::size_t kWidth = 23;
    std::string text = told(kWidth, "HA Group Label", group.label);
    text += told(kWidth, "HA Group Number", group.number);
    text += told(kWidth, "HA Group Slot ID", group.slot);
    text += told(kWidth - 1, "Synchronization", group.synchronized ? "enabled" : "disabled", " ");
    text += told(kWidth, "Group Members", joined(group.members));
    text += told(kWidth, "Needs sync", "no");
    text += told(kWidth, "Standby Members", joined(group.standby));
    text +=
        "\nSlot #    Member S/N                      Member Label    Status\n"
        "======    ==========                      ============    ======\n";
    for (const MemberRow& row : group.rows) {
        text += fmt::format("{:>6}  {}{:>34}{:>10}\n",
                            row.slot ? std::to_string(*row.slot) : "------", row.serial,
                            row.alive ? row.label : "------------", row.alive ? "alive" : "down");
    }
    return text;
}

std::string print_global(const HaSettings& settings)
{
    constexpr std::size_t kWidth = 30;
    const bool recovers = settings.recovery_attempts != 0;
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(settings.recovery_interval).count();
    std::string text = told(kWidth, "HA auto recovery", recovers ? "enabled" : "disabled");
    text += told(
        kWidth, "HA recovery mode",
        settings.recovery_mode == RecoveryMode::active_enhanced ? "activeEnhanced" : "activeBasic");
    text += told(kWidth, "Maximum auto recovery retry", std::to_string(settings.recovery_attempts));
    text += told(kWidth, "Auto recovery poll interval", fmt::format("{} seconds", seconds));
    text += told(kWidth, "HA logging",
                 settings.log_enabled && !settings.log_path.empty() ? "enabled" : "disabled");
    text += told(kWidth, "Only Show HA Slots", settings.ha_only ? "yes" : "no");
    return text;
}

std::string print_slots(const std::vector<SlotRow>& rows)
{
    std::string text;
    for (const SlotRow& row : rows) {
        const auto line = [&](std::string_view what, std::string_view value) {
            text += value.empty()
                        ? fmt::format("    {} ->\n", what)
                        : fmt::format("    {:<24}{}\n", fmt::format("{} ->", what), value);
        };
        line("Slot Id", std::to_string(row.number));
        line("Label", row.present || row.is_group ? row.label : "");
        line("Serial Number", row.serial.text());
        line("Model", row.is_group ? "LunaVirtual" : "hasim");
        line("Slot Description", row.is_group ? "HA Virtual Card Slot" : "Net Token Slot");
        line("HSM Status", row.present ? "OK" : "Not present");
        text += "\n";
    }
    return text;
}

}  // namespace hasim::lunacm
