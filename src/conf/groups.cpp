#include <algorithm>
#include <limits>
#include <map>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "conf/keys.hpp"
#include "conf/sections.hpp"
#include "conf/values.hpp"

namespace hasim::conf {
namespace {

// The entries VirtualTokenNNLabel, VirtualTokenNNSN and VirtualTokenNNMembers of one NN; null where there is none.
struct GroupEntries {
    const Entry* label = nullptr;
    const Entry* serial = nullptr;
    const Entry* members = nullptr;

    [[nodiscard]] bool complete() const
    {
        return label != nullptr && serial != nullptr && members != nullptr;
    }
    [[nodiscard]] const Entry& any() const
    {
        return label != nullptr ? *label : serial != nullptr ? *serial : *members;
    }
    [[nodiscard]] bool all_empty() const
    {
        const auto empty = [](const Entry* entry) {
            return entry == nullptr || entry->value.empty();
        };
        return empty(label) && empty(serial) && empty(members);
    }
};

using GroupsByNumber = std::map<KeyNumber, GroupEntries>;

GroupsByNumber groups_by_number(const EntryIndex& index)
{
    GroupsByNumber groups;
    for (const auto& [key, entry] : index.in(kVirtualToken)) {
        if (const auto number = key_number(key, kVirtualToken, "Label")) {
            groups[*number].label = entry;
        } else if (const auto serial_number = key_number(key, kVirtualToken, "SN")) {
            groups[*serial_number].serial = entry;
        } else if (const auto members_number = key_number(key, kVirtualToken, "Members")) {
            groups[*members_number].members = entry;
        }
    }
    return groups;
}

std::string joined(const std::vector<Serial>& serials)
{
    std::string text;
    for (const Serial& serial : serials) {
        text += text.empty() ? "" : ", ";
        text += serial.text();
    }
    return text;
}

// Builds the groups one after the other, and compares each with those before it.
class GroupReader {
public:
    explicit GroupReader(Reading& reading) : reading_(reading) {}

    void add(const KeyNumber& number, const GroupEntries& entries)
    {
        if (!is_complete(number, entries)) {
            return;
        }
        if (groups_.size() == kMaxGroups) {
            if (!limit_told_) {
                findings().error(
                    entries.label->key_place,
                    fmt::format("more than {} groups, which is the limit of a client", kMaxGroups));
            }
            limit_told_ = true;
            return;
        }
        GroupSettings group;
        group.label = std::string(entries.label->value);
        check_label(*entries.label);
        if (const auto serial = serial_value(*entries.serial, findings())) {
            group.serial = *serial;
            check_unique(serial_lines_, serial->text(), *entries.serial, "serial number");
        }
        read_members(*entries.members, group);
        reading_.in_force(kVirtualToken, entries.label->key, group.label, entries.label);
        reading_.in_force(kVirtualToken, entries.serial->key, std::string(group.serial.text()),
                          entries.serial);
        reading_.in_force(kVirtualToken, entries.members->key, joined(group.members),
                          entries.members);
        read_standby(group);
        note_single_member(*entries.members, group);
        read_synchronize(group);
        read_recover(group);
        groups_.push_back(std::move(group));
    }

    [[nodiscard]] std::vector<GroupSettings> take() { return std::move(groups_); }

private:
    using Lines = std::map<std::string, std::uint32_t, std::less<>>;

    [[nodiscard]] FindingList& findings() const { return reading_.findings; }

    bool is_complete(const KeyNumber& number, const GroupEntries& entries) const
    {
        if (entries.all_empty()) {
            findings().warning(entries.any().key_place,
                               fmt::format("group {} is empty and ignored", number.digits));
            return false;
        }
        const auto complain = [&](const Entry* entry, std::string_view suffix) {
            if (entry == nullptr) {
                findings().error(
                    entries.any().key_place,
                    fmt::format("group {0} lacks {1}{0}{2}; add that key to section '{1}'",
                                number.digits, kVirtualToken, suffix));
            }
        };
        complain(entries.label, "Label");
        complain(entries.serial, "SN");
        complain(entries.members, "Members");
        return entries.complete();
    }

    void check_label(const Entry& entry)
    {
        if (entry.value.empty()) {
            findings().error(entry.key_place, fmt::format("{} is empty; give the group a label",
                                                          in_quotes(entry.key)));
            return;
        }
        if (entry.value.size() > kMaxLabelBytes) {
            findings().error(entry.value_place, fmt::format("a label has at most {} bytes, not {}",
                                                            kMaxLabelBytes, entry.value.size()));
            return;
        }
        if (entry.value.find('=') != std::string_view::npos) {
            findings().warning(
                entry.value_place,
                fmt::format("the label {} holds a =, so no key can name this group; choose another",
                            in_quotes(entry.value)));
        }
        check_unique(label_lines_, entry.value, entry, "label");
    }

    void check_unique(Lines& lines, std::string_view value, const Entry& entry,
                      std::string_view what) const
    {
        const auto [first, fresh] = lines.try_emplace(std::string(value), entry.key_place.line);
        if (!fresh) {
            findings().error(entry.value_place,
                             fmt::format("the group of line {} has the {} {} already",
                                         first->second, what, in_quotes(value)));
        }
    }

    void read_members(const Entry& entry, GroupSettings& group) const
    {
        if (entry.value.find_first_not_of(", \t\"'") == std::string_view::npos) {
            findings().error(
                entry.key_place,
                fmt::format("{} lists no member; give it the serial numbers of the members",
                            in_quotes(entry.key)));
        }
        for (const ListedSerial& member : serial_list(entry, findings())) {
            group.members.push_back(member.serial);
        }
    }

    void read_standby(GroupSettings& group) const
    {
        const std::string key = group.label + std::string(kStandbyMembers);
        const Entry* const entry = reading_.index.find(kHaConfiguration, key);
        if (entry == nullptr) {
            return;
        }
        for (const ListedSerial& standby : serial_list(*entry, findings())) {
            if (std::find(group.members.begin(), group.members.end(), standby.serial) !=
                group.members.end()) {
                findings().error(
                    standby.place,
                    fmt::format(
                        "standby member {} is also an active member of the group; take it out "
                        "of one of the two lists",
                        standby.serial.text()));
            } else if (group.members.size() + group.standby.size() == kMaxMembers) {
                findings().error(
                    standby.place,
                    fmt::format(
                        "more than {} members, active and standby together, which is the limit "
                        "of a group",
                        kMaxMembers));
                break;
            } else {
                group.standby.push_back(standby.serial);
            }
        }
        reading_.in_force(kHaConfiguration, key, joined(group.standby), entry);
    }

    void note_single_member(const Entry& entry, const GroupSettings& group) const
    {
        if (group.members.size() == 1 && group.standby.empty()) {
            findings().note(entry.value_place,
                            fmt::format("group {} has one member, so no command can move on to "
                                        "another; a group is of use with two or more",
                                        in_quotes(group.label)));
        }
    }

    void read_synchronize(GroupSettings& group) const
    {
        const Entry* const entry = reading_.index.find(kHaSynchronize, group.label);
        const auto value = entry == nullptr ? std::nullopt : switch_value(*entry, findings());
        group.synchronize = value.value_or(false);
        reading_.in_force(kHaSynchronize, group.label, group.synchronize ? "1" : "0",
                          value ? entry : nullptr);
    }

    // Documents of different ages spell the section differently; where both are given the larger counter counts.
    void read_recover(GroupSettings& group) const
    {
        constexpr NumberRule kRule{
            0, std::numeric_limits<std::int64_t>::max(),
            "a counter, 0 to 9223372036854775807, that asks for recovery when it grows", "0"};
        std::string_view source_section = kHaRecover;
        const Entry* source = nullptr;
        for (const std::string_view section : {kHaRecover, kHaRecovery}) {
            const Entry* const entry = reading_.index.find(section, group.label);
            const auto value =
                entry == nullptr ? std::nullopt : number_value(*entry, kRule, findings());
            if (value &&
                (source == nullptr || static_cast<std::uint64_t>(*value) > group.recover)) {
                group.recover = static_cast<std::uint64_t>(*value);
                source_section = section;
                source = entry;
            }
        }
        reading_.in_force(source_section, group.label, std::to_string(group.recover), source);
    }

    Reading& reading_;
    std::vector<GroupSettings> groups_;
    Lines label_lines_;
    Lines serial_lines_;
    bool limit_told_ = false;
};

}  // namespace

std::vector<GroupSettings> read_groups(Reading& reading)
{
    const GroupsByNumber groups = groups_by_number(reading.index);
    if (groups.empty()) {
        reading.findings.warning(
            {},
            "no HA group; a group is VirtualTokenNNLabel, VirtualTokenNNSN and "
            "VirtualTokenNNMembers in section 'VirtualToken'");
    }
    GroupReader reader(reading);
    for (const auto& [number, entries] : groups) {
        reader.add(number, entries);
    }
    return reader.take();
}

}  // namespace hasim::conf
