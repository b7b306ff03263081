#include "corpus/json_difference.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "corpus/json_fields.hpp"

namespace hasim::corpus {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestValue = 60;

std::string text_of(const json::value* value)
{
    const std::string text = value == nullptr ? "nothing" : json::serialize(*value);
    return text.size() <= kLongestValue ? text : text.substr(0, kLongestValue) + "...";
}

/// 1 as a signed number and 1 as an unsigned one are the same here.
bool same(const json::value& a, const json::value& b)
{
    return a == b || json::serialize(a) == json::serialize(b);
}

void compare(const std::string& path, const json::value* said, const json::value* found,
             std::vector<std::string>& differences);

void compare_objects(const std::string& path, const json::object& said, const json::object& found,
                     std::vector<std::string>& differences)
{
    const auto place = [&](std::string_view key) {
        return fmt::format("{}{}{}", path, path.empty() ? "" : ".", key);
    };
    for (const auto& [key, value] : said) {
        compare(place(key), &value, found.if_contains(key), differences);
    }
    for (const auto& [key, value] : found) {
        if (!said.contains(key)) {
            compare(place(key), nullptr, &value, differences);
        }
    }
}

void compare(const std::string& path, const json::value* said, const json::value* found,
             std::vector<std::string>& differences)
{
    if (said != nullptr && found != nullptr && same(*said, *found)) {
        return;
    }
    if (said != nullptr && found != nullptr && said->is_object() && found->is_object()) {
        compare_objects(path, said->get_object(), found->get_object(), differences);
    } else if (said != nullptr && found != nullptr && said->is_array() && found->is_array() &&
               said->get_array().size() == found->get_array().size()) {
        for (std::size_t i = 0; i < said->get_array().size(); ++i) {
            compare(fmt::format("{}[{}]", path, i), &said->get_array()[i], &found->get_array()[i],
                    differences);
        }
    } else {
        differences.push_back(fmt::format("says {} in {}, and the files say {}", text_of(said),
                                          path, text_of(found)));
    }
}

}  // namespace

std::vector<std::string> manifest_differences(std::string_view said, std::string_view found)
{
    json::object one = parse_object(said);
    json::object other = parse_object(found);
    for (json::object* object : {&one, &other}) {
        object->erase("files");
        object->erase("manifest_xxh3_128");
    }
    std::vector<std::string> differences;
    compare_objects("", one, other, differences);
    return differences;
}

}  // namespace hasim::corpus
