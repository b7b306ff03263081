/// One client of an HTTP server: requests one after the other, or a stream of events.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/message.hpp"
#include "monitor/event_feed.hpp"

namespace hasim::http {

class Server;

class Connection final : public std::enable_shared_from_this<Connection> {
public:
    using Clock = std::chrono::steady_clock;

    Connection(boost::asio::ip::tcp::socket socket, Server& server);

    void start() { read(); }
    /// Closes it; nothing comes of what is under way. The server forgets it.
    void drop();

    /// It waits for a request, since then.
    [[nodiscard]] std::optional<Clock::time_point> idle_since() const { return idle_since_; }

    // ---- As a reader of events
    [[nodiscard]] bool reads_events() const { return reads_events_; }
    /// Sends what is new.
    void send_news();
    /// Sends a sign of life when nothing is under way; drops who has taken nothing for too long.
    void send_sign_of_life();

private:
    using Verdict = boost::system::error_code;

    void read();
    void read_body();
    void on_request();
    void refuse(const Verdict& error);
    void refuse(Response response);
    void answer(Response response);
    /// Sends `text` before the deadline of the stream, then goes on.
    void write(std::string text, void (Connection::*then)());
    void begin_events(std::uint64_t after);
    void send(std::shared_ptr<const std::string> text, std::size_t begin);
    void watch_end();
    void watch_leaving();
    void finish();
    void drain();

    boost::beast::tcp_stream stream_;
    Server* server_;  ///< null once it has dropped this
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    std::string writing_;
    bool keeps_alive_ = false;
    bool head_only_ = false;
    bool waits_for_reply_ = false;
    std::function<void()> when_gone_;
    std::optional<Clock::time_point> idle_since_;
    bool reads_events_ = false;
    std::uint64_t position_ = 0;  ///< the last event that was sent
    std::optional<Clock::time_point> sending_since_;
    std::array<char, 4096> ignored_{};
    std::size_t drained_ = 0;
};

}  // namespace hasim::http
