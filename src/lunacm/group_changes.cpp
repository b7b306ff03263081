// Groups and their members: creategroup, deletegroup, addmember, removemember, addstandby, removestandby.
#include <algorithm>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "conf/keys.hpp"
#include "lunacm/hagroup.hpp"
#include "lunacm/work.hpp"

namespace hasim::lunacm {

namespace {

std::string text_of(std::string_view view)
{
    return std::string(view);
}

const GroupSettings* group_with(const Settings& settings, std::string_view label)
{
    const auto at = std::find_if(settings.groups.begin(), settings.groups.end(),
                                 [&](const GroupSettings& one) { return one.label == label; });
    return at == settings.groups.end() ? nullptr : &*at;
}

bool has(const std::vector<Serial>& serials, Serial serial)
{
    return std::find(serials.begin(), serials.end(), serial) != serials.end();
}

/// False, and said, when a group has the partition already.
bool may_join(Work& work, Serial serial)
{
    for (const GroupSettings& group : work.settings().groups) {
        if (has(group.members, serial) || has(group.standby, serial)) {
            work.fail(fmt::format("The member you specified is already part of an HA group: {}.",
                                  printable(group.label)),
                      Result::arguments_bad);
            return false;
        }
    }
    return true;
}

/// Whether a group may have that number.
bool is_free(const Settings& settings, std::string_view number)
{
    return Serial::parse(number) &&
           std::none_of(settings.groups.begin(), settings.groups.end(),
                        [&](const GroupSettings& one) { return one.serial.text() == number; });
}

void show(Work& work, std::string_view label)
{
    if (const GroupSettings* const group = group_with(work.settings(), label)) {
        work.write("\n" + print_group(work.text_of(*group)));
    }
}

void show_changed(Work& work, std::string_view label, std::string_view what)
{
    work.say(fmt::format("Member {} group {}. New group\n        configuration is:", what,
                         printable(label)));
    show(work, label);
}

std::vector<Serial> without(std::vector<Serial> serials, Serial serial)
{
    std::erase(serials, serial);
    return serials;
}

std::vector<Serial> with(std::vector<Serial> serials, Serial serial)
{
    serials.push_back(serial);
    return serials;
}

Change members_change(std::string_view text, const std::string& label,
                      const std::vector<Serial>& members)
{
    return {text_of(conf::kVirtualToken), group_key(text, label, "Members"), list_text(members)};
}

Change standby_change(const std::string& label, const std::vector<Serial>& standby)
{
    return {text_of(conf::kHaConfiguration), label + text_of(conf::kStandbyMembers),
            standby.empty() ? std::nullopt : std::optional(list_text(standby))};
}

/// Takes out what sections other than VirtualToken say of the group, but for HASynchronize.
std::vector<Change> forget(const std::string& label)
{
    return {{text_of(conf::kHaRecover), label, {}},
            {text_of(conf::kHaRecovery), label, {}},
            standby_change(label, {})};
}

/// The partition that is named, when it is a member of the group in the way that `list` says.
std::optional<Serial> member_in(Work& work, const GroupSettings& group,
                                const std::vector<Serial>& list, std::string_view how)
{
    const auto serial = work.partition();
    if (serial && !has(list, *serial)) {
        work.fail(
            fmt::format("{} is no {} of group {}.", serial->text(), how, printable(group.label)),
            Result::arguments_bad);
        return std::nullopt;
    }
    return serial;
}

/// The members of a group as they are to be.
struct Members {
    std::string label;
    std::vector<Serial> active;
    std::vector<Serial> standby;
};

Result move(Work& work, Serial serial, std::string_view how, const Members& to)
{
    const Result done = work.apply([&](std::string_view text) -> std::vector<Change> {
        return {members_change(text, to.label, to.active), standby_change(to.label, to.standby)};
    });
    if (done == Result::no_error) {
        work.say(
            fmt::format("The member {} was successfully {} the standby list for the HA group "
                        "{}.",
                        serial.text(), how, printable(to.label)));
    }
    return done;
}

}  // namespace

Result create_group(Work& work)
{
    const std::string label = work.given().text("label").value_or("");
    if (label.empty()) {
        return work.fail("-label is missing: what the group is to be called.",
                         Result::arguments_bad);
    }
    for (const GroupSettings& group : work.settings().groups) {
        if (group.label == label || group.serial.text() == label) {
            return work.fail(fmt::format("The label {} for the new group has already been used.",
                                         in_quotes(label)),
                             Result::arguments_bad);
        }
    }
    if (work.settings().groups.size() >= kMaxGroups) {
        return work.fail(
            fmt::format("There are {} groups already, and no more may be.", kMaxGroups));
    }
    const auto serial = work.partition();
    if (!serial || !may_join(work, *serial)) {
        return Result::arguments_bad;
    }
    const std::string number = "1" + text_of(serial->text());
    if (!is_free(work.settings(), number)) {
        return work.fail(fmt::format("The number {} for the new group is too long or has already "
                                     "been used.",
                                     number),
                         Result::arguments_bad);
    }
    if (!work.password()) {
        return Result::pin_incorrect;
    }
    const Result done = work.apply([&](std::string_view text) -> std::vector<Change> {
        const auto digits = conf::free_group_digits(text);
        if (!digits) {
            return {};
        }
        const std::string key = "VirtualToken" + *digits;
        const std::string section(conf::kVirtualToken);
        std::vector<Change> changes = forget(label);  // an earlier group of that label
        changes.insert(changes.end(), {{section, key + "Label", label},
                                       {section, key + "SN", number},
                                       {section, key + "Members", text_of(serial->text())},
                                       {text_of(conf::kHaSynchronize), label, "1"}});
        return changes;
    });
    if (done != Result::no_error) {
        return done;
    }
    if (group_with(work.settings(), label) == nullptr) {
        return work.fail("All numbers from VirtualToken00 to VirtualToken99 are taken.");
    }
    work.say(
        fmt::format("New group with label \"{}\" created with group number {}.\n"
                    "        Group configuration is:",
                    printable(label), number));
    show(work, label);
    return Result::no_error;
}

Result delete_group(Work& work)
{
    const GroupSettings* const group = work.group("label");
    if (group == nullptr) {
        return Result::arguments_bad;
    }
    const std::string label = group->label;
    if (!work.sure(fmt::format("Group {} is about to be deleted. Its members keep their objects.",
                               printable(label)))) {
        return Result::cancelled;
    }
    const Result done = work.apply([&](std::string_view text) -> std::vector<Change> {
        const std::string section(conf::kVirtualToken);
        std::vector<Change> changes = forget(label);
        for (const char* const what : {"Label", "SN", "Members"}) {
            changes.push_back({section, group_key(text, label, what), {}});
        }
        changes.push_back({text_of(conf::kHaSynchronize), label, {}});
        return changes;
    });
    if (done == Result::no_error) {
        work.say(fmt::format("The HA group {} was successfully deleted.", printable(label)));
    }
    return done;
}

Result add_member(Work& work)
{
    const GroupSettings* const group = work.group("group");
    const auto serial = group == nullptr ? std::nullopt : work.partition();
    if (!serial || !may_join(work, *serial)) {
        return Result::arguments_bad;
    }
    if (group->members.size() + group->standby.size() >= kMaxMembers) {
        return work.fail(fmt::format("A group has at most {} members.", kMaxMembers));
    }
    if (!work.password()) {
        return Result::pin_incorrect;
    }
    const std::string label = group->label;
    const std::vector<Serial> members = with(group->members, *serial);
    const Result done = work.apply([&](std::string_view text) -> std::vector<Change> {
        return {members_change(text, label, members)};
    });
    if (done != Result::no_error) {
        return done;
    }
    show_changed(work, label, fmt::format("{} successfully added to", serial->text()));
    return Result::no_error;
}

Result remove_member(Work& work)
{
    const GroupSettings* const group = work.group("group");
    if (group == nullptr) {
        return Result::arguments_bad;
    }
    std::vector<Serial> all = group->members;
    all.insert(all.end(), group->standby.begin(), group->standby.end());
    const auto serial = member_in(work, *group, all, "member");
    if (!serial) {
        return Result::arguments_bad;
    }
    const std::vector<Serial> members = without(group->members, *serial);
    if (members.empty()) {
        return work.fail("The last active member of a group cannot be removed; delete the group.");
    }
    const std::string label = group->label;
    // Published: without the partition that a group was created from its number is another.
    const std::string next = "1" + text_of(members.front().text());
    const bool changes =
        group->serial.text() == "1" + text_of(serial->text()) && is_free(work.settings(), next);
    const std::string number = changes ? next : text_of(group->serial.text());
    const std::vector<Serial> standby = without(group->standby, *serial);
    const Result done = work.apply([&](std::string_view text) -> std::vector<Change> {
        return {{text_of(conf::kVirtualToken), group_key(text, label, "SN"), number},
                members_change(text, label, members),
                standby_change(label, standby)};
    });
    if (done != Result::no_error) {
        return done;
    }
    show_changed(work, label, fmt::format("{} successfully removed from", serial->text()));
    return Result::no_error;
}

Result add_standby(Work& work)
{
    const GroupSettings* const group = work.group("group");
    const auto serial =
        group == nullptr ? std::nullopt : member_in(work, *group, group->members, "active member");
    if (!serial) {
        return Result::arguments_bad;
    }
    if (group->members.size() == 1) {
        return work.fail("The last active member of a group cannot become a standby member.");
    }
    return move(work, *serial, "added to",
                {group->label, without(group->members, *serial), with(group->standby, *serial)});
}

Result remove_standby(Work& work)
{
    const GroupSettings* const group = work.group("group");
    const auto serial =
        group == nullptr ? std::nullopt : member_in(work, *group, group->standby, "standby member");
    if (!serial) {
        return Result::arguments_bad;
    }
    return move(work, *serial, "removed from",
                {group->label, with(group->members, *serial), without(group->standby, *serial)});
}

}  // namespace hasim::lunacm
