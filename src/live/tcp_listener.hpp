/// The port of one simulated appliance on loopback.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "sim/network/network.hpp"

namespace hasim::live {

using Executor = boost::asio::io_context::executor_type;

/// Holds a port from claim() to the end, whatever stands at its door. A refused door keeps the socket bound but does
/// not listen, so that the kernel itself refuses and nobody else gets the port.
class TcpListener {
public:
    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

    explicit TcpListener(const Executor& executor) : acceptor_(executor) {}

    /// Takes `port` of 127.0.0.1 (0: a free one) and opens the door. Returns what went wrong, or nothing.
    [[nodiscard]] boost::system::error_code claim(std::uint16_t port);

    /// Changes what answers at the port. From a silent door one attempt of another process may still be completed by
    /// the kernel (its queue has one place at least); it is not answered. Returns what went wrong, or nothing.
    [[nodiscard]] boost::system::error_code set_door(sim::Door door);

    [[nodiscard]] sim::Door door() const { return door_; }
    [[nodiscard]] std::uint16_t port() const { return endpoint_.port(); }
    [[nodiscard]] const boost::asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }
    [[nodiscard]] Acceptor& acceptor() { return acceptor_; }

private:
    [[nodiscard]] boost::system::error_code listen(int backlog);

    Acceptor acceptor_;
    boost::asio::ip::tcp::endpoint endpoint_;
    sim::Door door_ = sim::Door::refused;
};

}  // namespace hasim::live
