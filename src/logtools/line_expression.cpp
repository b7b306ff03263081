#include <fmt/format.h>

#include "log/template_pieces.hpp"
#include "logtools/definitions.hpp"

namespace hasim::logtools {
namespace {

std::string escaped(std::string_view literal)
{
    std::string out;
    for (const char c : literal) {
        if (std::string_view(".[](){}|*+?^$\\").find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string group(std::string_view name, std::string_view inside, GroupNames names)
{
    std::string out = "(";
    if (names != GroupNames::none) {
        out += names == GroupNames::python ? "?P<" : "?<";
        out += name;
        out += '>';
    }
    out += inside;
    return out + ')';
}

constexpr std::string_view kStamp =
    "[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}";
constexpr std::string_view kSerial = "[0-9]{1,20}";
constexpr std::string_view kNumber = "[0-9]{1,10}";

std::string prefix(GroupNames names)
{
    return group("timestamp", kStamp, names) + " : \\[" + group("pid", kNumber, names) +
           "\\] HA group: " + group("group", kSerial, names);
}

std::string argument(log::ArgumentKind kind, GroupNames names)
{
    switch (kind) {
    case log::ArgumentKind::serial: return group("member", kSerial, names);
    case log::ArgumentKind::attempt: return group("attempt", kNumber, names);
    case log::ArgumentKind::code_hex: return group("code", "(?:0x)?[0-9A-Fa-f]{1,8}", names);
    case log::ArgumentKind::code_name: return group("code_name", "[A-Za-z0-9_]+", names);
    }
    return "";
}

// What stands behind the prefix.
std::string message(LogForm form, GroupNames names)
{
    const log::Pieces& pieces = log::kPieces[static_cast<std::size_t>(form)];
    std::string out;
    for (std::size_t i = 0; i < pieces.count; ++i) {
        const log::Piece& piece = pieces.list[i];
        if (piece.has_argument || piece.literal != ".") {
            out += escaped(piece.literal);
        }
        out += piece.has_argument ? argument(piece.argument, names) : "";
    }
    return out;
}

// A full stop or none, and the end of the line: CRLF, or more lines behind it, as some tools hand in.
constexpr std::string_view kEnd = "\\.?\\r?(?:\\n|$)";

}  // namespace

std::string line_expression(LogForm form, GroupNames names)
{
    return fmt::format("^{}{}{}", prefix(names), message(form, names), kEnd);
}

std::string message_expression(LogForm form)
{
    return message(form, GroupNames::none);
}

std::string line_expression(GroupNames names)
{
    std::string all;
    for (const log::Message& each : log::kCatalogue) {
        all += (all.empty() ? "" : "|") + message(each.form, names);
    }
    return fmt::format("^{}(?:{}){}", prefix(names), all, kEnd);
}

}  // namespace hasim::logtools
