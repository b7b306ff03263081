#include "corpus/json_fields.hpp"

#include <stdexcept>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace hasim::corpus {

namespace json = boost::json;

json::object parse_object(std::string_view text)
{
    boost::system::error_code error;
    json::value value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error) {
        // The library's own message names a header of its own.
        throw std::runtime_error(
            error == json::error::incomplete
                ? "it is no JSON: it breaks off before its end, as a cut file does"
                : "it is no JSON: it holds what JSON does not");
    }
    if (!value.is_object()) {
        throw std::runtime_error("it is no JSON object");
    }
    return std::move(value.as_object());
}

const json::value& field(const json::object& object, std::string_view key)
{
    const json::value* const value = object.if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr) {
        throw std::runtime_error(fmt::format("it has no \"{}\"", key));
    }
    return *value;
}

std::uint64_t number_of(const json::value& value, std::string_view what)
{
    if (value.is_uint64()) {
        return value.get_uint64();
    }
    if (value.is_int64() && value.get_int64() >= 0) {
        return static_cast<std::uint64_t>(value.get_int64());
    }
    throw std::runtime_error(fmt::format("its \"{}\" is no whole number", what));
}

std::uint64_t number_field(const json::object& object, std::string_view key)
{
    return number_of(field(object, key), key);
}

std::string text_field(const json::object& object, std::string_view key)
{
    const json::value& value = field(object, key);
    if (!value.is_string()) {
        throw std::runtime_error(fmt::format("its \"{}\" is no text", key));
    }
    return std::string(std::string_view(value.get_string()));
}

const json::array& array_field(const json::object& object, std::string_view key)
{
    const json::value& value = field(object, key);
    if (!value.is_array()) {
        throw std::runtime_error(fmt::format("its \"{}\" is no list", key));
    }
    return value.get_array();
}

const json::object& object_field(const json::object& object, std::string_view key)
{
    const json::value& value = field(object, key);
    if (!value.is_object()) {
        throw std::runtime_error(fmt::format("its \"{}\" is no object", key));
    }
    return value.get_object();
}

}  // namespace hasim::corpus
