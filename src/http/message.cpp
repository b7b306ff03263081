#include "http/message.hpp"

#include <charconv>

#include <boost/beast/http/status.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hasim::http {

namespace {

std::string decoded(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const char* const digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
            plain += static_cast<char>(value);
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

}  // namespace

std::string_view title_of(unsigned status)
{
    const boost::beast::string_view title =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    return {title.data(), title.size()};
}

Response problem(unsigned status, std::string_view detail, boost::json::array errors)
{
    boost::json::object object{{"type", "about:blank"},
                               {"title", title_of(status)},
                               {"status", status},
                               {"detail", detail}};
    if (!errors.empty()) {
        object["errors"] = std::move(errors);
    }
    return {status, "application/problem+json", boost::json::serialize(object) + "\n", {}, false,
            0};
}

std::string query_value(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view part = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = std::min(part.find('='), part.size());
        if (decoded(part.substr(0, equals)) == name) {
            return decoded(part.substr(std::min(equals + 1, part.size())));
        }
    }
    return {};
}

}  // namespace hasim::http
