/// The constant parts of the report page: what it shares with the live page, web/common.css and web/common.js, and
/// its own web/report.css, web/report.js and web/timeline.html, embedded by cmake/web.cmake. The script draws what the
/// element `data` holds.
#pragma once

#include <string_view>

namespace hasim::logtools {

extern const std::string_view kCommonStyle;   ///< stands in front of kReportStyle
extern const std::string_view kCommonScript;  ///< and this in front of kReportScript
extern const std::string_view kReportStyle;
extern const std::string_view kReportScript;
extern const std::string_view kReportTimeline;  ///< the timeline's elements

}  // namespace hasim::logtools
