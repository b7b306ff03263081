#include "support/http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <fmt/format.h>

namespace hasim::test {

std::uint16_t http_port(std::string_view said)
{
    constexpr std::string_view kBegin = "http://127.0.0.1:";
    const std::size_t at = said.find(kBegin);
    return at == said.npos ? std::uint16_t{0}
                           : static_cast<std::uint16_t>(
                                 std::stoul(std::string(said.substr(at + kBegin.size(), 5))));
}

HttpSocket::HttpSocket(std::uint16_t port)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval wait{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    static_cast<void>(
        ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

HttpSocket::~HttpSocket()
{
    ::close(descriptor_);
}

void HttpSocket::send(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool HttpSocket::read_until(std::string_view text)
{
    while (read_.find(text) == read_.npos) {
        char piece[65536];
        const ssize_t size = ::recv(descriptor_, piece, sizeof piece, 0);
        if (size <= 0) {
            return false;
        }
        read_.append(piece, static_cast<std::size_t>(size));
    }
    return true;
}

HttpAnswer http(std::uint16_t port, std::string_view method, std::string_view target,
                std::string_view body, std::string_view headers)
{
    HttpSocket socket(port);
    socket.send(
        fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n"
                    "Content-Length: {}\r\n{}\r\n{}",
                    method, target, port, body.size(), headers, body));
    static_cast<void>(socket.read_until(std::string(1, '\0')));  // to the end
    HttpAnswer answer;
    const std::string& all = socket.read();
    const std::size_t end = all.find("\r\n\r\n");
    if (all.starts_with("HTTP/1.1 ") && end != all.npos) {
        answer.status = std::stoi(all.substr(9, 3));
        answer.head = all.substr(0, end + 2);
        answer.body = all.substr(end + 4);
    }
    return answer;
}

}  // namespace hasim::test
