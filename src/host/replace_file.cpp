#include "host/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace hasim::host {

namespace {

bool write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// A device, a pipe: there is nothing to rename over.
std::string write_into(const std::string& path, std::string_view text)
{
    // A pipe that nobody reads is an error, not a wait for somebody.
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0) {
        return path + ": cannot be written: " +
               (errno == ENXIO ? "nobody reads it" : std::strerror(errno));
    }
    const bool blocking = ::fcntl(descriptor, F_SETFL, O_WRONLY) == 0;
    const bool whole = blocking && write_all(descriptor, text);
    const int error = errno;
    ::close(descriptor);
    return whole ? std::string{} : path + ": cannot be written: " + std::strerror(error);
}

}  // namespace

std::string replace_file(const std::string& named, std::string_view text)
{
    // The file that links lead to is replaced, not the link.
    std::error_code unresolved;
    const std::filesystem::path resolved = std::filesystem::canonical(named, unresolved);
    struct stat old {};
    const bool exists = ::stat(named.c_str(), &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        return write_into(named, text);
    }
    const std::string path = unresolved ? named : resolved.string();
    const std::string beside = path + ".new-" + std::to_string(::getpid());
    const auto failed = [&](const char* what) {
        const std::string reason = std::strerror(errno);
        ::unlink(beside.c_str());
        return named + ": cannot be " + what + ": " + reason;
    };
    const mode_t mode = exists ? old.st_mode & 07777 : 0644;
    const int descriptor =
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (descriptor < 0) {  // what may stand there is not ours to remove
        return named + ": cannot be written: " + std::strerror(errno);
    }
    const bool kept =
        !exists || old.st_uid == ::geteuid() ||
        (::fchown(descriptor, old.st_uid, old.st_gid) == 0 && ::fchmod(descriptor, mode) == 0);
    const bool whole = kept && write_all(descriptor, text);
    if (::close(descriptor) != 0 || !whole) {
        return failed("written");
    }
    return ::rename(beside.c_str(), path.c_str()) == 0 ? std::string{} : failed("replaced");
}

bool same_file(const std::string& a, const std::string& b)
{
    struct stat first {};
    struct stat second {};
    return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

}  // namespace hasim::host
