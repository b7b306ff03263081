// The server over real sockets, in one loop with its clients.
#include "http/server.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "support/catch.hpp"

using namespace hasim;
using Tcp = boost::asio::ip::tcp;

namespace {

struct Bench {
    Bench() { REQUIRE(server.listen({}, {}).empty()); }

    std::vector<http::Route> routes()
    {
        const auto echo = [](const http::Request& request, const http::Reply& reply) {
            reply({200,
                   "text/plain",
                   request.path + "|" + request.query + "|" + request.body,
                   {},
                   false,
                   0});
        };
        const auto later = [this](const http::Request&, const http::Reply& reply) {
            waiting.push_back(reply);
        };
        const auto events = [](const http::Request& request, const http::Reply& reply) {
            http::Response response;
            response.streams = true;
            response.after = std::stoull("0" + http::query_value(request.query, "after"));
            reply(response);
        };
        return {{"GET", "/echo", echo, true},
                {"POST", "/echo", echo, true},
                {"GET", "/later", later, true},
                {"GET", "/events", events, true}};
    }

    std::unique_ptr<Tcp::socket> connect()
    {
        auto client = std::make_unique<Tcp::socket>(io);
        client->connect({boost::asio::ip::address_v4::loopback(), server.address().port});
        client->non_blocking(true);
        poll();
        return client;
    }

    void poll() { io.poll(); }

    /// Reads until `enough` says so, or the server closed; "<closed>" is then appended.
    template <class Enough>
    std::string read(Tcp::socket& client, Enough enough)
    {
        std::string text;
        const auto guard = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!enough(text) && std::chrono::steady_clock::now() < guard) {
            io.run_for(std::chrono::milliseconds(1));
            io.restart();
            std::array<char, 65536> block{};
            boost::system::error_code error;
            const std::size_t got = client.read_some(boost::asio::buffer(block), error);
            text.append(block.data(), got);
            if (error && error != boost::asio::error::would_block) {
                return text + "<closed>";
            }
        }
        return text;
    }
    std::string read_until(Tcp::socket& client, std::string_view end)
    {
        return read(client, [&](const std::string& text) { return text.find(end) != text.npos; });
    }

    void send(Tcp::socket& client, std::string_view bytes)
    {
        while (!bytes.empty()) {
            boost::system::error_code error;
            bytes.remove_prefix(
                client.write_some(boost::asio::buffer(bytes.data(), bytes.size()), error));
            poll();
            if (error && error != boost::asio::error::would_block) {
                return;
            }
        }
    }

    std::string head(std::string_view line, std::string_view more = {}) const
    {
        return fmt::format("{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}\r\n", line,
                           server.address().port, more);
    }

    /// One request on a connection of its own that is closed behind it: the whole answer.
    std::string ask(const std::string& bytes)
    {
        const auto client = connect();
        send(*client, bytes);
        return read(*client, [](const std::string&) { return false; });
    }

    boost::asio::io_context io;
    monitor::EventFeed feed;
    std::vector<http::Reply> waiting;
    http::Server server{io, routes(), feed};
};

constexpr std::string_view kClose = "Connection: close\r\n";

}  // namespace

TEST_CASE("a request is routed, and the next one is on the same connection")
{
    Bench bench;
    const auto client = bench.connect();
    bench.send(*client, bench.head("GET /echo?a=1") + bench.head("GET /echo?b"));
    const std::string answers = bench.read_until(*client, "/echo|b|");
    CHECK_THAT(answers, StartsWith("HTTP/1.1 200 OK\r\n") && ContainsSubstring("/echo|a=1|"));
    CHECK_THAT(answers, ContainsSubstring("X-Content-Type-Options: nosniff") &&
                            ContainsSubstring("Content-Security-Policy: default-src 'self'"));
    bench.send(*client, bench.head("POST /echo", "Content-Length: 4\r\n") + "bo");
    bench.send(*client, "dy");
    CHECK_THAT(bench.read_until(*client, "body"), EndsWith("/echo||body"));
}

TEST_CASE("HEAD has the headers of GET and no body")
{
    Bench bench;
    const std::string answer = bench.ask(bench.head("HEAD /echo", kClose));
    CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK") && ContainsSubstring("Content-Length: 7") &&
                           EndsWith("\r\n\r\n<closed>"));
}

TEST_CASE("each thing that is wrong has its own status and a JSON problem")
{
    Bench bench;
    const auto status = [&](const std::string& bytes) {
        const std::string answer = bench.ask(bytes);
        CHECK_THAT(answer, ContainsSubstring("application/problem+json") &&
                               ContainsSubstring("\"title\":"));
        return answer.substr(9, 3);
    };
    CHECK(status(bench.head("GET /nothing", kClose)) == "404");
    CHECK(status(bench.head("PUT /echo", kClose)) == "405");
    CHECK_THAT(bench.ask(bench.head("PUT /echo", kClose)),
               ContainsSubstring("Allow: GET, POST\r\n"));
    CHECK(status("GARBAGE\r\n\r\n") == "400");
    CHECK(status("GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n") == "400");
    CHECK(status("GET /echo HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n") == "403");
    CHECK(status(bench.head("GET /echo", "X: " + std::string(20'000, 'x') + "\r\n")) == "431");
    CHECK(status(bench.head("POST /echo", "Content-Length: 1048577\r\n")) == "413");
    CHECK(status(bench.head("POST /echo", "Transfer-Encoding: chunked\r\n") + "200000\r\n" +
                 std::string(0x200000, 'x') + "\r\n0\r\n\r\n") == "413");
    CHECK(status(bench.head("GET /echo", "Host: localhost\r\n")) == "400");
    CHECK(status(bench.head("POST /echo", "Transfer-Encoding: gzip\r\n")) == "501");
    CHECK(status(bench.head("POST /echo", "Transfer-Encoding: gzip, chunked\r\n")) == "501");
    CHECK(status(bench.head("POST /echo", "Expect: a miracle\r\nContent-Length: 4\r\n")) == "417");
}

TEST_CASE("what HTTP allows is understood: a whole URL as the target, names in any case")
{
    Bench bench;
    const auto ask = [&](std::string_view target, std::string_view host) {
        return bench.ask(
            fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", target, host, kClose));
    };
    const std::string port = std::to_string(bench.server.address().port);
    CHECK_THAT(ask("/echo", "LocalHost:" + port), EndsWith("/echo||<closed>"));
    CHECK_THAT(ask("http://127.0.0.1:" + port + "/echo?a=1", "elsewhere.example"),
               EndsWith("/echo|a=1|<closed>"));
    CHECK_THAT(ask("HTTP://localhost:" + port, "elsewhere.example"), StartsWith("HTTP/1.1 404"));
    CHECK_THAT(ask("http://elsewhere.example/echo", "127.0.0.1:" + port),
               StartsWith("HTTP/1.1 403"));
}

TEST_CASE("the token's scheme is in any case, the token is not")
{
    const http::Guard guard{{"127.0.0.1", 80}, "Secret"};
    const auto status = [&](const std::string& authorization) {
        http::Request request;
        request.host = "127.0.0.1";
        request.authorization = authorization;
        const auto refusal = guard.refusal(request, true);
        return refusal ? refusal->status : 200;
    };
    CHECK(status("Bearer Secret") == 200);
    CHECK(status("bearer Secret") == 200);
    for (const char* const wrong : {"", "Bearer", "bearer ", "Bearer secret", "Basic Secret"}) {
        CHECK(status(wrong) == 401);
    }
}

TEST_CASE("HEAD of events has their type, and begins no stream")
{
    Bench bench;
    const std::string answer = bench.ask(bench.head("HEAD /events", kClose));
    CHECK_THAT(answer, ContainsSubstring("Content-Type: text/event-stream") &&
                           !ContainsSubstring("Content-Length") && EndsWith("\r\n\r\n<closed>"));
    CHECK(bench.server.readers() == 0);
}

TEST_CASE("an answer may come later, and not at all to who has gone")
{
    Bench bench;
    const auto client = bench.connect();
    bench.send(*client, bench.head("GET /later"));
    {
        const auto gone = bench.connect();
        bench.send(*gone, bench.head("GET /later"));
        while (bench.waiting.size() < 2) {
            bench.io.run_one();
        }
    }
    bench.waiting[0]({200, "text/plain", "at last", {}, false, 0});
    bench.waiting[0]({200, "text/plain", "once more", {}, false, 0});
    bench.waiting[1]({200, "text/plain", "nobody", {}, false, 0});
    CHECK_THAT(bench.read_until(*client, "at last"), !ContainsSubstring("once more"));
}

TEST_CASE("a reader of events gets what comes, and goes on where it was")
{
    Bench bench;
    bench.feed.add("line", "{\"a\":1}");
    bench.feed.seal();
    const auto client = bench.connect();
    bench.send(*client, bench.head("GET /events?after=0"));
    CHECK_THAT(bench.read_until(*client, "\n\n"),
               ContainsSubstring("Content-Type: text/event-stream") &&
                   EndsWith("id: 1\nevent: line\ndata: {\"a\":1}\n\n"));
    CHECK(bench.server.readers() == 1);
    bench.feed.add("line", "{\"a\":2}");
    bench.feed.add("line", "{\"a\":3}");
    CHECK(bench.read_until(*client, "3}\n\n") ==
          "id: 2\nevent: line\ndata: {\"a\":2}\n\nid: 3\nevent: line\ndata: {\"a\":3}\n\n");
    const auto later = bench.connect();
    bench.send(*later, bench.head("GET /events?after=2"));
    CHECK_THAT(bench.read_until(*later, "3}\n\n"),
               EndsWith("\r\n\r\nid: 3\nevent: line\ndata: {\"a\":3}\n\n"));
    const auto ahead = bench.connect();
    bench.send(*ahead, bench.head("GET /events?after=99"));
    CHECK_THAT(bench.read_until(*ahead, "\n\n"), EndsWith("id: 3\nevent: gap\ndata: {}\n\n"));
}

TEST_CASE("a reader that takes nothing is dropped, and holds up nobody")
{
    Bench bench;
    const auto stuck = bench.connect();
    stuck->set_option(boost::asio::socket_base::receive_buffer_size(4096));
    const auto quick = bench.connect();
    bench.send(*stuck, bench.head("GET /events"));
    bench.send(*quick, bench.head("GET /events"));
    CHECK_THAT(bench.read_until(*quick, "\r\n\r\n"), StartsWith("HTTP/1.1 200"));
    const std::string data = "\"" + std::string(60'000, 'x') + "\"";
    std::uint64_t taken = 0;
    for (int i = 0; i < 20; ++i) {  // 24 MB: more than is kept, and more than sockets hold
        std::uint64_t number = 0;
        for (int k = 0; k < 20; ++k) {
            number = bench.feed.add("line", data);
        }
        taken += bench.read_until(*quick, fmt::format("id: {}\n", number)).empty() ? 0U : 1U;
    }
    CHECK(bench.server.readers() == 1);
    CHECK(bench.server.dropped_readers() == 1);
    CHECK(taken == 20);
}

TEST_CASE("when there is no room, who has been idle for longest goes")
{
    Bench bench;
    constexpr std::size_t kMost = 200;
    bench.server.set_most_connections(kMost);
    std::vector<std::unique_ptr<Tcp::socket>> idle;
    for (std::size_t i = 0; i < kMost; ++i) {
        idle.push_back(bench.connect());
    }
    const auto one_more = bench.connect();
    bench.send(*one_more, bench.head("GET /echo"));
    CHECK_THAT(bench.read_until(*one_more, "/echo||"), StartsWith("HTTP/1.1 200"));
    CHECK(bench.read(*idle.front(), [](const std::string&) { return false; }) == "<closed>");
    bench.send(*idle.back(), bench.head("GET /echo"));
    CHECK_THAT(bench.read_until(*idle.back(), "/echo||"), StartsWith("HTTP/1.1 200"));
}

TEST_CASE("a port that is taken is said")
{
    Bench bench;
    http::Server second(bench.io, {}, bench.feed);
    CHECK_THAT(second.listen(bench.server.address(), {}),
               ContainsSubstring("cannot be listened on"));
}
