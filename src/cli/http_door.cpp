#include "cli/http_door.hpp"

#include <charconv>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "cli/vocabulary.hpp"
#include "http/pages.hpp"
#include "monitor/json_text.hpp"
#include "scenario/values.hpp"

namespace hasim::cli {

namespace json = boost::json;
using http::problem;
using http::Reply;
using http::Request;
using http::Response;

namespace {

Response text(std::string body, std::string type = "text/plain; charset=utf-8")
{
    return {200, std::move(type), std::move(body), {}, false, 0};
}

Response object(const json::object& body)
{
    return text(monitor::json_text(body) + "\n", "application/json");
}

std::optional<std::uint64_t> number_in(std::string_view digits)
{
    std::uint64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [last, error] = std::from_chars(digits.data(), end, number);
    return error == std::errc() && last == end ? std::optional(number) : std::nullopt;
}

double seconds_of(Instant moment)
{
    return monitor::seconds(moment.time_since_epoch());
}

/// A number of seconds.
std::optional<Duration> seconds_in(const json::value& value)
{
    constexpr double kMost = 86'400;
    const double number = value.to_number<double>();
    return number >= 0 && number <= kMost
               ? std::optional(std::chrono::round<Duration>(std::chrono::duration<double>(number)))
               : std::nullopt;
}

/// The body of POST /wait, or what is wrong with it.
std::variant<Desk::Wanted, std::string> wanted_in(const json::object& body)
{
    Desk::Wanted wanted;
    bool has_line = false;
    for (const auto& [name, value] : body) {
        const std::string text = value.is_string() ? std::string(value.as_string()) : std::string();
        if (name == "line") {
            LogPatternResult pattern = parse_log_pattern(text);
            if (!pattern.pattern) {
                return "line: " + pattern.findings.front().text;
            }
            wanted.pattern = std::move(*pattern.pattern);
            has_line = true;
        } else if (name == "after") {
            if (!value.is_int64() || value.as_int64() < 0) {
                return "after: a number of lines, as log.lines in the state";
            }
            wanted.after = static_cast<std::uint64_t>(value.as_int64());
        } else if (name == "timeout") {
            const auto timeout =
                value.is_number() ? seconds_in(value) : scenario::read_duration(text);
            if (!timeout || *timeout > Desk::kLongestWait) {
                return "timeout: a duration of real time up to 1h, as \"10s\", or seconds";
            }
            wanted.timeout = *timeout;
        } else {
            return "unknown field: " + std::string(name) + "; there are line, after and timeout";
        }
    }
    if (!has_line) {
        return "line is missing: what to wait for, as \"DROPMEMBER member 1234840370164\"";
    }
    return wanted;
}

}  // namespace

HttpDoor::HttpDoor(LiveStage& stage, Desk& desk)
    : desk_(desk), server_(stage.io(), routes(), desk.open_feed())
{
    server_.set_most_connections(stage.http_connections());
    server_.before_news([this] { desk_.tell_done(); });
}

std::string HttpDoor::open(const HttpRequest& request)
{
    return server_.listen(*request.address, request.token);
}

std::vector<http::Route> HttpDoor::routes()
{
    const auto get = [](std::string path, auto answer) {
        return http::Route{"GET", std::move(path),
                           [answer](const Request&, const Reply& reply) { reply(answer()); }};
    };
    std::vector<http::Route> routes{
        get("/api/v1/state", [this] { return object(desk_.state()); }),
        get("/api/v1/messages", [] { return text(messages_json(), "application/json"); }),
        get("/api/v1/faults", [] { return text(faults_json(), "application/json"); }),
        get("/api/v1/scenario",
            [this] {
                Response response = text(desk_.scenario());
                response.headers.emplace_back("Content-Disposition",
                                              "attachment; filename=\"hasim-outage.hasim\"");
                return response;
            }),
        get("/metrics",
            [this] {
                return text(desk_.metrics({server_.readers(), server_.dropped_readers()}),
                            "text/plain; version=0.0.4; charset=utf-8");
            }),
        {"GET", "/api/v1/events",
         [this](const auto& one, const auto& reply) { events(one, reply); }},
        {"POST", "/api/v1/commands",
         [this](const auto& one, const auto& reply) { commands(one, reply); }},
        {"POST", "/api/v1/wait", [this](const auto& one, const auto& reply) { wait(one, reply); }},
        get("/healthz", [] { return text("ok\n"); }),
    };
    routes.back().needs_token = false;
    for (const http::Page& page : http::pages()) {
        routes.push_back(get(std::string(page.path), [&page] {
            return text(std::string(page.text), std::string(page.type));
        }));
        routes.back().needs_token = false;
    }
    return routes;
}

void HttpDoor::events(const Request& request, const Reply& reply)
{
    const std::string after = request.last_event_id.empty()
                                  ? http::query_value(request.query, "after")
                                  : request.last_event_id;
    const auto number = after.empty() ? std::optional(desk_.last_event()) : number_in(after);
    if (!number) {
        reply(problem(400, "Last-Event-ID, or after: the number of an event"));
        return;
    }
    Response response;
    response.streams = true;
    response.after = *number;
    reply(std::move(response));
}

void HttpDoor::commands(const Request& request, const Reply& reply)
{
    const Obeyed obeyed = desk_.command(request.body, "http");
    if (!obeyed.errors.empty()) {
        json::array errors;
        for (const Finding& finding : obeyed.errors) {
            errors.push_back(json::object{
                {"line", finding.line}, {"column", finding.column}, {"text", finding.text}});
        }
        reply(problem(400, "nothing was done: " + obeyed.errors.front().text, std::move(errors)));
        return;
    }
    json::array done;
    for (const Order& order : obeyed.done) {
        const auto* const at = std::get_if<At>(&order.event.trigger);
        done.push_back(json::object{{"line", order.line},
                                    {"text", order.text},
                                    {"at", seconds_of(at == nullptr ? obeyed.at : at->at)},
                                    {"later", order.later}});
    }
    if (done.empty()) {
        reply(problem(400, "the body has no line; send lines as text, such as: hsm2 cable out"));
        return;
    }
    reply(object({{"at", seconds_of(obeyed.at)},
                  {"event", desk_.last_event()},
                  {"lines", desk_.lines()},
                  {"done", std::move(done)}}));
}

void HttpDoor::wait(const Request& request, const Reply& reply)
{
    boost::system::error_code error;
    const json::value body = json::parse(request.body, error);
    if (error || !body.is_object()) {
        reply(problem(400, "the body is no JSON object; send {\"line\": \"DROPMEMBER\"}"));
        return;
    }
    auto wanted = wanted_in(body.as_object());
    if (const std::string* const wrong = std::get_if<std::string>(&wanted)) {
        reply(problem(400, *wrong));
        return;
    }
    if (const std::string never = desk_.cannot_come(std::get<Desk::Wanted>(wanted).pattern);
        !never.empty()) {
        reply(problem(400, "line: " + never));
        return;
    }
    const auto leave =
        desk_.wait(std::get<Desk::Wanted>(std::move(wanted)), [reply](const json::object* line) {
            json::object answer{{"found", line != nullptr}};
            if (line != nullptr) {
                answer.insert(line->begin(), line->end());
            }
            reply(object(answer));
        });
    if (!leave) {
        reply(problem(503, "too many wait already"));
    } else if (request.when_gone) {
        request.when_gone(leave);
    }
}

}  // namespace hasim::cli
