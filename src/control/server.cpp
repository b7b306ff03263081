#include "control/server.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <fmt/core.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace hasim::control {

struct Server::Client {
    explicit Client(Protocol::socket accepted) : socket(std::move(accepted)) {}
    Protocol::socket socket;
    std::array<char, 1024> input{};
    std::string line;    ///< what came and is not handled yet
    std::string output;  ///< the answer that is being written
    bool ended = false;  ///< the client will send no more
    bool waits = false;  ///< for an answer
    Gone gone;           ///< while it waits
    bool watched = false;
};

namespace {

constexpr auto kAcceptAgainAfter = std::chrono::seconds(1);

/// The last line of `text` says how it went.
std::string with_verdict(std::string text)
{
    if (!text.empty() && !text.ends_with('\n')) {
        text += '\n';
    }
    const std::size_t before_last =
        text.size() < 2 ? std::string::npos : text.rfind('\n', text.size() - 2);
    const std::string_view last =
        std::string_view(text).substr(before_last == std::string::npos ? 0 : before_last + 1);
    return last == "ok\n" || last.starts_with("error: ") ? text : text + "ok\n";
}

}  // namespace

Server::Server(boost::asio::io_context& io, Handler handler)
    : handler_(std::move(handler)), acceptor_(io), again_(io)
{
}

Server::~Server()
{
    alive_.reset();
    if (!path_.empty()) {
        ::unlink(path_.c_str());
    }
}

std::string Server::start()
{
    return start(socket_directory(), static_cast<std::uint64_t>(::getpid()));
}

std::string Server::start(const std::string& directory, std::uint64_t pid)
{
    if (std::string problem = prepare_directory(directory); !problem.empty()) {
        return problem;
    }
    static_cast<void>(running(directory));  // removes what dead processes left
    const std::string path = socket_path(directory, pid);
    // A name of its own until it listens: an unanswered socket under the final one would pass for a dead one.
    const std::string unready = path + ".new";
    if (unready.size() >= sizeof sockaddr_un{}.sun_path) {
        return fmt::format(
            "{} is too long a name for a socket; set XDG_RUNTIME_DIR to a shorter directory", path);
    }
    ::unlink(unready.c_str());
    boost::system::error_code error;
    static_cast<void>(acceptor_.open(Protocol(), error));
    if (!error) {
        static_cast<void>(acceptor_.bind(Protocol::endpoint(unready), error));
    }
    if (!error && ::chmod(unready.c_str(), 0600) != 0) {
        error.assign(errno, boost::system::system_category());
    }
    if (!error) {
        static_cast<void>(acceptor_.listen(static_cast<int>(kMaxClients), error));
    }
    if (!error && ::rename(unready.c_str(), path.c_str()) != 0) {
        error.assign(errno, boost::system::system_category());
    }
    if (error) {
        boost::system::error_code ignored;
        static_cast<void>(acceptor_.close(ignored));
        ::unlink(unready.c_str());
        return fmt::format("{} cannot be made: {}", path, error.message());
    }
    path_ = path;
    accept();
    return {};
}

void Server::accept()
{
    acceptor_.async_accept([this, alive = std::weak_ptr<bool>(alive_)](
                               const boost::system::error_code& error, Protocol::socket socket) {
        if (alive.expired() || error == boost::asio::error::operation_aborted) {
            return;
        }
        if (error) {
            // A lack of descriptors, most likely. Waiting for a client would end at once, over and over.
            again_.expires_after(kAcceptAgainAfter);
            again_.async_wait([this, alive](const boost::system::error_code&) {
                if (!alive.expired()) {
                    accept();
                }
            });
            return;
        }
        const auto client = std::make_shared<Client>(std::move(socket));
        clients_.push_back(client);
        if (clients_.size() > kMaxClients) {
            make_room();
        }
        read(client);
        accept();
    });
}

/// Lets go of the client that has said nothing for longest: whoever comes is answered, however many sit idle.
void Server::make_room()
{
    // Each answer moves its client to the end, so the first is the one that has been quiet for longest.
    const auto quiet = std::find_if(clients_.begin(), clients_.end(),
                                    [](const ClientPointer& client) { return !client->waits; });
    drop(ClientPointer(quiet == clients_.end() ? clients_.front() : *quiet));
}

void Server::read(const ClientPointer& client)
{
    client->socket.async_read_some(
        boost::asio::buffer(client->input),
        [this, client, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error,
                                                            std::size_t size) {
            if (alive.expired() || !client->socket.is_open()) {
                return;
            }
            client->line.append(client->input.data(), size);
            if (error == boost::asio::error::eof) {
                client->ended = true;
                if (!client->line.empty() && !client->line.ends_with('\n')) {
                    client->line += '\n';
                }
            } else if (error) {
                drop(client);
                return;
            }
            go_on(client);
        });
}

/// Handles the next whole line; reads when there is none.
void Server::go_on(const ClientPointer& client)
{
    const std::size_t end = client->line.find('\n');
    if (std::min(end, client->line.size()) > kMaxLine) {
        client->ended = true;
        client->line.clear();
        answer(client, fmt::format("error: a line has at most {} bytes", kMaxLine));
    } else if (end != std::string::npos) {
        std::string line = client->line.substr(0, end);
        client->line.erase(0, end + 1);
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        client->waits = true;
        Gone gone = handler_(line, [this, weak = std::weak_ptr<Client>(client),
                                    alive = std::weak_ptr<bool>(alive_)](const std::string& text) {
            const ClientPointer asking = alive.expired() ? nullptr : weak.lock();
            if (asking != nullptr && std::exchange(asking->waits, false)) {
                asking->gone = nullptr;
                answer(asking, text);
            }
        });
        if (client->waits && gone) {
            client->gone = std::move(gone);
            watch_leaving(client);
        }
    } else if (client->ended) {
        drop(client);
    } else {
        read(client);
    }
}

/// A client that has ended its sending side may wait; one that has closed its socket has gone.
void Server::watch_leaving(const ClientPointer& client)
{
    if (std::exchange(client->watched, true)) {
        return;
    }
    client->socket.async_wait(
        Protocol::socket::wait_error, [this, weak = std::weak_ptr<Client>(client),
                                       alive = std::weak_ptr<bool>(alive_)](
                                          const boost::system::error_code& error) {
            const ClientPointer waiting = alive.expired() ? nullptr : weak.lock();
            if (error || waiting == nullptr || !waiting->socket.is_open()) {
                return;
            }
            waiting->watched = false;
            pollfd now{waiting->socket.native_handle(), 0, 0};
            if (::poll(&now, 1, 0) > 0 && (now.revents & (POLLHUP | POLLERR)) != 0) {
                drop(waiting);
            } else if (waiting->waits) {
                watch_leaving(waiting);
            }
        });
}

void Server::answer(const ClientPointer& client, const std::string& text)
{
    const auto found = std::find(clients_.begin(), clients_.end(), client);
    if (found == clients_.end()) {
        return;
    }
    std::rotate(found, found + 1, clients_.end());
    client->output = with_verdict(text);
    write(client);
}

/// One answer at a time: a client that does not take it is not read from either.
void Server::write(const ClientPointer& client)
{
    boost::asio::async_write(client->socket, boost::asio::buffer(client->output),
                             [this, client, alive = std::weak_ptr<bool>(alive_)](
                                 const boost::system::error_code& error, std::size_t) {
                                 if (alive.expired()) {
                                     return;
                                 }
                                 if (error) {
                                     drop(client);
                                 } else {
                                     go_on(client);
                                 }
                             });
}

void Server::drop(const ClientPointer& client)
{
    boost::system::error_code ignored;
    static_cast<void>(client->socket.close(ignored));
    const Gone gone = std::exchange(client->gone, nullptr);
    client->waits = false;
    std::erase(clients_, client);
    if (gone) {
        gone();
    }
}

}  // namespace hasim::control
