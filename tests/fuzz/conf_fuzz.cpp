// libFuzzer harness for the configuration reader: whatever the bytes, it returns, within bounds, and says where.
#include "harness.hpp"

#include "conf/configuration.hpp"
#include "conf/finding_list.hpp"
#include "conf/runtime_change.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

HASIM_FUZZ(conf)
(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const hasim::conf::Configuration configuration = hasim::conf::read(text, "fuzz.conf");
    HASIM_ASSERT(configuration.findings.size() <=
                 3 * hasim::conf::FindingList::kMaxOfEachSeverity + 2);
    const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    for (const hasim::Finding& finding : configuration.findings) {
        HASIM_ASSERT(finding.line <= lines);
        HASIM_ASSERT(!finding.text.empty() && finding.text.find('\n') == std::string::npos);
    }
    if (!configuration.ok()) {
        return 0;
    }
    HASIM_ASSERT(configuration.settings.groups.size() <= hasim::kMaxGroups);
    for (const hasim::GroupSettings& group : configuration.settings.groups) {
        HASIM_ASSERT(!group.label.empty() && !group.serial.empty() && !group.members.empty());
        HASIM_ASSERT(group.members.size() + group.standby.size() <= hasim::kMaxMembers);
    }
    const hasim::Settings& settings = configuration.settings;
    const auto same = hasim::conf::runtime_change(settings, settings);
    HASIM_ASSERT(same.at_once.empty() && same.waiting.empty() && same.settings == settings);
    return 0;
}
