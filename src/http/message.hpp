/// A request and its answer, as the handlers see them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>

namespace hasim::http {

struct Request {
    std::string method;  ///< upper case; HEAD comes as GET
    std::string path;    ///< without the query
    std::string query;   ///< behind `?`, as it came
    std::string host;    ///< headers, empty when absent
    std::string origin;
    std::string authorization;
    std::string last_event_id;
    std::string content_type;
    std::string body;
    /// Names what is to be called, once, should the client leave before it has its answer.
    std::function<void(std::function<void()>)> when_gone;
};

struct Response {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    bool streams = false;  ///< the events behind `after` follow, in place of a body
    std::uint64_t after = 0;
};

/// To be called once, from the loop; later calls and calls after the client went are for nothing.
using Reply = std::function<void(Response response)>;
using Handler = std::function<void(const Request& request, const Reply& reply)>;

/// A refusal as RFC 9457 has it. `errors` are places in what was sent.
[[nodiscard]] Response problem(unsigned status, std::string_view detail,
                               boost::json::array errors = {});

/// "Bad Request"
[[nodiscard]] std::string_view title_of(unsigned status);

/// The value of `name` in a query, with its %XX decoded; empty when it is not there.
[[nodiscard]] std::string query_value(std::string_view query, std::string_view name);

}  // namespace hasim::http
