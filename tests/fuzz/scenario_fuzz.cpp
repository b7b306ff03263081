// libFuzzer harness for the scenario language: whatever the bytes, reading ends, its findings are bounded and have a
// place in the text; and what was read without an error is printed canonically: read and printed again, it is the same.
#include "harness.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "hasim/scenario.hpp"

namespace {

bool fits(std::string_view text)
{
    // Canonical spelling may be longer than what was written: quotes, escapes.
    std::size_t length = 0;
    for (const char c : text) {
        length = c == '\n' ? 0 : length + 1;
        if (length > hasim::kMaxScenarioLine) {
            return false;
        }
    }
    return text.size() <= hasim::kMaxScenarioBytes &&
           static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) <=
               hasim::kMaxScenarioLines;
}

void check_line(std::string_view line)
{
    const hasim::EventResult result = hasim::parse_event_line(line);
    HASIM_ASSERT(result.event.has_value() == result.findings.empty());
    if (result.event) {
        const std::string text = hasim::print_event(*result.event);
        const hasim::EventResult again = hasim::parse_event_line(text);
        HASIM_ASSERT(!fits(text) || (again.event.has_value() && *again.event == *result.event));
    }
}

}  // namespace

HASIM_FUZZ(scenario)
(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_line(text.substr(0, text.find('\n')));
    (void)hasim::parse_load(text);

    const hasim::ScenarioResult result = hasim::parse_scenario("fuzz.hasim", text);
    HASIM_ASSERT(result.findings.size() <= hasim::kMaxScenarioFindings + 1);
    const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    for (const hasim::Finding& finding : result.findings) {
        HASIM_ASSERT(finding.line <= lines && !finding.text.empty());
        HASIM_ASSERT(finding.text.find('\n') == std::string::npos);
    }
    (void)hasim::check(result.scenario, hasim::Settings{}, "fuzz.hasim");
    (void)hasim::end_of(result.scenario);
    if (!result.ok()) {
        return 0;
    }
    const std::string canonical = hasim::print(result.scenario);
    if (!fits(canonical)) {
        return 0;
    }
    const hasim::ScenarioResult again = hasim::parse_scenario("fuzz.hasim", canonical);
    HASIM_ASSERT(again.ok());
    HASIM_ASSERT(again.scenario == result.scenario);
    HASIM_ASSERT(hasim::print(again.scenario) == canonical);
    const std::string same_log = hasim::with_log(
        canonical, again.scenario,
        again.scenario.log ? again.scenario.log->lines : std::vector<std::string>{});
    HASIM_ASSERT(!again.scenario.log || same_log == canonical);
    return 0;
}
