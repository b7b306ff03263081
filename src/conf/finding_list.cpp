#include "conf/finding_list.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace hasim::conf {

void FindingList::add(Severity severity, Place place, std::string text)
{
    std::size_t& count = severity == Severity::error     ? errors_
                         : severity == Severity::warning ? warnings_
                                                         : notes_;
    ++count;
    if (count <= kMaxOfEachSeverity) {
        kept_.push_back({file_, place.line, place.column, severity, std::move(text)});
    }
}

std::vector<Finding> FindingList::take()
{
    const auto position = [](const Finding& finding) {
        // What has no line concerns the whole file and stands last.
        return std::pair(finding.line == 0 ? UINT32_MAX : finding.line, finding.column);
    };
    std::stable_sort(kept_.begin(), kept_.end(),
                     [&](const Finding& a, const Finding& b) { return position(a) < position(b); });
    const auto beyond = [](std::size_t count) {
        return count > kMaxOfEachSeverity ? count - kMaxOfEachSeverity : std::size_t{0};
    };
    if (const std::size_t more = beyond(errors_)) {
        kept_.push_back({file_, 0, 0, Severity::error, fmt::format("and {} more errors", more)});
    }
    if (const std::size_t more = beyond(warnings_)) {
        kept_.push_back(
            {file_, 0, 0, Severity::warning, fmt::format("and {} more warnings", more)});
    }
    return std::move(kept_);
}

}  // namespace hasim::conf
