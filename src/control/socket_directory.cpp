#include "control/socket_directory.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

#include <fmt/core.h>

namespace hasim::control {

namespace {

constexpr std::string_view kSuffix = ".sock";

/// The pid that a socket's file name begins with.
std::optional<std::uint64_t> pid_of(std::string_view name)
{
    std::uint64_t pid = 0;
    if (!name.ends_with(kSuffix)) {
        return std::nullopt;
    }
    name.remove_suffix(kSuffix.size());
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    return error == std::errc() && end == name.data() + name.size() ? std::optional(pid)
                                                                    : std::nullopt;
}

/// Whether somebody listens. A pid alone would not tell: it may be used again, or be another container's.
bool is_answered(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return false;
    }
    path.copy(address.sun_path, path.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return true;
    }
    const bool refused =
        ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno == ECONNREFUSED;
    ::close(descriptor);
    return !refused;
}

/// Removes what is a socket; anything else of that name is somebody's file, and stays.
void remove_socket(const std::string& path)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) {
        ::unlink(path.c_str());
    }
}

}  // namespace

std::string socket_directory()
{
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    struct stat status {};
    if (runtime != nullptr && runtime[0] == '/' && ::stat(runtime, &status) == 0 &&
        S_ISDIR(status.st_mode)) {
        return fmt::format("{}/hasim", runtime);
    }
    return fmt::format("/tmp/hasim-{}", ::geteuid());
}

std::string prepare_directory(const std::string& directory)
{
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        return fmt::format("{} cannot be made: {}", directory, std::strerror(errno));
    }
    return check_directory(directory);
}

std::string check_directory(const std::string& directory)
{
    struct stat status {};
    // Not stat(): in /tmp somebody else could have laid a link here.
    if (::lstat(directory.c_str(), &status) != 0) {
        return fmt::format("{} cannot be read: {}", directory, std::strerror(errno));
    }
    if (!S_ISDIR(status.st_mode)) {
        return fmt::format("{} is not a directory; remove it", directory);
    }
    if (status.st_uid != ::geteuid()) {
        return fmt::format(
            "{} belongs to another user; set XDG_RUNTIME_DIR to a directory of your own",
            directory);
    }
    if ((status.st_mode & 077U) != 0) {
        return fmt::format("{} is open to other users (mode {:04o}); chmod 700 it", directory,
                           status.st_mode & 07777U);
    }
    return {};
}

std::string socket_path(const std::string& directory, std::uint64_t pid)
{
    return fmt::format("{}/{}{}", directory, pid, kSuffix);
}

std::vector<std::uint64_t> running(const std::string& directory)
{
    std::vector<std::uint64_t> pids;
    if (!check_directory(directory).empty()) {
        return pids;  // whatever is in there, it is not this user's
    }
    std::error_code error;
    for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        if (const auto pid = pid_of(entry->path().filename().string())) {
            pids.push_back(*pid);
        }
    }
    std::sort(pids.begin(), pids.end());
    std::erase_if(pids, [&](std::uint64_t pid) {
        const std::string path = socket_path(directory, pid);
        if (is_answered(path)) {
            return false;
        }
        remove_socket(path);
        return true;
    });
    return pids;
}

}  // namespace hasim::control
