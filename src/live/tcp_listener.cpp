#include "live/tcp_listener.hpp"

#include <sys/socket.h>
#include <cerrno>

namespace hasim::live {

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int kOpenBacklog = 1024;
constexpr int kSilentBacklog = 0;

error_code last_error()
{
    return {errno, boost::system::system_category()};
}

}  // namespace

error_code TcpListener::claim(std::uint16_t port)
{
    const auto loopback = boost::asio::ip::address_v4::loopback();
    error_code error;
    // A port that the kernel chose in bind() is given back as soon as the socket stops listening; one that was asked
    // for by number is not. So a first socket finds a free port, and holds it until the second one has it by number.
    TcpListener::Acceptor finder(acceptor_.get_executor());
    if (port == 0) {
        static_cast<void>(finder.open(tcp::v4(), error));
        if (!error) {
            static_cast<void>(finder.bind(tcp::endpoint(loopback, 0), error));
        }
        if (!error) {
            static_cast<void>(
                finder.set_option(boost::asio::socket_base::reuse_address(true), error));
        }
        if (error) {
            return error;
        }
        port = finder.local_endpoint(error).port();
    }
    endpoint_ = tcp::endpoint(loopback, port);
    static_cast<void>(acceptor_.open(tcp::v4(), error));
    if (!error) {
        // Without it the port could not be opened again while connections of before still stand.
        static_cast<void>(
            acceptor_.set_option(boost::asio::socket_base::reuse_address(true), error));
    }
    if (!error) {
        static_cast<void>(acceptor_.bind(endpoint_, error));
    }
    if (!error) {
        static_cast<void>(acceptor_.non_blocking(true, error));
    }
    error_code ignored;
    static_cast<void>(finder.close(ignored));
    if (!error) {
        error = set_door(sim::Door::open);
    }
    if (error) {
        static_cast<void>(acceptor_.close(ignored));
    }
    return error;
}

error_code TcpListener::set_door(sim::Door door)
{
    if (door == door_) {
        return {};
    }
    error_code error;
    switch (door) {
    case sim::Door::open: error = listen(kOpenBacklog); break;
    case sim::Door::silent: error = listen(kSilentBacklog); break;
    case sim::Door::refused:
        // On Linux this ends listening, resets what waits to be accepted, and keeps the port.
        if (::shutdown(acceptor_.native_handle(), SHUT_RDWR) != 0) {
            error = last_error();
        }
        break;
    }
    door_ = error ? sim::Door::refused : door;
    return error;
}

error_code TcpListener::listen(int backlog)
{
    // Not through Asio: listening again changes the length of the queue.
    return ::listen(acceptor_.native_handle(), backlog) == 0 ? error_code() : last_error();
}

}  // namespace hasim::live
