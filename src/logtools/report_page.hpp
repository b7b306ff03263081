/// The constant parts of the report page: web/report.css, web/report.js and web/timeline.html, embedded by
/// cmake/web.cmake. The script draws what the element `data` holds.
#pragma once

#include <string_view>

namespace hasim::logtools {

extern const std::string_view kReportStyle;
extern const std::string_view kReportScript;
extern const std::string_view kReportTimeline;  ///< the timeline's elements

}  // namespace hasim::logtools
