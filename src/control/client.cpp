#include "control/client.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "control/socket_directory.hpp"

namespace hasim::control {

namespace {

using Kind = Answer::Kind;

constexpr std::size_t kMaxAnswer = 16U << 20;

/// A socket that closes itself.
class Socket {
public:
    Socket() : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
    ~Socket() { ::close(descriptor_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

/// The remedy when it is not clear whom to ask; empty when it is.
std::string choose(const std::string& directory, std::optional<std::uint64_t>& pid)
{
    struct stat status {};
    if (::lstat(directory.c_str(), &status) == 0) {
        if (std::string problem = check_directory(directory); !problem.empty()) {
            return problem;
        }
    }
    const auto pids = running(directory);
    if (pid) {
        for (const std::uint64_t other : pids) {
            if (other == *pid) {
                return {};
            }
        }
        return fmt::format(
            "no hasim with pid {} can be reached (its socket would be {}); `hasim ctl list` prints "
            "those that can",
            *pid, socket_path(directory, *pid));
    }
    if (pids.empty()) {
        return none_runs(directory);
    }
    if (pids.size() > 1) {
        std::string text = fmt::format("{} hasims are running; name one with --pid:", pids.size());
        for (const std::uint64_t other : pids) {
            text += fmt::format(" {}", other);
        }
        return text;
    }
    pid = pids.front();
    return {};
}

/// Connects, sends the line and reads the answer to its end; an error text when that fails.
std::string exchange(const std::string& path, std::string_view line, std::chrono::seconds patience,
                     std::string& answer)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return fmt::format("{} is too long a name for a socket", path);
    }
    path.copy(address.sun_path, path.size());
    const Socket socket;
    const timeval wait{.tv_sec = patience.count(), .tv_usec = 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return fmt::format("{} cannot be reached: {}", path, std::strerror(errno));
    }
    const std::string message = std::string(line) + "\n";
    // A line is far smaller than a socket's buffer: it goes at once or not at all.
    if (::send(socket.get(), message.data(), message.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(message.size())) {
        return fmt::format("{} does not take the line: {}", path, std::strerror(errno));
    }
    ::shutdown(socket.get(), SHUT_WR);
    char piece[4096];
    for (;;) {
        const ssize_t size = ::recv(socket.get(), piece, sizeof piece, 0);
        if (size == 0) {
            return {};
        }
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return fmt::format("{} did not answer within {} s", path, patience.count());
        }
        if (size < 0 && errno != EINTR) {
            return fmt::format("{} broke off: {}", path, std::strerror(errno));
        }
        if (size > 0) {
            answer.append(piece, static_cast<std::size_t>(size));
        }
        if (answer.size() > kMaxAnswer) {
            return fmt::format("{} does not stop answering", path);
        }
    }
}

/// Parts an answer into what there is to print and its last line.
Answer judged(const std::string& path, std::string answer)
{
    constexpr std::string_view kError = "error: ";
    if (!answer.ends_with('\n')) {
        return {Kind::not_reached, fmt::format("{} ended without a whole answer", path)};
    }
    answer.pop_back();
    const std::size_t before_last = answer.rfind('\n');
    const std::size_t last = before_last == std::string::npos ? 0 : before_last + 1;
    const std::string verdict = answer.substr(last);
    answer.resize(last);
    if (verdict == "ok") {
        return {Kind::done, std::move(answer)};
    }
    if (verdict.starts_with(kError)) {
        return {Kind::refused, verdict.substr(kError.size())};
    }
    return {Kind::not_reached, fmt::format("{} ended without a whole answer", path)};
}

}  // namespace

std::string none_runs(const std::string& directory)
{
    return fmt::format(
        "no hasim of yours is running (a run has its socket in {}); start one in another terminal: "
        "hasim run --conf FILE",
        directory);
}

Answer send_line(const std::string& directory, std::optional<std::uint64_t> pid,
                 std::string_view line, std::chrono::seconds patience)
{
    if (line.find('\n') != std::string_view::npos) {
        return {Kind::refused, "one line at a time can be given"};
    }
    if (line.size() > kMaxLine) {
        return {Kind::refused,
                fmt::format("a line has at most {} bytes, this one has {}", kMaxLine, line.size())};
    }
    if (std::string problem = choose(directory, pid); !problem.empty()) {
        return {Kind::not_chosen, std::move(problem)};
    }
    const std::string path = socket_path(directory, *pid);
    std::string answer;
    if (std::string problem = exchange(path, line, patience, answer); !problem.empty()) {
        return {Kind::not_reached, std::move(problem)};
    }
    return judged(path, std::move(answer));
}

}  // namespace hasim::control
