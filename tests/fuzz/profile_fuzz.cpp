// Feeds any bytes to the reader of profiles. Holds: reading ends, findings have a place and one line of text each; and
// from what was read without an error a part can be drawn that is a good scenario within the bounds of one.
#include "harness.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "corpus/draw.hpp"
#include "corpus/profile.hpp"
#include "hasim/scenario.hpp"

HASIM_FUZZ(profile)
(const std::uint8_t* data, std::size_t size)
{
    using namespace hasim;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const corpus::ProfileResult result = corpus::parse_profile("fuzz.profile", text);
    const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    for (const Finding& finding : result.findings) {
        HASIM_ASSERT(finding.line <= lines && !finding.text.empty());
        HASIM_ASSERT(finding.text.find('\n') == std::string::npos);
    }
    if (!result.ok()) {
        return 0;
    }
    corpus::WorkstationShape shape;
    shape.groups = 2;
    const corpus::Workstation workstation = corpus::draw_workstation(result.profile, shape, 1, 1);
    corpus::PartRequest request;
    request.length = std::min<Duration>(result.profile.boot, std::chrono::hours(48));
    const corpus::DrawnPart part = corpus::draw_part(result.profile, workstation, request);
    const ScenarioResult again = parse_scenario("drawn", print(part.scenario));
    HASIM_ASSERT(again.ok());
    HASIM_ASSERT(again.scenario.events.size() == part.scenario.events.size());
    return 0;
}
