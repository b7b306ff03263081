/// HTTP/1.1 on the live loop (Boost.Beast): routes, bounds, and readers of events. Nothing here waits for a client.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/guard.hpp"
#include "http/message.hpp"
#include "monitor/event_feed.hpp"

namespace hasim::http {

class Connection;

/// What bounds a client (chosen).
inline constexpr std::size_t kMostConnections = 1200;
inline constexpr std::uint32_t kMostHeaderBytes = 16U << 10U;
inline constexpr std::size_t kMostBodyBytes = std::size_t{1} << 20U;
inline constexpr std::chrono::seconds kRequestTime{
    30};  ///< from the end of an answer to the end of a request
inline constexpr std::chrono::seconds kSendTime{30};  ///< for an answer, or a piece of events

struct Route {
    std::string method;
    std::string path;
    Handler handler;
    bool needs_token = true;
};

class Server {
public:
    /// `feed` is what readers of events read; not owned.
    Server(boost::asio::io_context& io, std::vector<Route> routes, monitor::EventFeed& feed);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// How many connections there may be; kMostConnections without it.
    void set_most_connections(std::size_t most) { most_connections_ = most; }

    /// Begins to listen; empty, or what went wrong. An empty `token` is none.
    [[nodiscard]] std::string listen(const Address& address, std::string token);
    /// Where it listens, with its true port.
    [[nodiscard]] const Address& address() const { return guard_.address; }

    /// Called before readers get what is new: to add what follows from it.
    void before_news(std::function<void()> listener) { before_news_ = std::move(listener); }

    [[nodiscard]] std::uint64_t readers() const;
    [[nodiscard]] std::uint64_t dropped_readers() const { return dropped_; }

private:
    friend class Connection;
    using ConnectionPointer = std::shared_ptr<Connection>;

    void accept();
    [[nodiscard]] bool make_room();
    void handle(const Request& request, const Reply& reply) const;
    [[nodiscard]] monitor::EventFeed& feed() { return feed_; }
    void gone(const ConnectionPointer& connection) { connections_.erase(connection); }
    void too_slow() { ++dropped_; }
    void news();
    void keep_alive();

    std::vector<Route> routes_;
    monitor::EventFeed& feed_;
    Guard guard_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer again_;
    boost::asio::steady_timer news_timer_;
    boost::asio::steady_timer alive_timer_;
    std::function<void()> before_news_;
    bool news_pending_ = false;
    std::set<ConnectionPointer> connections_;
    std::size_t most_connections_ = kMostConnections;
    std::uint64_t dropped_ = 0;
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);  ///< for handlers that come after the end
};

}  // namespace hasim::http
