// Goal: tests in any language, a browser and Prometheus find in a live run what docs/http.md and openapi.json say.
#include <csignal>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/http.hpp"
#include "support/lab.hpp"
#include "support/process.hpp"

using namespace hasim::test;
namespace json = boost::json;

namespace {

std::string text_of(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

struct Running {
    explicit Running(std::vector<std::string> more = {})
        : process(arguments(std::move(more)), {.environment = environment()})
    {
        REQUIRE(process.wait_for("ready: every client is logged in to every group"));
        port = http_port(process.err());
        REQUIRE(port != 0);
    }

    std::vector<std::string> arguments(std::vector<std::string> more) const
    {
        std::vector<std::string> all{"run",       "--conf", sample(), "--speed", "20",
                                     "--log-dir", log(),    "--http", "0"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    static std::string sample() { return (source_dir() / "config/Chrystoki.conf").string(); }
    std::string log() const { return (directory.path() / "log").string(); }
    std::vector<std::pair<std::string, std::string>> environment() const
    {
        return {{"XDG_RUNTIME_DIR", directory.path().string()}};
    }
    Finished ctl(std::vector<std::string> words) const
    {
        words.insert(words.begin(), "ctl");
        return run_hasim(words, {.environment = environment()});
    }
    HttpAnswer get(std::string_view target) const { return http(port, "GET", target); }
    HttpAnswer command(std::string_view lines) const
    {
        return http(port, "POST", "/api/v1/commands", lines);
    }
    json::object wait(std::string_view line, std::string_view timeout = "60s") const
    {
        const HttpAnswer answer =
            http(port, "POST", "/api/v1/wait",
                 fmt::format(R"({{"line":"{}","timeout":"{}"}})", line, timeout));
        CHECK(answer.status == 200);
        return json::parse(answer.body).as_object();
    }

    TemporaryDirectory directory;
    Process process;
    std::uint16_t port = 0;
};

/// What of `value` does not fit `schema`; empty when all does. The part of JSON Schema that docs/openapi.json uses.
std::string misfit(const json::object& document, const json::value& schema,
                   const json::value& value, const std::string& where)
{
    const json::object& rule = schema.as_object();
    if (const json::value* const ref = rule.if_contains("$ref")) {
        std::string name(ref->as_string());
        name.erase(0, std::string_view("#/components/schemas/").size());
        return misfit(document, document.at("components").at("schemas").at(name), value, where);
    }
    if (const json::value* const words = rule.if_contains("enum")) {
        const json::array& all = words->as_array();
        return std::find(all.begin(), all.end(), value) == all.end() ? where + ": not in the enum"
                                                                     : "";
    }
    const auto fits = [&](std::string_view type) {
        return type == "object"    ? value.is_object()
               : type == "array"   ? value.is_array()
               : type == "string"  ? value.is_string()
               : type == "boolean" ? value.is_bool()
               : type == "integer" ? value.is_int64() || value.is_uint64()
               : type == "number"  ? value.is_number()
                                   : type == "null" && value.is_null();
    };
    const json::value& type = rule.at("type");
    const json::array types = type.is_array() ? type.as_array() : json::array{type};
    if (std::none_of(types.begin(), types.end(),
                     [&](const json::value& one) { return fits(one.as_string()); })) {
        return where + ": another type";
    }
    if (const json::value* const properties = rule.if_contains("properties")) {
        for (const json::value& name : rule.at("required").as_array()) {
            if (!value.as_object().contains(name.as_string())) {
                return where + ": lacks " + std::string(name.as_string());
            }
        }
        for (const auto& [name, field] : value.as_object()) {
            const json::value* const one = properties->as_object().if_contains(name);
            std::string wrong =
                one == nullptr ? where + ": has " + std::string(name)
                               : misfit(document, *one, field, where + "." + std::string(name));
            if (!wrong.empty()) {
                return wrong;
            }
        }
    }
    if (const json::value* const items = rule.if_contains("items"); items && value.is_array()) {
        for (const json::value& one : value.as_array()) {
            if (std::string wrong = misfit(document, *items, one, where + "[]"); !wrong.empty()) {
                return wrong;
            }
        }
    }
    return {};
}

/// What of an answer is not as the description says; empty when all is.
std::string misfit(const json::object& document, std::string_view path, std::string_view method,
                   const HttpAnswer& answer)
{
    const json::object& responses =
        document.at("paths").at(path).at(method).at("responses").as_object();
    const json::value* const response = responses.if_contains(std::to_string(answer.status));
    if (response == nullptr) {
        return fmt::format("{}: status {} is not described", path, answer.status);
    }
    const auto& [type, content] = *response->at("content").as_object().begin();
    if (answer.head.find("Content-Type: " + std::string(type) + "\r\n") == std::string::npos) {
        return fmt::format("{}: another content type", path);
    }
    return std::string_view(type).find("json") == std::string_view::npos
               ? ""
               : misfit(document, content.at("schema"), json::parse(answer.body),
                        std::string(path));
}

}  // namespace

TEST_CASE(
    "a test breaks a member with one request, waits for the line, finds it in the file, heals")
{
    const Running run;
    const HttpAnswer broken = run.command("hsm2 cable out\n# a comment\n\n");
    CHECK(broken.status == 200);
    CHECK_THAT(broken.body, ContainsSubstring("\"text\":\"hsm2 cable out\""));
    const json::object dropped = run.wait("DROPMEMBER member 1234924189183");
    REQUIRE(dropped.at("found").as_bool());
    CHECK(text_of(run.log() + "/haErrorLog.txt") ==
          std::string(dropped.at("text").as_string()) + "\n");
    CHECK_THAT(run.get("/api/v1/state").body, ContainsSubstring("\"faults\":[\"cable out\"]") &&
                                                  ContainsSubstring("\"state\":\"dropped\""));
    CHECK_FALSE(run.wait("RECOVERED", "50ms").at("found").as_bool());
    CHECK(run.command("heal all").status == 200);
    CHECK(run.wait("RECOVERED").at("found").as_bool());
    // Since that command, no member was dropped.
    CHECK_FALSE(run.wait("DROPMEMBER", "50ms").at("found").as_bool());

    const std::string recording = run.get("/api/v1/scenario").body;
    const std::string path = (run.directory.path() / "recorded.hasim").string();
    std::ofstream(path) << recording;
    CHECK_THAT(recording, ContainsSubstring("DROPMEMBER member 1234924189183"));
    CHECK_THAT(run_hasim({"test", path}).out, ContainsSubstring("1 passed, 0 failed"));
    const std::string other = (run.directory.path() / "other.hasim").string();
    std::ofstream(other) << std::string(recording).replace(recording.find("cable out"), 9,
                                                           "deactivate");
    CHECK(run_hasim({"test", other}).exit_code == 1);
}

TEST_CASE("of several lines all are done, or none, and what is wrong has its place")
{
    const Running run;
    const HttpAnswer wrong =
        run.command("hsm2 cable out\nhsm9 cable out\nhsm1 unplug\nclient x kill");
    CHECK(wrong.status == 400);
    const json::array errors = json::parse(wrong.body).at("errors").as_array();
    REQUIRE(errors.size() == 3);
    CHECK(errors[0].at("line").to_number<int>() == 2);
    CHECK_THAT(std::string(errors[0].at("text").as_string()),
               ContainsSubstring("there is no hsm9"));
    CHECK(errors[1].at("column").to_number<int>() == 6);
    CHECK(errors[2].at("line").to_number<int>() == 4);
    CHECK_THAT(run.get("/api/v1/state").body, !ContainsSubstring("cable out"));
    CHECK_THAT(run.get("/api/v1/scenario").body, !ContainsSubstring("cable out"));
    CHECK(run.command("").status == 400);
    CHECK(run.command("on log DROPMEMBER hsm1 reset").status == 400);
}

TEST_CASE("ctl gives a shell what HTTP gives, and both see what the other did")
{
    Running run;
    CHECK_THAT(run.ctl({"hsm2", "ntls", "stop"}).out, StartsWith("done at "));
    const Finished waited =
        run.ctl({"wait", "DROPMEMBER", "member", "1234924189183", "--timeout", "60s"});
    CHECK(waited.exit_code == 0);
    CHECK_THAT(waited.out, EndsWith("has dropped member: 1234924189183\n"));
    const Finished in_vain = run.ctl({"wait", "LOGINFAILED", "--timeout", "50ms"});
    CHECK(in_vain.exit_code == 1);
    CHECK_THAT(in_vain.err, ContainsSubstring("no such line was written within 50ms"));
    CHECK(run.ctl({"wait", "DROPMEMER"}).exit_code == 2);
    CHECK_THAT(run.ctl({"wait"}).err, ContainsSubstring("for what?"));
    CHECK_THAT(run.ctl({"wait", "DROPMEMBER", "member", "77"}).err,
               ContainsSubstring("no group has a member 77"));
    CHECK_THAT(run.ctl({"wait", "UNRECOVERABLE"}).err,
               ContainsSubstring("only with --messages all"));
    CHECK(run.ctl({"status", "--timeout", "1s"}).exit_code == 2);
    CHECK_THAT(run.ctl({"status", "--json"}).out, ContainsSubstring("\"state\":\"ntls_stopped\""));
    CHECK_THAT(run.ctl({"scenario"}).out, ContainsSubstring("hsm2  ntls stop"));
    CHECK_THAT(run.ctl({"metrics"}).out, ContainsSubstring("hasim_members{state=\"dropped\"} 1"));
    CHECK(run.command("hsm2 ntls start").status == 200);
    CHECK(run.process.wait_for("hsm2 ntls start (http)"));
    CHECK_THAT(run.ctl({"scenario"}).out, ContainsSubstring("hsm2  ntls start"));
}

TEST_CASE("who leaves while it waits leaves its place to others")
{
    const Running run;
    const auto wait = fmt::format(
        "POST /api/v1/wait HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: 38\r\n\r\n"
        R"({{"line":"LOGINFAILED","timeout":"1h"}})",
        run.port);
    for (int round = 0; round < 11; ++round) {  // 1,100 in all, and 1,000 may wait at once
        std::vector<std::unique_ptr<HttpSocket>> gone;
        for (int i = 0; i < 100; ++i) {
            gone.push_back(std::make_unique<HttpSocket>(run.port));
            gone.back()->send(wait);
        }
        CHECK(run.get("/healthz").status == 200);
    }
    CHECK_FALSE(run.wait("LOGINFAILED", "1ms").at("found").as_bool());
}

TEST_CASE("events tell a reader what happens, and it goes on where it was")
{
    const Running run;
    HttpSocket reader(run.port);
    reader.send(fmt::format("GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", run.port));
    CHECK(run.command("hsm2 reset").status == 200);
    CHECK(reader.read_until("\"text\":\"hsm2 reset\"}\n\n"));
    CHECK(reader.read_until("\"id\":\"HALOG_DROPMEMBER\""));
    CHECK(reader.read_until("event: calls"));
    const std::size_t line = reader.read().find("event: line");
    const std::size_t id = reader.read().rfind("id: ", line) + 4;
    const std::uint64_t number = std::stoull(reader.read().substr(id));
    HttpSocket again(run.port);
    again.send(fmt::format(
        "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nLast-Event-ID: {}\r\n\r\n", run.port,
        number - 1));
    CHECK(again.read_until(fmt::format("\r\n\r\nid: {}\nevent: line", number)));
    CHECK(run.get("/api/v1/events?after=x").status == 400);
}

TEST_CASE("every answer is as docs/openapi.json says")
{
    const Running run;
    const json::object document =
        json::parse(text_of(source_dir() / "docs/openapi.json")).as_object();
    CHECK(run.command("hsm2 power off").status == 200);
    CHECK(run.wait("DROPMEMBER").at("found").as_bool());
    const auto check = [&](std::string_view method, std::string_view path,
                           std::string_view body = {}) {
        const HttpAnswer answer = http(run.port, method == "get" ? "GET" : "POST", path, body);
        CHECK(misfit(document, path, method, answer) == "");
        return answer;
    };
    const HttpAnswer state = check("get", "/api/v1/state");
    for (const std::string_view path : {"/api/v1/scenario", "/api/v1/messages", "/api/v1/faults",
                                        "/api/v1/openapi.json", "/metrics", "/healthz"}) {
        CHECK(check("get", path).status == 200);
    }
    CHECK(check("post", "/api/v1/commands", "hsm2 power on\nat 100000s hsm2 reset").status == 200);
    CHECK(check("post", "/api/v1/commands", "hsm2 power up").status == 400);
    CHECK(check("post", "/api/v1/wait", R"({"line":"RECOVERED","timeout":"60s"})").status == 200);
    CHECK(check("post", "/api/v1/wait", R"({"line":"LOGINFAILED","timeout":"1ms"})").status == 200);
    CHECK(check("post", "/api/v1/wait", R"({"line":"LOGINFAILED","timeout":0.001})").status == 200);
    for (const std::string_view body :
         {"", "[]", "{}", R"({"line":5})", R"({"line":"X"})", R"({"line":"RECOVERED","after":-1})",
          R"({"line":"RECOVERED","timeout":"2h"})", R"({"line":"RECOVERED","timeout":-1})",
          R"({"line":"RECOVERED","timeout":1e300})", R"({"line":"RECOVERED group \"x\""})",
          R"({"line":"RECOVERED","more":1})"}) {
        CHECK(check("post", "/api/v1/wait", body).status == 400);
    }
    CHECK(run.get("/api/v1/openapi.json").body == text_of(source_dir() / "docs/openapi.json"));

    // The check can fail.
    HttpAnswer other = state;
    other.body.replace(other.body.find("\"now\""), 5, "\"noon\"");
    CHECK(misfit(document, "/api/v1/state", "get", other) == "/api/v1/state: lacks now");
    other = state;
    other.body.replace(other.body.find("\"role\":\"active\""), 15, "\"role\":\"lazy\"");
    CHECK_THAT(misfit(document, "/api/v1/state", "get", other), EndsWith("role: not in the enum"));
    other.status = 418;
    CHECK_THAT(misfit(document, "/api/v1/state", "get", other), EndsWith("is not described"));
}

TEST_CASE("other machines need a token, and what is wrong with it is said before anything runs")
{
    const TemporaryDirectory directory;
    const std::string token = (directory.path() / "token").string();
    const auto run = [&](std::vector<std::string> more) {
        std::vector<std::string> all{
            "run",   "--conf", Running::sample(), "--log-dir", directory.path().string(),
            "--for", "1s"};
        all.insert(all.end(), more.begin(), more.end());
        return run_hasim(all);
    };
    CHECK(run({"--http", "0.0.0.0:0"}).exit_code == 2);
    CHECK_THAT(run({"--http", "0.0.0.0:0"}).err, ContainsSubstring("give --http-token-file FILE"));
    CHECK_THAT(run({"--http", "80:"}).err, ContainsSubstring("--http: '80:'"));
    CHECK_THAT(run({"--http", "0", "--virtual"}).err, ContainsSubstring("leave one of them out"));
    CHECK_THAT(run({"--http-token-file", token}).err, ContainsSubstring("there is no --http"));
    CHECK_THAT(run({"--http", "0", "--http-token-file", token}).err, ContainsSubstring(token));
    std::ofstream(token) << "short\n";
    CHECK_THAT(run({"--http", "0", "--http-token-file", token}).err,
               ContainsSubstring("at least 16 printable ASCII characters"));
    std::ofstream(token) << "  a-secret-of-some-length\n";
    const Running open({"--http-token-file", token});
    CHECK(open.get("/healthz").status == 200);
    CHECK(open.get("/").status == 200);
    CHECK(open.get("/api/v1/state").status == 401);
    CHECK(open.get("/metrics").status == 401);
    CHECK(
        http(open.port, "GET", "/metrics", {}, "Authorization: Bearer a-secret-of-some-length\r\n")
            .status == 200);
    CHECK(
        http(open.port, "GET", "/metrics", {}, "Authorization: Bearer a-secret-of-some-lengtH\r\n")
            .status == 401);
}

TEST_CASE("a port that is taken ends with 3, and nothing was written")
{
    const Running run;
    const TemporaryDirectory directory;
    const Finished second =
        run_hasim({"run", "--conf", Running::sample(), "--log-dir", directory.path().string(),
                   "--http", std::to_string(run.port)});
    CHECK(second.exit_code == 3);
    CHECK_THAT(second.err,
               ContainsSubstring(fmt::format("127.0.0.1:{} cannot be listened on", run.port)));
}

TEST_CASE("who asks slowly, or asks nothing, holds up nobody")
{
    const Running run;
    std::vector<std::unique_ptr<HttpSocket>> slow;
    for (int i = 0; i < 100; ++i) {
        slow.push_back(std::make_unique<HttpSocket>(run.port));
        slow.back()->send(i % 2 == 0 ? "POST /api/v1/commands HTTP/1.1\r\nContent-Length: 9" : "");
    }
    CHECK(run.command("hsm2 reset").status == 200);
    CHECK(run.wait("DROPMEMBER").at("found").as_bool());
}

TEST_CASE("the command of hasim exec finds the address, and ctl reaches it")
{
    if (!why_no_lab().empty()) {
        WARN(why_no_lab());
        return;
    }
    const TemporaryDirectory directory;
    const Finished finished = run_hasim(
        {"exec", "--http", "0", "--conf", Running::sample(), "--log-dir", directory.path().string(),
         "--", "sh", "-c",
         "echo $HASIM_HTTP; \"$0\" ctl hsm2 ntls stop && \"$0\" ctl scenario && \"$0\" ctl hsm1 "
         "client kill",
         binary().string()},
        {.environment = {{"XDG_RUNTIME_DIR", directory.path().string()}}});
    CHECK_THAT(finished.out, StartsWith("http://127.0.0.1:") &&
                                 ContainsSubstring("done at 0s: hsm2 ntls stop") &&
                                 ContainsSubstring("# What the applications called is not known"));
    CHECK(finished.exit_code == 2);
}
