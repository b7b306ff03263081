#include "log/catalogue.hpp"

#include <algorithm>

#include "base/words.hpp"

namespace hasim::log {
namespace {

bool is_id(std::string_view spelling, std::string_view id)
{
    return !id.empty() && (same_but_for_case(spelling, id) ||
                           same_but_for_case(spelling, id.substr(kIdPrefix.size())));
}

}  // namespace

std::string_view to_text(MessageStatus status)
{
    switch (status) {
    case MessageStatus::current: return "current";
    case MessageStatus::deprecated: return "deprecated";
    case MessageStatus::future: return "future";
    }
    return "";
}

std::string_view placeholder_of(ArgumentKind kind)
{
    switch (kind) {
    case ArgumentKind::serial: return "SerialNumber";
    case ArgumentKind::attempt: return "Integer";
    case ArgumentKind::code_hex: return "ErrorCodeHex";
    case ArgumentKind::code_name: return "ErrorCodeString";
    }
    return "";
}

std::string_view to_text(ArgumentKind kind)
{
    switch (kind) {
    case ArgumentKind::serial: return "serial";
    case ArgumentKind::attempt: return "attempt";
    case ArgumentKind::code_hex: return "code-hex";
    case ArgumentKind::code_name: return "code-name";
    }
    return "";
}

std::optional<std::string_view> canonical_id(std::string_view spelling)
{
    for (const Message& message : kCatalogue) {
        if (is_id(spelling, message.id) || is_id(spelling, message.other_spelling)) {
            return message.id;
        }
    }
    return std::nullopt;
}

std::optional<LogForm> form_named(std::string_view name)
{
    for (const Message& message : kCatalogue) {
        if (message.name == name) {
            return message.form;
        }
    }
    return std::nullopt;
}

}  // namespace hasim::log
