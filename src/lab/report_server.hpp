/// Where the applications of a lab report to: a Unix socket in its folder.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "lab/events.hpp"

namespace hasim::lab {

class ReportServer {
public:
    /// Number of an application's process, from 0, in the order in which they came.
    using Process = std::uint32_t;
    /// Takes what a process tells; nothing: it is gone.
    using Listener = std::function<void(Process, const std::optional<Report>&)>;

    /// Everything happens on the loop of `io`, which one thread runs.
    ReportServer(boost::asio::io_context& io, Listener listener);
    ~ReportServer();
    ReportServer(const ReportServer&) = delete;
    ReportServer& operator=(const ReportServer&) = delete;

    /// Listens at `path`; empty, or what went wrong.
    [[nodiscard]] std::string listen(const std::string& path);

private:
    using Executor = boost::asio::io_context::executor_type;
    using Protocol = boost::asio::local::stream_protocol;
    using Socket = boost::asio::basic_stream_socket<Protocol, Executor>;
    struct Connection;

    void accept();
    void read(const std::shared_ptr<Connection>& connection);
    /// False when what came is no report.
    [[nodiscard]] bool take_lines(Connection& connection);

    boost::asio::basic_socket_acceptor<Protocol, Executor> acceptor_;
    Listener listener_;
    Process next_ = 0;
    std::set<std::shared_ptr<Connection>> connections_;
};

}  // namespace hasim::lab
