/// What a reader of scenarios says, as a text.
#pragma once

#include <string>
#include <vector>

#include "hasim/result.hpp"

namespace hasim::test {

/// A line for each finding.
inline std::string messages(const std::vector<Finding>& findings)
{
    std::string text;
    for (const Finding& finding : findings) {
        text += to_text(finding) + "\n";
    }
    return text;
}

}  // namespace hasim::test
