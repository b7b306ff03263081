#include "conf/entry_index.hpp"

#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "conf/keys.hpp"

namespace hasim::conf {
namespace {

// The group that an entry is about by its key, if it is about one.
std::optional<std::string_view> label_in_key(std::string_view section, std::string_view key)
{
    if (has_label_keys(section)) {
        return key;
    }
    if (section == kHaConfiguration && key.size() > kStandbyMembers.size() &&
        key.ends_with(kStandbyMembers)) {
        return key.substr(0, key.size() - kStandbyMembers.size());
    }
    return std::nullopt;
}

std::string complaint_about_label(std::string_view label, const Labels& labels)
{
    const std::string near = nearest(label, {labels.begin(), labels.end()});
    return fmt::format("no group has the label {}, so this is ignored{}", in_quotes(label),
                       near.empty() ? "" : fmt::format("; did you mean {}?", in_quotes(near)));
}

}  // namespace

EntryIndex::EntryIndex(const Document& document, FindingList& findings)
{
    std::map<std::string_view, Place> opened;
    for (const Section& section : document.sections) {
        const auto [first, fresh] = opened.try_emplace(section.name, section.place);
        if (!fresh) {
            findings.warning(
                section.place,
                fmt::format("section {} was opened before, in line {}; both are taken together",
                            in_quotes(section.name), first->second.line));
        }
    }
    for (const Entry& entry : document.entries) {
        const Entry*& slot = sections_[document.sections[entry.section].name][entry.key];
        if (slot != nullptr) {
            findings.warning(entry.key_place,
                             fmt::format("{} was given before, in line {}; this one counts",
                                         in_quotes(entry.key), slot->key_place.line));
        }
        slot = &entry;
    }
}

const Entry* EntryIndex::find(std::string_view section, std::string_view key) const
{
    const EntriesByKey& entries = in(section);
    const auto found = entries.find(key);
    return found == entries.end() ? nullptr : found->second;
}

const EntriesByKey& EntryIndex::in(std::string_view section) const
{
    static const EntriesByKey kNone;
    const auto found = sections_.find(section);
    return found == sections_.end() ? kNone : found->second;
}

void check_names(const Document& document, const Labels& labels, FindingList& findings)
{
    // To look for a near word costs far more than to read an entry, so it is done for what will be shown only.
    const auto warn = [&](Place place, const auto& complaint) {
        if (findings.has_room_for_warning()) {
            findings.warning(place, complaint());
        } else {
            findings.skip_warning();
        }
    };
    // A misspelt section is told once, with its right name: its keys are no news.
    std::map<std::string_view, std::string> near_sections;
    const auto is_meant = [&](std::string_view section, std::string_view key) {
        const auto [near, fresh] = near_sections.try_emplace(section);
        if (fresh && findings.has_room_for_warning()) {
            near->second = near_section(section);
        }
        return near->second == section_of_key(key);
    };
    for (const Section& section : document.sections) {
        if (!knows_section(section.name)) {
            warn(section.place, [&] { return complaint_about_section(section.name); });
        }
    }
    for (const Entry& entry : document.entries) {
        const std::string_view section = document.sections[entry.section].name;
        if (const auto label = label_in_key(section, entry.key)) {
            if (!labels.contains(*label)) {
                warn(entry.key_place, [&] {
                    return belongs_elsewhere(section, entry.key)
                               ? complaint_about_key(section, entry.key)
                               : complaint_about_label(*label, labels);
                });
            }
        } else if (!knows_section(section)) {
            if (belongs_elsewhere(section, entry.key) && !is_meant(section, entry.key)) {
                warn(entry.key_place, [&] { return complaint_about_key(section, entry.key); });
            }
        } else if (const std::string_view why = why_ignored(entry.key); !why.empty()) {
            findings.note(entry.key_place, std::string(why));
        } else if (!knows_key(section, entry.key)) {
            warn(entry.key_place, [&] { return complaint_about_key(section, entry.key); });
        }
    }
}

}  // namespace hasim::conf
