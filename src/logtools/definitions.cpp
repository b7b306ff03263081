#include "logtools/definitions.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "log/template_pieces.hpp"
#include "logtools/row_writer.hpp"
#include "logtools/shipper_definitions.hpp"

namespace hasim::logtools {
namespace {

std::string json(std::string_view text)
{
    std::string out;
    append_json_string(out, text);
    return out;
}

const log::Pieces& pieces_of(const log::Message& message)
{
    return log::kPieces[static_cast<std::size_t>(message.form)];
}

/// What lnav shows as an error: the text of a line that is not good news.
std::string lnav_error_pattern()
{
    std::string good;
    for (const log::Message& message : log::kCatalogue) {
        if (!is_bad_news(message.form)) {
            good += (good.empty() ? "" : "|") + message_expression(message.form).substr(1);
        }
    }
    return "^(?!" + good + ")";
}

std::string lnav()
{
    std::string patterns;
    std::string samples;
    for (const log::Message& message : log::kCatalogue) {
        std::string pattern = line_expression(message.form, GroupNames::angle);
        // lnav has its own name for the text of a message, and "group" is a word of its SQL.
        pattern.replace(pattern.find("?<group>"), 8, "?<ha_group>");
        const std::size_t body = pattern.find(' ', pattern.find("ha_group")) + 1;
        pattern.insert(body, "(?<body>");
        pattern.insert(pattern.rfind("\\.?\\r?") + 3, ")");
        patterns += fmt::format("{}\n      \"{}\": {{ \"pattern\": {} }}",
                                patterns.empty() ? "" : ",", message.name, json(pattern));
        samples += fmt::format("{}\n      {{ \"line\": {} }}", samples.empty() ? "" : ",",
                               json(message.sample));
    }
    return fmt::format(
        "{{\n  \"$schema\": \"https://lnav.org/schemas/format-v1.schema.json\",\n  "
        "\"luna_ha_log\": {{\n"
        "    \"title\": \"Luna HA log\",\n    \"description\": \"haErrorLog.txt of the Luna "
        "Network HSM client\",\n"
        "    \"file-pattern\": \"haErrorLog.*\",\n"
        "    \"regex\": {{{}\n    }},\n    \"timestamp-format\": [ \"%a %b %d %H:%M:%S %Y\", \"%a "
        "%b %e %H:%M:%S %Y\" ],\n"
        "    \"level-field\": \"body\",\n    \"level\": {{ \"error\": {} }},\n"
        "    \"value\": {{\n      \"pid\": {{ \"kind\": \"integer\", \"identifier\": true }},\n"
        "      \"ha_group\": {{ \"kind\": \"string\", \"identifier\": true }},\n"
        "      \"member\": {{ \"kind\": \"string\", \"identifier\": true }},\n"
        "      \"attempt\": {{ \"kind\": \"integer\" }},\n      \"code\": {{ \"kind\": \"string\" "
        "}},\n"
        "      \"code_name\": {{ \"kind\": \"string\", \"identifier\": true }}\n    }},\n"
        "    \"sample\": [{}\n    ]\n  }}\n}}\n",
        patterns, json(lnav_error_pattern()), samples);
}

std::string upper(std::string_view name)
{
    std::string out(name);
    for (char& c : out) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
}

std::string grok(std::string_view timezone)
{
    std::string out =
        "# HA log of the Luna Network HSM client, for Logstash and others: patterns_dir, then "
        "match "
        "\"%{HALOG_LINE}\"\n";
    std::string all;
    for (const log::Message& message : log::kCatalogue) {
        out += fmt::format("HALOG_{} {}\n", upper(message.name),
                           line_expression(message.form, GroupNames::angle));
        all += fmt::format("{}%{{HALOG_{}}}", all.empty() ? "" : "|", upper(message.name));
    }
    if (!timezone.empty()) {
        out += fmt::format(
            "# Logstash: date {{ match => [\"timestamp\", \"EEE MMM d HH:mm:ss yyyy\", \"EEE MMM  "
            "d "
            "HH:mm:ss yyyy\"] timezone => \"{}\" }}\n",
            timezone);
    }
    return out + "HALOG_LINE (?:" + all + ")\n";
}

std::string fluent_bit()
{
    std::string out =
        "# HA log of the Luna Network HSM client. A filter tries them one after the other:\n#   "
        "[FILTER]\n"
        "#       Name      parser\n#       Match     halog\n#       Key_Name  log\n";
    for (const log::Message& message : log::kCatalogue) {
        out += fmt::format("#       Parser    halog_{}\n", message.name);
    }
    for (const log::Message& message : log::kCatalogue) {
        out += fmt::format(
            "\n[PARSER]\n    Name         halog_{}\n    Format       regex\n    Regex        {}\n"
            "    Time_Key     timestamp\n    Time_Format  %a %b %d %H:%M:%S %Y\n    Time_Keep    "
            "On\n"
            "    Types        pid:integer attempt:integer\n",
            message.name, line_expression(message.form, GroupNames::angle));
    }
    return out;
}

std::string vector_vrl(std::string_view timezone)
{
    std::string out =
        "# HA log of the Luna Network HSM client: the source of a remap transform. What is no "
        "record keeps its message\n"
        "# alone.\nfields = null\n";
    for (const log::Message& message : log::kCatalogue) {
        out += fmt::format(
            "if fields == null {{\n  fields, err = parse_regex(.message, r'{}')\n"
            "  if err == null {{ .id = \"{}\"; .form = \"{}\" }} else {{ fields = null }}\n}}\n",
            line_expression(message.form, GroupNames::python), message.id, message.name);
    }
    return out +
           "if fields != null {\n  . = merge!(., fields)\n  .timestamp = "
           "parse_timestamp(.timestamp, \"%a %b %e %H:%M:%S %Y\"" +
           (timezone.empty() ? "" : fmt::format(", timezone: \"{}\"", timezone)) +
           ") ?? now()\n}\n";
}

// The template with % for its arguments, for Splunk's like().
std::string like_pattern(const log::Message& message)
{
    std::string out = "%";
    for (std::size_t i = 0; i < pieces_of(message).count; ++i) {
        const log::Piece& piece = pieces_of(message).list[i];
        out += piece.literal;
        out += piece.has_argument ? "%" : "";
    }
    return out.back() == '%' ? out : out + '%';
}

std::string splunk(std::string_view timezone)
{
    std::string out =
        "# HA log of the Luna Network HSM client: a stanza of "
        "props.conf\n[luna:halog]\nSHOULD_LINEMERGE = false\n"
        "LINE_BREAKER = ([\\r\\n]+)\nTIME_PREFIX = ^\nTIME_FORMAT = %a %b %e %H:%M:%S %Y\n"
        "MAX_TIMESTAMP_LOOKAHEAD = 26\n";
    out += timezone.empty() ? "" : fmt::format("TZ = {}\n", timezone);
    for (const log::Message& message : log::kCatalogue) {
        out += fmt::format("EXTRACT-halog_{} = {}\n", message.name,
                           line_expression(message.form, GroupNames::angle));
    }
    // The longest first: where two fit, it is the one with more words.
    std::vector<log::Message> longest_first(log::kCatalogue.begin(), log::kCatalogue.end());
    std::stable_sort(longest_first.begin(), longest_first.end(),
                     [](const log::Message& a, const log::Message& b) {
                         return like_pattern(a).size() > like_pattern(b).size();
                     });
    out += "EVAL-halog_form = case(";
    for (const log::Message& message : longest_first) {
        out += fmt::format("{}like(_raw, \"{}\"), \"{}\"", out.back() == '(' ? "" : ", ",
                           like_pattern(message), message.name);
    }
    return out + ")\n";
}

std::string regex()
{
    std::string out;
    for (const log::Message& message : log::kCatalogue) {
        out +=
            fmt::format("{}\t{}\n", message.name, line_expression(message.form, GroupNames::angle));
    }
    return out + "any\t" + line_expression(GroupNames::none) + "\n";
}

std::string schema_alternative(const log::Message& message)
{
    std::string required =
        "\"kind\", \"file\", \"line\", \"time\", \"pid\", \"group\", \"message\", \"form\", "
        "\"member\"";
    required += log::has_attempt(message.form) ? ", \"attempt\"" : "";
    required += log::has_code(message.form) ? ", \"code\", \"code_name\"" : "";
    return fmt::format(
        "    {{\n      \"title\": \"{}{}\",\n      \"description\": {},\n      \"properties\": {{ "
        "\"kind\": {{ \"const\": \"record\" }}, \"message\": {{ \"const\": \"{}\" }}, "
        "\"form\": {{ \"const\": \"{}\" }} }},\n"
        "      \"required\": [ {} ]\n    }}",
        message.id, is_bad_news(message.form) ? "" : " (good news)", json(message.note), message.id,
        message.name, required);
}

std::string json_schema()
{
    std::string out =
        "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
        "  \"title\": \"a row of hasim log parse --json\",\n  \"type\": \"object\",\n  "
        "\"properties\": {\n"
        "    \"kind\": { \"enum\": [ \"record\", \"unknown\", \"torn\", \"empty\" ] },\n"
        "    \"file\": { \"type\": \"string\" },\n    \"line\": { \"type\": \"integer\", "
        "\"minimum\": 1 },\n"
        "    \"time\": { \"type\": \"string\", \"pattern\": "
        "\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$\", "
        "\"description\": \"the client's local time\" },\n"
        "    \"pid\": { \"type\": \"integer\", \"minimum\": 0, \"maximum\": 4294967295 },\n"
        "    \"group\": { \"type\": \"string\", \"pattern\": \"^[0-9]{1,20}$\" },\n"
        "    \"member\": { \"type\": \"string\", \"pattern\": \"^[0-9]{1,20}$\" },\n"
        "    \"message\": { \"type\": \"string\" },\n    \"form\": { \"type\": \"string\" },\n"
        "    \"attempt\": { \"type\": \"integer\", \"minimum\": 0, \"maximum\": 4294967295 },\n"
        "    \"code\": { \"type\": \"string\", \"pattern\": \"^0x[0-9a-f]{8}$\" },\n"
        "    \"code_name\": { \"type\": \"string\" },\n    \"text\": { \"type\": \"string\" },\n"
        "    \"matched\": { \"type\": \"integer\", \"minimum\": 0 },\n    \"shortened\": { "
        "\"const\": true },\n    \"glued\": { \"const\": true, \"description\": \"the line lost "
        "its "
        "newline and stands here in pieces\" }\n  },\n"
        "  \"additionalProperties\": false,\n  \"oneOf\": [\n";
    for (const log::Message& message : log::kCatalogue) {
        out += schema_alternative(message) + ",\n";
    }
    return out +
           "    {\n      \"title\": \"a line that is no record\",\n      \"properties\": { "
           "\"kind\": { \"enum\": [ \"unknown\", "
           "\"torn\", \"empty\" ] } },\n      \"required\": [ \"kind\", \"file\", \"line\", "
           "\"matched\", \"text\" ]\n    }\n  ]\n}\n";
}

}  // namespace

std::string_view name_of(Tool tool)
{
    switch (tool) {
    case Tool::lnav: return "lnav";
    case Tool::liblognorm: return "liblognorm";
    case Tool::mmnormalize: return "mmnormalize";
    case Tool::grok: return "grok";
    case Tool::fluent_bit: return "fluent-bit";
    case Tool::vector: return "vector";
    case Tool::opentelemetry: return "opentelemetry";
    case Tool::splunk: return "splunk";
    case Tool::regex: return "regex";
    case Tool::json_schema: return "json-schema";
    }
    return "";
}

std::optional<Tool> tool_named(std::string_view name)
{
    const auto found = std::find_if(kTools.begin(), kTools.end(),
                                    [name](Tool tool) { return name_of(tool) == name; });
    return found == kTools.end() ? std::nullopt : std::optional(*found);
}

bool takes_timezone(Tool tool)
{
    return tool == Tool::grok || tool == Tool::vector || tool == Tool::opentelemetry ||
           tool == Tool::splunk;
}

std::string definition_for(Tool tool, std::string_view timezone)
{
    switch (tool) {
    case Tool::lnav: return lnav();
    case Tool::liblognorm: return liblognorm_definition();
    case Tool::mmnormalize: return mmnormalize_definition();
    case Tool::grok: return grok(timezone);
    case Tool::fluent_bit: return fluent_bit();
    case Tool::vector: return vector_vrl(timezone);
    case Tool::opentelemetry: return opentelemetry_definition(timezone);
    case Tool::splunk: return splunk(timezone);
    case Tool::regex: return regex();
    case Tool::json_schema: return json_schema();
    }
    return "";
}

}  // namespace hasim::logtools
