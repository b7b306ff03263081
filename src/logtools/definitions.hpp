/// The HA log's format in the words of other tools, made from the message catalogue.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hasim/log_record.hpp"

namespace hasim::logtools {

enum class Tool : std::uint8_t {
    lnav,           ///< a format file, ~/.config/lnav/formats/installed/hasim.json
    liblognorm,     ///< a version 2 rule base
    mmnormalize,    ///< a file of /etc/rsyslog.d: imfile, and mmnormalize with the same rules
    grok,           ///< a patterns file: HALOG_LINE matches every line
    fluent_bit,     ///< [PARSER] sections
    vector,         ///< a VRL program for a remap transform
    opentelemetry,  ///< a filelog receiver of the collector
    splunk,         ///< a stanza of props.conf
    regex,          ///< name, tab, regular expression: one per form, and one for all
    json_schema,    ///< of the rows of `hasim log parse --json`
};
inline constexpr std::array kTools{
    Tool::lnav,   Tool::liblognorm,    Tool::mmnormalize, Tool::grok,  Tool::fluent_bit,
    Tool::vector, Tool::opentelemetry, Tool::splunk,      Tool::regex, Tool::json_schema};

/// "lnav", "liblognorm", "mmnormalize", "grok", "fluent-bit", "vector", "opentelemetry", "splunk", "regex",
/// "json-schema".
[[nodiscard]] std::string_view name_of(Tool tool);
[[nodiscard]] std::optional<Tool> tool_named(std::string_view name);

/// How an expression names its groups.
enum class GroupNames : std::uint8_t {
    none,    ///< (...)
    angle,   ///< (?<member>...): PCRE, Onigmo, Java, .NET
    python,  ///< (?P<member>...): Python, RE2, Rust
};

/// A regular expression for a line of `form`, from ^ to $. Its groups are timestamp, pid, group, member, attempt, code
/// and code_name, as far as the form has them. Takes one blank or two before the day, a full stop, or none, at the end,
/// and CRLF.
[[nodiscard]] std::string line_expression(LogForm form, GroupNames names);
/// The same for a line of any form. With names, some names stand more than once (PCRE: option DUPNAMES, or (?J)).
[[nodiscard]] std::string line_expression(GroupNames names);
/// For the part of a line of `form` behind its prefix alone, from the blank on, without an end or names.
[[nodiscard]] std::string message_expression(LogForm form);

/// Whether a definition for `tool` can say in which time zone the stamps are.
[[nodiscard]] bool takes_timezone(Tool tool);
/// The definition for `tool`, with a comment on how to use it where the tool has comments. `timezone` names the
/// client's zone; empty: that of the tool.
[[nodiscard]] std::string definition_for(Tool tool, std::string_view timezone = {});

}  // namespace hasim::logtools
