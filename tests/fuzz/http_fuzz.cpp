// Sends any bytes to the HTTP server, in one piece and in pieces. Holds: what comes back begins as HTTP, an error is a
// JSON problem, the server answers the next client, and keeps nobody who left.
#include "harness.hpp"

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "base/assert.hpp"
#include "http/server.hpp"

namespace {

using namespace hasim;
using Tcp = boost::asio::ip::tcp;

struct HttpBench {
    HttpBench()
    {
        HASIM_ASSERT(server.listen({}, "a-token-of-the-fuzzer").empty());
        port = server.address().port;
        feed.add("line", "{}");
        feed.seal();
    }

    static HttpBench& the()
    {
        static auto* const bench = new HttpBench;
        return *bench;
    }

    static std::vector<http::Route> routes()
    {
        const auto echo = [](const http::Request& request, const http::Reply& reply) {
            reply({200, "text/plain", request.path + request.query + request.body, {}, false, 0});
        };
        const auto events = [](const http::Request& request, const http::Reply& reply) {
            http::Response response;
            response.streams = true;
            response.after = http::query_value(request.query, "after").size() % 2;
            reply(response);
        };
        return {{"GET", "/", echo, false},
                {"POST", "/echo", echo, true},
                {"GET", "/events", events, false}};
    }

    std::string answer_to(std::string_view bytes, std::size_t piece)
    {
        Tcp::socket client(io);
        client.connect({boost::asio::ip::address_v4::loopback(), port});
        client.set_option(boost::asio::socket_base::linger(true, 0));  // no port stays in TIME_WAIT
        client.non_blocking(true);
        std::string answer;
        const auto take = [&] {
            io.poll();
            std::array<char, 4096> block{};
            boost::system::error_code error;
            while (const std::size_t got = client.read_some(boost::asio::buffer(block), error)) {
                answer.append(block.data(), got);
            }
            return error == boost::asio::error::would_block;
        };
        bool open = true;
        while (open && !bytes.empty()) {
            boost::system::error_code error;
            bytes.remove_prefix(client.write_some(
                boost::asio::buffer(bytes.data(), std::min(piece, bytes.size())), error));
            open = take() && (!error || error == boost::asio::error::would_block);
        }
        for (int i = 0; open && i < 3; ++i) {
            open = take();
        }
        client.close();
        io.poll();
        return answer;
    }

    boost::asio::io_context io;
    monitor::EventFeed feed;
    http::Server server{io, routes(), feed};
    std::uint16_t port = 0;
};

}  // namespace

HASIM_FUZZ(http)
(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    HttpBench& bench = HttpBench::the();
    const std::string answer = bench.answer_to(bytes, size + 1);
    if (!answer.empty()) {
        HASIM_ASSERT(answer.starts_with("HTTP/1."));
        const bool good = answer.substr(8, 3) == " 20" || answer.substr(8, 3) == " 10";
        HASIM_ASSERT(good || answer.find("application/problem+json") != std::string::npos);
    }
    bench.answer_to(bytes, 1 + size / 3);
    const std::string host = "127.0.0.1:" + std::to_string(bench.port);
    const std::string next = bench.answer_to("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 1000);
    HASIM_ASSERT(next.starts_with("HTTP/1.1 200 OK\r\n"));
    HASIM_ASSERT(bench.server.readers() == 0);
    return 0;
}
