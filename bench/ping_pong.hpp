/// The peer that the rates of a group are measured against: nothing but Asio and TCP over loopback. As many sockets, as
/// many messages in flight, the same sizes, one write per message, both ends on one thread, and the fastest form of
/// each that Asio offers. What a group of members does beyond it is what hasim costs.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace hasim::bench {

struct PingPongShape {
    std::size_t sockets = 3;
    std::size_t in_flight = 1;   ///< over all sockets
    std::size_t ping_size = 36;  ///< bytes from the client
    std::size_t pong_size = 36;  ///< bytes from the server
};

class PingPong {
public:
    explicit PingPong(const PingPongShape& shape)
        : shape_(shape), ping_(shape.ping_size, 'i'), pong_(shape.pong_size, 'o')
    {
        using boost::asio::ip::tcp;
        Acceptor acceptor(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
        for (std::size_t i = 0; i < shape.sockets; ++i) {
            auto client = std::make_unique<Side>(io_, ping_, shape.pong_size);
            auto server = std::make_unique<Side>(io_, pong_, shape.ping_size);
            client->socket.connect(acceptor.local_endpoint());
            acceptor.accept(server->socket);
            for (Side* side : {client.get(), server.get()}) {
                side->socket.non_blocking(true);
                side->socket.set_option(tcp::no_delay(true));
                read(*side, side == client.get());
            }
            clients_.push_back(std::move(client));
            servers_.push_back(std::move(server));
        }
    }

    /// Makes `count` round trips and returns how many there were in a second. To be called once.
    double rate(std::uint64_t count)
    {
        goal_ = count;
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < shape_.in_flight; ++i) {
            ++sent_;
            write(*clients_[i % clients_.size()]);
        }
        io_.run();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        return static_cast<double>(count) / took.count();
    }

private:
    using Executor = boost::asio::io_context::executor_type;
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

    struct Side {
        Side(boost::asio::io_context& io, const std::string& message_, std::size_t incoming_)
            : socket(io), message(message_), incoming(incoming_)
        {
        }
        Socket socket;
        const std::string& message;  ///< what it sends
        std::size_t incoming;        ///< size of what it gets
        std::size_t partial = 0;     ///< of a message that has not come whole
        std::array<char, 4096> input{};
    };

    void read(Side& side, bool is_client)
    {
        side.socket.async_read_some(
            boost::asio::buffer(side.input),
            [this, &side, is_client](const boost::system::error_code& error, std::size_t size) {
                if (error) {
                    fail(error);
                }
                side.partial += size;
                for (; side.partial >= side.incoming; side.partial -= side.incoming) {
                    came(side, is_client);
                }
                read(side, is_client);
            });
    }

    void came(Side& side, bool is_client)
    {
        if (is_client && ++done_ == goal_) {
            io_.stop();
        }
        if (!is_client || sent_++ < goal_) {
            write(side);
        }
    }

    static void write(Side& side)
    {
        boost::system::error_code error;
        if (side.socket.write_some(boost::asio::buffer(side.message), error) !=
            side.message.size()) {
            fail(error);  // so few bytes always fit
        }
    }

    [[noreturn]] static void fail(const boost::system::error_code& error)
    {
        std::fprintf(stderr, "ping-pong: %s\n", error.message().c_str());
        std::exit(3);
    }

    PingPongShape shape_;
    std::string ping_;
    std::string pong_;
    boost::asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
    std::vector<std::unique_ptr<Side>> clients_;
    std::vector<std::unique_ptr<Side>> servers_;
    std::uint64_t goal_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t done_ = 0;
};

}  // namespace hasim::bench
