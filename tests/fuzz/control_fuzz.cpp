// Sends any bytes to the control socket's server, in one piece and in pieces. Holds: every line is answered with lines
// of which the last is `ok` or an error; a client that ends is let go; and the next client is answered. Each input
// costs some thirty system calls, which is what bounds its rate.
#include "harness.hpp"

#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "base/assert.hpp"
#include "control/server.hpp"
#include "hasim/scenario.hpp"

namespace {

using namespace hasim;
using Protocol = boost::asio::local::stream_protocol;

struct ControlBench {
    ControlBench()
    {
        std::string name = (std::filesystem::temp_directory_path() / "hasim-fuzz-XXXXXX").string();
        HASIM_ASSERT(::mkdtemp(name.data()) != nullptr);
        directory = name;
        HASIM_ASSERT(server.start(directory, 1).empty());
        std::atexit([] { std::filesystem::remove_all(the().directory); });
    }

    static ControlBench& the()
    {
        static auto* const bench = new ControlBench;  // outlives what runs at exit
        return *bench;
    }

    std::string answer_to(std::string_view bytes, std::size_t piece)
    {
        Protocol::socket client(io);
        client.connect(Protocol::endpoint(server.path()));
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
        boost::system::error_code ignored;
        client.shutdown(Protocol::socket::shutdown_send, ignored);
        while (open && take()) {
        }
        return answer;
    }

    boost::asio::io_context io;
    control::Server server{
        io, [](std::string_view line, const control::Server::Reply& reply) {
            const EventResult read = parse_event_line(line);
            reply(read.event ? "understood\nok" : "error: " + read.findings.front().text);
            return control::Server::Gone();
        }};
    std::string directory;
};

}  // namespace

HASIM_FUZZ(control)
(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ControlBench& bench = ControlBench::the();
    const std::string answer = bench.answer_to(bytes, size + 1);
    if (!answer.empty()) {
        HASIM_ASSERT(answer.ends_with('\n'));
        const std::size_t last = answer.rfind('\n', answer.size() - 2) + 1;
        HASIM_ASSERT(answer.substr(last) == "ok\n" || answer.substr(last).starts_with("error: "));
    }
    HASIM_ASSERT(bench.answer_to(bytes, 1 + size / 3) == answer);
    HASIM_ASSERT(bench.answer_to("all heal\n", 100) == "understood\nok\n");
    return 0;
}
