/// The answering side of `hasim ctl`: a Unix-domain socket on which other processes of the same user give orders.
///
/// Protocol: lines of text, each ended by a newline and at most kMaxLine bytes long; each is answered by any number of
/// lines, the last of which is `ok` or begins with `error: `. A client that ends its sending side is answered and
/// let go.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include "control/socket_directory.hpp"

namespace hasim::control {

class Server {
public:
    /// To be called once, from the loop, now or later. An answer whose last line says neither `ok` nor `error: ` gets
    /// an `ok`.
    using Reply = std::function<void(std::string answer)>;
    /// Called once, should the client leave before it has its answer; may be empty.
    using Gone = std::function<void()>;
    /// Takes a line without its newline.
    using Handler = std::function<Gone(std::string_view line, Reply reply)>;

    /// More clients at a time: the one that has been quiet for longest is let go, rather one that waits for no answer.
    static constexpr std::size_t kMaxClients = 64;

    /// `handler` is called from the loop of `io`, which one thread runs.
    Server(boost::asio::io_context& io, Handler handler);
    /// Removes the socket.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Begins to listen at `directory`/`pid`.sock (mode 0600). The answer is empty, or why that cannot be.
    [[nodiscard]] std::string start(const std::string& directory, std::uint64_t pid);
    /// The same for this process, where `hasim ctl` looks.
    [[nodiscard]] std::string start();

    /// Empty before start().
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    using Protocol = boost::asio::local::stream_protocol;
    struct Client;
    using ClientPointer = std::shared_ptr<Client>;

    void accept();
    void make_room();
    void read(const ClientPointer& client);
    void go_on(const ClientPointer& client);
    void answer(const ClientPointer& client, const std::string& text);
    void write(const ClientPointer& client);
    void watch_leaving(const ClientPointer& client);
    void drop(const ClientPointer& client);

    Handler handler_;
    Protocol::acceptor acceptor_;
    boost::asio::steady_timer again_;
    std::string path_;
    std::vector<ClientPointer> clients_;
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);  ///< for handlers that come after the end
};

}  // namespace hasim::control
