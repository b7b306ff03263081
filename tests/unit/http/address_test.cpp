#include "http/address.hpp"

#include "http/guard.hpp"
#include "support/catch.hpp"

using namespace hasim::http;

namespace {

Address good(std::string_view text)
{
    const auto read = read_address(text);
    REQUIRE(std::holds_alternative<Address>(read));
    return std::get<Address>(read);
}

Request from(std::string host, std::string origin = {}, std::string authorization = {})
{
    Request request;
    request.method = "GET";
    request.path = "/";
    request.host = std::move(host);
    request.origin = std::move(origin);
    request.authorization = std::move(authorization);
    return request;
}

unsigned status(const Guard& guard, const Request& request, bool needs_token = true)
{
    const auto refusal = guard.refusal(request, needs_token);
    return refusal ? refusal->status : 200;
}

}  // namespace

TEST_CASE("an address is a port, or an address and a port")
{
    CHECK(good("8080").text() == "127.0.0.1:8080");
    CHECK(good("0").port == 0);
    CHECK(good("localhost:80").text() == "127.0.0.1:80");
    CHECK(good("[::1]:9090").text() == "[::1]:9090");
    CHECK(good("[::1]:9090").is_loopback());
    CHECK(good("127.3.4.5:1").is_loopback());
    CHECK_FALSE(good("0.0.0.0:1").is_loopback());
    CHECK_FALSE(good("192.0.2.1:1").is_loopback());
}

TEST_CASE("what is no address is told with what to write")
{
    for (const std::string_view text :
         {"", "x", "-1", "65536", "80x", ":80", "::1:80", "[127.0.0.1]:80", "example.com:80",
          "127.0.0.1:", "[]:1", "1.2.3:4", "80 "}) {
        CAPTURE(text);
        const auto read = read_address(text);
        REQUIRE(std::holds_alternative<std::string>(read));
        CHECK_THAT(std::get<std::string>(read), ContainsSubstring("write PORT, 127.0.0.1:PORT"));
    }
}

TEST_CASE("on loopback only its own names are answered")
{
    const Guard guard{{"127.0.0.1", 8080}, {}};
    for (const char* const host : {"127.0.0.1:8080", "localhost:8080", "[::1]:8080"}) {
        CHECK(status(guard, from(host)) == 200);
    }
    for (const char* const host :
         {"evil.example:8080", "127.0.0.1", "localhost:81", "localhost",
          "localhost.evil.example:8080", "[::2]:8080", "127.0.0.1:8080:8080"}) {
        CAPTURE(host);
        CHECK(status(guard, from(host)) == 403);
    }
    CHECK(status(guard, from("")) == 400);
    CHECK(status({{"127.0.0.1", 80}, {}}, from("localhost")) == 200);
    CHECK(status({{"127.3.4.5", 8080}, {}}, from("127.3.4.5:8080")) == 200);
}

TEST_CASE("pages of other sites are refused, its own is not")
{
    const Guard guard{{"127.0.0.1", 8080}, {}};
    CHECK(status(guard, from("localhost:8080", "http://localhost:8080")) == 200);
    for (const char* const origin :
         {"http://evil.example", "null", "https://localhost:8080", "http://localhost:8081",
          "http://localhost:8080.evil.example"}) {
        CHECK(status(guard, from("localhost:8080", origin)) == 403);
    }
}

TEST_CASE("with a token, whoever has it may ask, and the page itself is free")
{
    const Guard guard{{"0.0.0.0", 8080}, "correct-horse-battery"};
    CHECK(status(guard, from("host.example:8080"), false) == 200);
    CHECK(status(guard, from("host.example:8080", {}, "Bearer correct-horse-battery")) == 200);
    for (const char* const said :
         {"", "Bearer ", "Bearer correct-horse-batterY", "Bearer correct-horse-battery ",
          "correct-horse-battery", "Basic correct-horse-battery",
          "Bearer correct-horse-batteryx"}) {
        CAPTURE(said);
        const auto refusal = guard.refusal(from("host.example:8080", {}, said), true);
        REQUIRE(refusal);
        CHECK(refusal->status == 401);
        CHECK(refusal->headers.front().first == "WWW-Authenticate");
    }
}

TEST_CASE("a problem is JSON with status, title and places, and a query's value is decoded")
{
    const Response response = problem(400, "a \"quote\"\n");
    CHECK(response.content_type == "application/problem+json");
    CHECK(response.body ==
          "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"a "
          "\\\"quote\\\"\\n\"}\n");
    CHECK(query_value("a=1&after=5", "after") == "5");
    CHECK(query_value("after=%35%2", "after") == "5%2");
    CHECK(query_value("x&after", "after").empty());
    CHECK(query_value("", "after").empty());
}
