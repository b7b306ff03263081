/// A small good configuration that tests vary, and short ways to ask about the reading of one.
#pragma once

#include "conf/configuration.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hasim::test {

/// One group of two members, with a log path and recovery on, so that nothing is left to say; `more` is appended to
/// HAConfiguration, `sections` stands behind it.
inline std::string sample_conf(std::string_view more = {}, std::string_view sections = {})
{
    std::string text =
        "VirtualToken = {\n"
        "VirtualToken00Label = haGroup1;\n"
        "VirtualToken00SN = 11234840370164;\n"
        "VirtualToken00Members = 1234840370164, 1234924189183;\n"
        "}\n"
        "HAConfiguration = {\n"
        "haLogPath = halog;\n"
        "reconnAtt = 5;\n";
    text += more;
    text += "}\n";
    text += sections;
    return text;
}

/// The findings as they print.
inline std::vector<std::string> findings_of(const conf::Configuration& configuration)
{
    std::vector<std::string> lines;
    for (const Finding& finding : configuration.findings) {
        lines.push_back(to_text(finding));
    }
    return lines;
}

}  // namespace hasim::test
