#include "logtools/shipper_definitions.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "log/template_pieces.hpp"
#include "logtools/definitions.hpp"

namespace hasim::logtools {
namespace {

// A rule's field, told by what stands behind it: liblognorm reads up to there.
std::string lognorm_field(const log::Piece& piece, bool full_stop_follows)
{
    switch (piece.argument) {
    case log::ArgumentKind::serial: return "%member:number%";
    case log::ArgumentKind::attempt: return "%attempt:number%";
    case log::ArgumentKind::code_hex: return "%code:word%";
    case log::ArgumentKind::code_name:
        return full_stop_follows ? "%code_name:char-to:.%" : "%code_name:word%";
    }
    return "";
}

// A rule base of liblognorm, line by line, without its first one. Every event says its form and its message.
std::vector<std::string> lognorm_rules()
{
    std::vector<std::string> rules{
        "prefix=%weekday:word% %month:word%%-:whitespace%%day:number% %clock:time-24hr% "
        "%year:number% : [%pid:number%] HA group: %group:number%"};
    for (const log::Message& message : log::kCatalogue) {
        const log::Pieces& pieces = log::kPieces[static_cast<std::size_t>(message.form)];
        std::string rule = fmt::format("rule={}:", message.name);
        for (std::size_t i = 0; i < pieces.count; ++i) {
            const log::Piece& piece = pieces.list[i];
            rule += piece.literal;
            rule += piece.has_argument ? lognorm_field(piece, i + 1 < pieces.count) : "";
        }
        rules.push_back(std::move(rule));
    }
    for (const log::Message& message : log::kCatalogue) {
        rules.push_back(fmt::format("annotate={}:+form=\"{}\"", message.name, message.name));
        rules.push_back(fmt::format("annotate={}:+message=\"{}\"", message.name, message.id));
    }
    return rules;
}

// A string of rsyslog's configuration.
std::string rainer_string(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' || c == '\\' ? "\\" : "";
        out += c;
    }
    return out + '"';
}

constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The time as the rows of log parse have it, in place of the words of the stamp: rsyslog knows no such stamp itself.
std::string mmnormalize_time()
{
    std::string out;
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
        out += fmt::format("    if $!halog!month == \"{}\" then set $.month = \"{:02}\";\n",
                           kMonths[i], i + 1);
    }
    return out +
           "    set $.day = $!halog!day;\n"
           "    if strlen($.day) == 1 then set $.day = \"0\" & $.day;\n"
           "    set $!halog!time = $!halog!year & \"-\" & $.month & \"-\" & $.day & \"T\" & "
           "$!halog!clock;\n"
           "    unset $!halog!weekday; unset $!halog!month; unset $!halog!day; unset $!halog!year; "
           "unset $!halog!clock;\n"
           "    unset $!halog!event.tags;\n";
}

// A regular expression in a string of the collector's expression language, in a string of YAML.
std::string expression_string(std::string_view expression)
{
    std::string out;
    for (const char c : expression) {
        out += c == '\\' ? "\\" : "";
        out += c;
    }
    return out;
}

// Without $, which the collector would take for the beginning of a variable: a line comes without its end.
std::string to_end_of_text(std::string expression)
{
    constexpr std::string_view kLineEnd = "(?:\\n|$)";
    return expression.replace(expression.rfind(kLineEnd), kLineEnd.size(), "\\z");
}

}  // namespace

bool is_bad_news(LogForm form)
{
    return form != LogForm::recovered && form != LogForm::new_member &&
           form != LogForm::reenable_member;
}

std::string liblognorm_definition()
{
    std::string out =
        "version=2\n# HA log of the Luna Network HSM client: lognormalizer -r THIS -T "
        "<haErrorLog.txt\n"
        "# The tag of an event is the form of its line.\n";
    for (const std::string& rule : lognorm_rules()) {
        out += rule + '\n';
    }
    return out;
}

std::string mmnormalize_definition()
{
    std::string rules;
    for (const std::string& rule : lognorm_rules()) {
        rules += (rules.empty() ? "    " : ",\n    ") + rainer_string(rule);
    }
    return "# HA log of the Luna Network HSM client: a file of /etc/rsyslog.d. Name the log in "
           "input, "
           "and where its rows go\n"
           "# in omfile: a line is a JSON object with time (the client's local time), pid, group, "
           "message, form, member,\n"
           "# attempt, code and code_name. A line that is no record has the form unknown, and its "
           "text in originalmsg.\n"
           "module(load=\"imfile\")\nmodule(load=\"mmnormalize\")\n\n"
           "template(name=\"halog\" type=\"string\" string=\"%$!halog%\\n\")\n\n"
           "input(type=\"imfile\" File=\"/var/log/luna/haErrorLog.txt\" Tag=\"halog\" "
           "Ruleset=\"halog\")\n\n"
           "ruleset(name=\"halog\") {\n"
           "  action(type=\"mmnormalize\" path=\"$!halog\" rule=[\n" +
           rules + "\n  ])\n  if $parsesuccess == \"OK\" then {\n" + mmnormalize_time() +
           "  } else {\n    set $!halog!form = \"unknown\";\n  }\n"
           "  action(type=\"omfile\" file=\"/var/log/luna/halog.json\" template=\"halog\")\n}\n";
}

std::string opentelemetry_definition(std::string_view timezone)
{
    std::string routes;
    std::string parsers;
    std::string errors;
    std::string news;
    const std::string location =
        timezone.empty() ? "" : fmt::format("          location: {}\n", timezone);
    for (const log::Message& message : log::kCatalogue) {
        routes += fmt::format(
            "          - expr: 'body matches \"{}\"'\n            output: halog_{}\n"
            "            attributes: {{ form: {}, message: {} }}\n",
            expression_string(to_end_of_text(line_expression(message.form, GroupNames::none))),
            message.name, message.name, message.id);
        parsers += fmt::format(
            "      - type: regex_parser\n        id: halog_{}\n        regex: '{}'\n"
            "        timestamp:\n          parse_from: attributes.timestamp\n"
            "          layout_type: gotime\n          layout: 'Mon Jan _2 15:04:05 2006'\n{}"
            "        output: halog_severity\n",
            message.name, to_end_of_text(line_expression(message.form, GroupNames::python)),
            location);
        std::string& level = is_bad_news(message.form) ? errors : news;
        level += (level.empty() ? "" : ", ") + std::string(message.name);
    }
    return "# HA log of the Luna Network HSM client: a receiver for an OpenTelemetry Collector "
           "that has "
           "filelog (contrib, k8s;\n"
           "# since 0.149 its name is file_log, and filelog goes on).\n"
           "# Name the log in include; its rotated files may be among them, for a file is known "
           "again "
           "by its beginning.\n"
           "# A record has its text as body, its time, a severity, and the attributes form, "
           "message, "
           "timestamp, pid, group,\n"
           "# member, attempt, code and code_name. A line that is no record goes on with the form "
           "unknown, at the time it was read.\n"
           "receivers:\n  filelog/luna_ha:\n    include: [ /var/log/luna/haErrorLog*.txt ]\n"
           "    start_at: beginning\n    operators:\n"
           "      - type: router\n        id: halog\n        routes:\n" +
           routes + "        default: halog_unknown\n" + parsers +
           "      - type: add\n        id: halog_unknown\n        field: attributes.form\n"
           "        value: unknown\n        output: halog_end\n"
           "      - type: severity_parser\n        id: halog_severity\n"
           "        parse_from: attributes.form\n        mapping:\n          error: [ " +
           errors + " ]\n          info: [ " + news +
           " ]\n      - type: noop\n        id: halog_end\n";
}

}  // namespace hasim::logtools
