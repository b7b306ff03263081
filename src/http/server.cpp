#include "http/server.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "http/connection.hpp"
#include "live/handler_watch.hpp"

namespace hasim::http {

using Tcp = boost::asio::ip::tcp;

namespace {

constexpr std::chrono::seconds kAcceptAgainAfter{1};
constexpr std::chrono::seconds kSignOfLifeEvery{15};
/// How soon readers get what is new: together, so that a storm costs few system calls (chosen).
constexpr std::chrono::milliseconds kNewsAfter{20};
constexpr std::chrono::microseconds kNewsAfterPerReader{60};

}  // namespace

Server::Server(boost::asio::io_context& io, std::vector<Route> routes, monitor::EventFeed& feed)
    : routes_(std::move(routes)),
      feed_(feed),
      acceptor_(io),
      again_(io),
      news_timer_(io),
      alive_timer_(io)
{
    feed_.on_news([this] { news(); });
}

Server::~Server()
{
    feed_.on_news(nullptr);
    alive_.reset();
    for (const ConnectionPointer& connection : std::exchange(connections_, {})) {
        connection->drop();
    }
}

std::string Server::listen(const Address& address, std::string token)
{
    boost::system::error_code error;
    const auto host = boost::asio::ip::make_address(address.host, error);
    const Tcp::endpoint endpoint(host, address.port);
    static_cast<void>(acceptor_.open(endpoint.protocol(), error));
    if (!error) {
        static_cast<void>(acceptor_.set_option(Tcp::acceptor::reuse_address(true), error));
    }
    if (!error) {
        static_cast<void>(acceptor_.bind(endpoint, error));
    }
    if (!error) {
        static_cast<void>(
            acceptor_.listen(boost::asio::socket_base::max_listen_connections, error));
    }
    if (error) {
        return fmt::format("--http: {} cannot be listened on: {}", address.text(), error.message());
    }
    guard_.address = {address.host, acceptor_.local_endpoint(error).port()};
    guard_.token = std::move(token);
    accept();
    keep_alive();
    return {};
}

void Server::accept()
{
    acceptor_.async_accept([this, alive = std::weak_ptr<bool>(alive_)](
                               const boost::system::error_code& error, Tcp::socket socket) {
        if (alive.expired() || error == boost::asio::error::operation_aborted) {
            return;
        }
        const live::HandlerCheck check;
        if (error) {
            // A lack of descriptors, most likely: at once it would come again, over and over.
            again_.expires_after(kAcceptAgainAfter);
            again_.async_wait([this, alive](const boost::system::error_code&) {
                if (!alive.expired()) {
                    accept();
                }
            });
            return;
        }
        boost::system::error_code ignored;
        static_cast<void>(socket.set_option(Tcp::no_delay(true), ignored));
        if (connections_.size() < most_connections_ || make_room()) {
            const auto connection = std::make_shared<Connection>(std::move(socket), *this);
            connections_.insert(connection);
            connection->start();
        }
        accept();
    });
}

/// Lets go of the client that has said nothing for longest; readers of events and those who wait are kept.
bool Server::make_room()
{
    ConnectionPointer oldest;
    for (const ConnectionPointer& connection : connections_) {
        const auto since = connection->idle_since();
        if (since && (oldest == nullptr || *since < *oldest->idle_since())) {
            oldest = connection;
        }
    }
    if (oldest == nullptr) {
        return false;
    }
    oldest->drop();
    return true;
}

void Server::handle(const Request& request, const Reply& reply) const
{
    const Route* route = nullptr;
    std::string allowed;
    for (const Route& one : routes_) {
        if (one.path == request.path) {
            allowed += (allowed.empty() ? "" : ", ") + one.method;
            route = one.method == request.method ? &one : route;
        }
    }
    if (auto refusal = guard_.refusal(request, route == nullptr || route->needs_token)) {
        reply(std::move(*refusal));
    } else if (allowed.empty()) {
        reply(problem(404, "there is nothing at this path; docs/http.md lists what there is"));
    } else if (route == nullptr) {
        Response response = problem(405, "this path takes " + allowed);
        response.headers.emplace_back("Allow", allowed);
        reply(std::move(response));
    } else {
        route->handler(request, reply);
    }
}

std::uint64_t Server::readers() const
{
    return static_cast<std::uint64_t>(
        std::count_if(connections_.begin(), connections_.end(),
                      [](const ConnectionPointer& one) { return one->reads_events(); }));
}

void Server::news()
{
    if (std::exchange(news_pending_, true)) {
        return;
    }
    const auto soon = kNewsAfter + kNewsAfterPerReader * readers();
    news_timer_.expires_after(soon);
    news_timer_.async_wait(
        [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
            if (error || alive.expired()) {
                return;
            }
            const live::HandlerCheck check;
            if (before_news_) {
                before_news_();
            }
            feed_.seal();
            news_pending_ = false;
            for (const ConnectionPointer& connection : std::set(connections_)) {
                if (connection->reads_events()) {
                    connection->send_news();
                }
            }
        });
}

void Server::keep_alive()
{
    alive_timer_.expires_after(kSignOfLifeEvery);
    alive_timer_.async_wait(
        [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
            if (error || alive.expired()) {
                return;
            }
            const live::HandlerCheck check;
            for (const ConnectionPointer& connection : std::set(connections_)) {
                if (connection->reads_events()) {
                    connection->send_sign_of_life();
                }
            }
            keep_alive();
        });
}

}  // namespace hasim::http
