#include "http/connection.hpp"

#include <sys/socket.h>
#include <cerrno>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>

#include "http/server.hpp"
#include "live/handler_watch.hpp"

namespace hasim::http {

namespace beast = boost::beast;
namespace wire = boost::beast::http;

namespace {

/// What a page may load, and that nobody guesses at types: text from logs and labels is never markup.
constexpr std::string_view kPolicy =
    "default-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

constexpr std::string_view kEventStream = "text/event-stream";

constexpr std::chrono::seconds kGoodbyeTime{2};

std::string text_of(beast::string_view text)
{
    return {text.data(), text.size()};
}

/// Parts "http://host:80/path", the form of who asks through a proxy, which counts more than Host (RFC 9112, 3.2.2).
void take_authority(std::string& target, std::string& host)
{
    constexpr std::string_view kScheme = "http://";
    if (beast::iequals({target.data(), std::min(target.size(), kScheme.size())}, kScheme)) {
        const std::size_t path =
            std::min(target.find_first_of("/?", kScheme.size()), target.size());
        host = target.substr(kScheme.size(), path - kScheme.size());
        target.erase(0, path);
        target.insert(0, target.starts_with('/') ? "" : "/");
    }
}

/// What the header asks for and nobody here does; nothing when it can be gone on with.
std::optional<Response> not_done(const wire::request<wire::string_body>& header)
{
    const auto coding = header[wire::field::transfer_encoding];
    const auto expect = header[wire::field::expect];
    if (header.count(wire::field::host) > 1) {
        return problem(400, "the request has more than one Host header");
    }
    if (!coding.empty() && !beast::iequals(coding, "chunked")) {
        return problem(501, "of the transfer codings only chunked is understood");
    }
    if (!expect.empty() && !beast::iequals(expect, "100-continue")) {
        return problem(417, "of the expectations only 100-continue can be met");
    }
    return std::nullopt;
}

Request request_of(const wire::request<wire::string_body>& message)
{
    Request request;
    request.method = text_of(message.method_string());
    std::string target = text_of(message.target());
    request.host = text_of(message[wire::field::host]);
    take_authority(target, request.host);
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    request.origin = text_of(message[wire::field::origin]);
    request.authorization = text_of(message[wire::field::authorization]);
    request.last_event_id = text_of(message["Last-Event-ID"]);
    request.content_type = text_of(message[wire::field::content_type]);
    request.body = message.body();
    return request;
}

using Head = wire::response<wire::empty_body>;

/// What stands in every response.
Head head_of(unsigned status, std::string_view content_type, bool keep_alive)
{
    Head head;
    head.result(status);
    head.set(wire::field::server, "hasim");
    head.set(wire::field::cache_control, "no-store");
    head.set("X-Content-Type-Options", "nosniff");
    head.set("Content-Security-Policy", kPolicy);
    head.set("Referrer-Policy", "no-referrer");
    head.set(wire::field::content_type, content_type);
    head.keep_alive(keep_alive);
    return head;
}

std::string text_of(Head& head)
{
    std::string text;
    wire::response_serializer<wire::empty_body> serializer(head);
    beast::error_code ignored;
    while (!serializer.is_done()) {
        serializer.next(ignored, [&](beast::error_code&, const auto& buffers) {
            for (const auto& buffer : beast::buffers_range_ref(buffers)) {
                text.append(static_cast<const char*>(buffer.data()), buffer.size());
            }
            serializer.consume(beast::buffer_bytes(buffers));
        });
    }
    return text;
}

}  // namespace

Connection::Connection(boost::asio::ip::tcp::socket socket, Server& server)
    : stream_(std::move(socket)), server_(&server)
{
}

void Connection::drop()
{
    Server* const server = std::exchange(server_, nullptr);
    stream_.close();
    if (const auto gone = std::exchange(when_gone_, nullptr)) {
        gone();
    }
    if (server != nullptr) {
        server->gone(shared_from_this());
    }
}

// ---- Requests ---------------------------------------------------------------------------------------------------

void Connection::read()
{
    parser_.emplace();
    parser_->header_limit(kMostHeaderBytes);
    parser_->body_limit(kMostBodyBytes);
    idle_since_ = Clock::now();
    stream_.expires_after(kRequestTime);
    wire::async_read_header(
        stream_, buffer_, *parser_, [self = shared_from_this()](const Verdict& error, std::size_t) {
            const live::HandlerCheck check;
            if (self->server_ == nullptr) {
                return;
            }
            if (error) {
                self->refuse(error);
                return;
            }
            self->idle_since_.reset();
            if (auto problem = not_done(self->parser_->get())) {
                self->refuse(std::move(*problem));
            } else if (!self->parser_->get()[wire::field::expect].empty()) {
                self->write("HTTP/1.1 100 Continue\r\n\r\n", &Connection::read_body);
            } else {
                self->read_body();
            }
        });
}

void Connection::read_body()
{
    wire::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const Verdict& error, std::size_t) {
                         const live::HandlerCheck check;
                         if (self->server_ == nullptr) {
                             return;
                         }
                         error ? self->refuse(error) : self->on_request();
                     });
}

/// What cannot be read gets an answer where there is one to give, and the end.
void Connection::refuse(const Verdict& error)
{
    if (error == wire::error::header_limit) {
        refuse(problem(431, "the headers are longer than 16 kB"));
    } else if (error == wire::error::body_limit) {
        refuse(problem(413, "the body is longer than 1 MB"));
    } else if (error == wire::error::end_of_stream || error == wire::error::partial_message ||
               error.category() != wire::make_error_code(wire::error::bad_method).category()) {
        drop();  // it left, or it was too slow
    } else {
        refuse(problem(400, "this is no HTTP request: " + error.message()));
    }
}

/// Where the request ends is not known: nothing more is read from this client.
void Connection::refuse(Response response)
{
    keeps_alive_ = false;
    waits_for_reply_ = true;
    answer(std::move(response));
}

void Connection::on_request()
{
    keeps_alive_ = parser_->keep_alive();
    waits_for_reply_ = true;
    stream_.expires_never();
    Request request = request_of(parser_->get());
    head_only_ = request.method == "HEAD";
    if (head_only_) {
        request.method = "GET";
    }
    request.when_gone = [weak = weak_from_this()](std::function<void()> listener) {
        if (const auto self = weak.lock(); self && self->waits_for_reply_) {
            self->when_gone_ = std::move(listener);
            self->watch_leaving();
        }
    };
    server_->handle(request, [weak = weak_from_this()](Response response) {
        if (const auto self = weak.lock(); self && self->server_ != nullptr) {
            self->answer(std::move(response));
        }
    });
}

void Connection::answer(Response response)
{
    if (!std::exchange(waits_for_reply_, false)) {
        return;
    }
    when_gone_ = nullptr;
    if (response.streams && !head_only_) {
        begin_events(response.after);
        return;
    }
    Head head = head_of(response.status, response.streams ? kEventStream : response.content_type,
                        keeps_alive_);
    for (const auto& [name, value] : response.headers) {
        head.set(name, value);
    }
    if (!response.streams) {
        head.content_length(response.body.size());
    }
    std::string text = text_of(head);
    if (!head_only_) {
        text += response.body;
    }
    stream_.expires_after(kSendTime);
    write(std::move(text), keeps_alive_ ? &Connection::read : &Connection::finish);
}

void Connection::write(std::string text, void (Connection::*then)())
{
    writing_ = std::move(text);
    boost::asio::async_write(
        stream_, boost::asio::buffer(writing_),
        [self = shared_from_this(), then](const Verdict& error, std::size_t) {
            const live::HandlerCheck check;
            if (self->server_ != nullptr) {
                error ? self->drop() : (self.get()->*then)();
            }
        });
}

/// While an answer is waited for. A client that has ended its side has gone: none that speaks HTTP half-closes.
void Connection::watch_leaving()
{
    stream_.socket().async_wait(
        boost::asio::socket_base::wait_read, [self = shared_from_this()](const Verdict& error) {
            if (error || self->server_ == nullptr || !self->waits_for_reply_) {
                return;
            }
            char next = 0;
            const ssize_t got =
                ::recv(self->stream_.socket().native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
            if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) {
                self->drop();
            }  // else it sends its next request already
        });
}

/// Ends what is said here. A client that is still sending would lose the answer if the socket were closed at once.
void Connection::finish()
{
    Verdict ignored;
    static_cast<void>(
        stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored));
    stream_.expires_after(kGoodbyeTime);
    drain();
}

void Connection::drain()
{
    stream_.async_read_some(boost::asio::buffer(ignored_),
                            [self = shared_from_this()](const Verdict& error, std::size_t size) {
                                self->drained_ += size;
                                if (self->server_ != nullptr) {
                                    error || self->drained_ > 4 * kMostBodyBytes ? self->drop()
                                                                                 : self->drain();
                                }
                            });
}

// ---- Events -----------------------------------------------------------------------------------------------------

void Connection::begin_events(std::uint64_t after)
{
    reads_events_ = true;
    position_ = after;
    Head head = head_of(200, kEventStream, false);
    auto text = std::make_shared<std::string>(text_of(head));
    if (!server_->feed().keeps_behind(after)) {
        position_ = server_->feed().sealed();
        *text += fmt::format("id: {}\nevent: gap\ndata: {{}}\n\n", position_);
    }
    send(std::move(text), 0);
    watch_end();
}

void Connection::send(std::shared_ptr<const std::string> text, std::size_t begin)
{
    sending_since_ = Clock::now();
    const boost::asio::const_buffer rest(text->data() + begin, text->size() - begin);
    boost::asio::async_write(
        stream_.socket(), rest,
        [self = shared_from_this(), text = std::move(text)](const Verdict& error, std::size_t) {
            const live::HandlerCheck check;
            self->sending_since_.reset();
            if (self->server_ == nullptr) {
                return;
            }
            error ? self->drop() : self->send_news();
        });
}

void Connection::send_news()
{
    if (server_ == nullptr) {
        return;
    }
    const monitor::EventFeed& feed = server_->feed();
    if (!feed.keeps_behind(position_)) {
        server_->too_slow();
        drop();
    } else if (sending_since_) {
        return;
    } else if (const auto piece = feed.behind(position_)) {
        position_ = piece->last;
        send(piece->text, piece->begin);
    }
}

void Connection::send_sign_of_life()
{
    if (!sending_since_) {
        static const auto sign = std::make_shared<const std::string>(": still here\n\n");
        send(sign, 0);
    } else if (Clock::now() - *sending_since_ > kSendTime) {
        server_->too_slow();
        drop();
    }
}

/// A reader says nothing more; that it closed is seen here.
void Connection::watch_end()
{
    stream_.socket().async_read_some(
        boost::asio::buffer(ignored_),
        [self = shared_from_this()](const Verdict& error, std::size_t) {
            if (self->server_ != nullptr) {
                error ? self->drop() : self->watch_end();
            }
        });
}

}  // namespace hasim::http
