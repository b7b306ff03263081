#include "lab/report_server.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>

namespace hasim::lab {

namespace {

constexpr std::size_t kMostConnections = 64;
constexpr std::size_t kLongestLine = 512;

}  // namespace

struct ReportServer::Connection {
    explicit Connection(const Executor& executor) : socket(executor) {}
    Socket socket;
    Process process = 0;
    std::array<char, 16384> input;
    std::string line;  ///< the beginning of one, and what follows
};

ReportServer::ReportServer(boost::asio::io_context& io, Listener listener)
    : acceptor_(io.get_executor()), listener_(std::move(listener))
{
}

ReportServer::~ReportServer()
{
    for (const auto& connection : connections_) {
        boost::system::error_code ignored;
        static_cast<void>(connection->socket.close(ignored));
    }
}

std::string ReportServer::listen(const std::string& path)
{
    boost::system::error_code error;
    static_cast<void>(acceptor_.open(Protocol(), error));
    if (!error) {
        static_cast<void>(acceptor_.bind(Protocol::endpoint(path), error));
    }
    if (!error) {
        static_cast<void>(
            acceptor_.listen(boost::asio::socket_base::max_listen_connections, error));
    }
    if (error) {
        return fmt::format("{} cannot be listened at: {}", path, error.message());
    }
    accept();
    return {};
}

void ReportServer::accept()
{
    const auto connection = std::make_shared<Connection>(acceptor_.get_executor());
    acceptor_.async_accept(connection->socket,
                           [this, connection](const boost::system::error_code& error) {
                               if (error == boost::asio::error::operation_aborted) {
                                   return;
                               }
                               if (!error && connections_.size() < kMostConnections) {
                                   connection->process = next_++;
                                   connections_.insert(connection);
                                   read(connection);
                               }
                               accept();
                           });
}

void ReportServer::read(const std::shared_ptr<Connection>& connection)
{
    connection->socket.async_read_some(
        boost::asio::buffer(connection->input),
        [this, connection](const boost::system::error_code& error, std::size_t size) {
            if (error == boost::asio::error::operation_aborted) {
                return;
            }
            connection->line.append(connection->input.data(), size);
            if (error || !take_lines(*connection)) {
                connections_.erase(connection);
                listener_(connection->process, std::nullopt);
                return;
            }
            read(connection);
        });
}

bool ReportServer::take_lines(Connection& connection)
{
    std::string_view left = connection.line;
    for (std::size_t end = left.find('\n'); end != std::string_view::npos; end = left.find('\n')) {
        const auto report = report_in(left.substr(0, end));
        if (!report) {
            return false;
        }
        listener_(connection.process, report);
        left.remove_prefix(end + 1);
    }
    connection.line.erase(0, connection.line.size() - left.size());
    return connection.line.size() <= kLongestLine;
}

}  // namespace hasim::lab
