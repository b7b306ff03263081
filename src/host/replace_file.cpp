#include "host/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>

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

}  // namespace

std::string replace_file(const std::string& path, std::string_view text)
{
    const std::string beside = path + ".new-" + std::to_string(::getpid());
    const auto failed = [&](const char* what) {
        const std::string reason = std::strerror(errno);
        ::unlink(beside.c_str());
        return path + ": cannot be " + what + ": " + reason;
    };
    struct stat old {};
    const mode_t mode = ::stat(path.c_str(), &old) == 0 ? old.st_mode & 07777 : 0644;
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0) {
        return failed("written");
    }
    const bool whole = write_all(descriptor, text);
    if (::close(descriptor) != 0 || !whole) {
        return failed("written");
    }
    return ::rename(beside.c_str(), path.c_str()) == 0 ? std::string{} : failed("replaced");
}

}  // namespace hasim::host
