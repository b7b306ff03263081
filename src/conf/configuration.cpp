#include "conf/configuration.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "conf/keys.hpp"
#include "conf/load_document.hpp"
#include "conf/sections.hpp"

namespace hasim::conf {
namespace {

// Size and kind of text: what fails here is not read at all.
bool is_readable(std::string_view text, FindingList& findings)
{
    if (text.size() > kMaxFileBytes) {
        findings.error(
            {}, fmt::format("the file has {} bytes, and {} is the limit; is this the right file?",
                            text.size(), kMaxFileBytes));
        return false;
    }
    if (is_blank(text)) {
        findings.error({}, "the file is empty");
        return false;
    }
    if (auto finding = not_plain_text(text, {})) {
        findings.error({finding->line, finding->column}, std::move(finding->text));
        return false;
    }
    std::uint32_t line = 1;
    for (std::size_t start = 0; start < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        if (end - start > kMaxLineBytes) {
            findings.error(
                {line, 0},
                fmt::format("the line has {} bytes, and {} is the limit; nothing was read",
                            end - start, kMaxLineBytes));
            return false;
        }
        start = end + 1;
    }
    return true;
}

void note_tab(std::string_view text, FindingList& findings)
{
    const std::size_t tab = text.find('\t');
    if (tab == std::string_view::npos) {
        return;
    }
    const std::string_view before = text.substr(0, tab);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    findings.note(
        {static_cast<std::uint32_t>(line),
         static_cast<std::uint32_t>(tab - (before.rfind('\n') + 1) + 1)},
        "hasim takes a TAB for a blank; the vendor warns never to put one into this file");
}

// The labels of all groups, of the broken ones too: what names a broken group is not wrong for that.
Labels labels_in(const EntryIndex& index)
{
    Labels labels;
    for (const auto& [key, entry] : index.in(kVirtualToken)) {
        if (key_number(key, kVirtualToken, "Label")) {
            labels.insert(entry->value);
        }
    }
    return labels;
}

void sort_by_section(std::vector<Origin>& origins)
{
    constexpr std::array kOrder{kVirtualToken, kHaSynchronize, kHaConfiguration,
                                kHaRecover,    kHaRecovery,    kLunaSaClient};
    const auto rank = [&](const Origin& origin) {
        return std::find(kOrder.begin(), kOrder.end(), origin.section) - kOrder.begin();
    };
    std::stable_sort(origins.begin(), origins.end(),
                     [&](const Origin& a, const Origin& b) { return rank(a) < rank(b); });
}

}  // namespace

bool Configuration::ok() const
{
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.severity == Severity::error; });
}

bool is_blank(std::string_view text)
{
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Configuration read(std::string_view text, std::string_view file_name)
{
    Configuration configuration;
    configuration.file = std::string(file_name);
    FindingList findings(file_name);
    if (is_readable(text, findings)) {
        note_tab(text, findings);
        const Document document = load_document(text, findings);
        const EntryIndex index(document, findings);
        Reading reading{index, findings, configuration.origins};
        configuration.settings.groups = read_groups(reading);
        configuration.settings.ha = read_ha(reading);
        read_client(reading, configuration.settings);
        check_names(document, labels_in(index), findings);
        sort_by_section(configuration.origins);
    }
    configuration.findings = findings.take();
    return configuration;
}

std::optional<Finding> missing_groups(const Configuration& configuration)
{
    if (!configuration.settings.groups.empty()) {
        return std::nullopt;
    }
    return Finding{configuration.file, 0, 0, Severity::error,
                   "no HA group to run; add VirtualToken00Label, VirtualToken00SN and "
                   "VirtualToken00Members to section "
                   "'VirtualToken'"};
}

}  // namespace hasim::conf
