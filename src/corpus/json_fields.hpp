/// Fields of JSON objects that came from outside, with errors in plain words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace hasim::corpus {

/// All of these throw std::runtime_error, whose text says what is wrong and has no full stop.

/// The object that `text` holds, and nothing else.
[[nodiscard]] boost::json::object parse_object(std::string_view text);

[[nodiscard]] const boost::json::value& field(const boost::json::object& object,
                                              std::string_view key);
[[nodiscard]] std::uint64_t number_field(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::string text_field(const boost::json::object& object, std::string_view key);
[[nodiscard]] const boost::json::array& array_field(const boost::json::object& object,
                                                    std::string_view key);
[[nodiscard]] const boost::json::object& object_field(const boost::json::object& object,
                                                      std::string_view key);

/// A whole number that is not below 0; `what` names it.
[[nodiscard]] std::uint64_t number_of(const boost::json::value& value, std::string_view what);

}  // namespace hasim::corpus
