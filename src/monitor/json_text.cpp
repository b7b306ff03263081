#include "monitor/json_text.hpp"

#include <cmath>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/plain_text.hpp"

namespace hasim::monitor {

namespace json = boost::json;

namespace {

std::string number_text(double number)
{
    std::string text = fmt::format("{:.6f}", std::isfinite(number) ? number : 0.0);
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

void append(const json::value& value, std::string& text)
{
    if (value.is_double()) {
        text += number_text(value.get_double());
    } else if (const json::array* const list = value.if_array()) {
        text += '[';
        for (const json::value& one : *list) {
            append(one, text);
            text += ',';
        }
        list->empty() ? text.push_back(']') : static_cast<void>(text.back() = ']');
    } else if (const json::object* const object = value.if_object()) {
        text += '{';
        for (const auto& [name, one] : *object) {
            text += json::serialize(json::value(json::string_view(name)));
            text += ':';
            append(one, text);
            text += ',';
        }
        object->empty() ? text.push_back('}') : static_cast<void>(text.back() = '}');
    } else if (value.is_string()) {
        // A label may have any bytes, and JSON has only UTF-8.
        const std::string bytes(value.get_string());
        text += json::serialize(json::value(is_utf8(bytes) ? bytes : printable(bytes)));
    } else {
        text += json::serialize(value);
    }
}

}  // namespace

std::string json_text(const json::value& value)
{
    std::string text;
    append(value, text);
    return text;
}

}  // namespace hasim::monitor
