#include "cli/conf_file.hpp"

#include "base/plain_text.hpp"
#include "host/read_file.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>
#include <variant>

namespace hasim::cli {
namespace {

std::string_view name_of(Severity severity)
{
    switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
    }
    return "";
}

}  // namespace

std::optional<conf::Configuration> load_configuration(const std::string& path, Console& console)
{
    const auto read = host::read_file(path, conf::kMaxFileBytes);
    if (const Finding* const problem = std::get_if<Finding>(&read)) {
        console.diagnostic(to_text(*problem));
        return std::nullopt;
    }
    const std::string& text = std::get<std::string>(read);
    auto configuration = conf::read(text, path);
    if (conf::is_blank(text)) {
        for (const Finding& finding : configuration.findings) {
            console.diagnostic(to_text(finding));
        }
        return std::nullopt;
    }
    return configuration;
}

std::string findings_json(const conf::Configuration& configuration)
{
    std::string text = "[";
    for (const Finding& finding : configuration.findings) {
        const boost::json::object object{{"line", finding.line},
                                         {"column", finding.column},
                                         {"severity", name_of(finding.severity)},
                                         {"text", finding.text}};
        text += text.size() == 1 ? "\n    " : ",\n    ";
        text += boost::json::serialize(object);
    }
    text += text.size() == 1 ? "]" : "\n  ]";
    return text;
}

}  // namespace hasim::cli
