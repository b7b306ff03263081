#include "host/replace_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "host/file_handle.hpp"

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

/// The mode and the owners that a file had. A group that this user is not in cannot be given: then it is an error.
bool make_alike(int descriptor, const struct stat& old)
{
    struct stat now {};
    if (::fstat(descriptor, &now) != 0) {
        return false;
    }
    const bool owned = (now.st_uid == old.st_uid && now.st_gid == old.st_gid) ||
                       ::fchown(descriptor, old.st_uid, old.st_gid) == 0;
    return owned && ::fchmod(descriptor, old.st_mode & 07777) == 0;
}

/// A file beside another, which takes its place or is removed.
class Beside {
public:
    explicit Beside(const std::string& path)
        : path_(path), beside_(path + ".new-" + std::to_string(::getpid()))
    {
    }
    ~Beside()
    {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
        if (made_) {
            ::unlink(beside_.c_str());
        }
    }
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;

    /// `old` is what is to be alike; null: a new file. False with errno.
    bool write(std::string_view text, const struct stat* old)
    {
        descriptor_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                             old == nullptr ? 0644 : 0600);
        made_ = descriptor_ >= 0;  // else what may stand there is not ours to remove
        return made_ && write_all(descriptor_, text) &&
               (old == nullptr || make_alike(descriptor_, *old));
    }
    /// Whatever happens to the machine from now on, the whole text is there.
    bool sync() { return ::fsync(descriptor_) == 0; }
    bool take_place()
    {
        if (::close(std::exchange(descriptor_, -1)) != 0 ||
            ::rename(beside_.c_str(), path_.c_str()) != 0) {
            return false;
        }
        made_ = false;
        return true;
    }

private:
    std::string path_;
    std::string beside_;
    int descriptor_ = -1;
    bool made_ = false;
};

std::string cannot(const std::string& path, const char* what)
{
    return path + ": cannot be " + what + ": " + std::strerror(errno);
}

/// Everybody who edits a file with hasim holds this while looking at it and replacing it. 0, or an errno.
int lock(int descriptor)
{
    constexpr int kTries = 500;
    for (int i = 0; i < kTries; ++i) {
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
            return 0;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return errno;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(4));
    }
    return EWOULDBLOCK;
}

/// Whether nobody has touched the file meanwhile.
bool same_state(const struct stat& a, const struct stat& b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
           a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/// Why a file may not be edited; empty when it may.
std::string refused(const std::string& path, const struct stat& status)
{
    if (S_ISLNK(status.st_mode)) {
        std::error_code unresolved;
        const std::filesystem::path target = std::filesystem::canonical(path, unresolved);
        return path + ": is a link; " +
               (unresolved ? "it leads nowhere" : "edit the file it leads to: " + target.string());
    }
    if (!S_ISREG(status.st_mode)) {
        return path + ": is no regular file";
    }
    constexpr mode_t kAnyWrite = 0222;
    if ((status.st_mode & kAnyWrite) == 0 || ::access(path.c_str(), W_OK) != 0) {
        return path + ": is read-only for you; chmod u+w it, or edit a copy";
    }
    return {};
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
    Beside beside(unresolved ? named : resolved.string());
    if (!beside.write(text, exists ? &old : nullptr)) {
        return cannot(named, "written");
    }
    return beside.take_place() ? std::string{} : cannot(named, "replaced");
}

std::string replace_unchanged(const std::string& path, std::string_view before,
                              std::string_view text)
{
    const std::string changed = path +
                                ": somebody else changes this file; nothing was written, "
                                "look at it and try again";
    struct stat old {};
    if (::lstat(path.c_str(), &old) != 0) {
        return cannot(path, "read");
    }
    if (std::string why = refused(path, old); !why.empty()) {
        return why;
    }
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat now {};
    if (!file.is_open() || ::fstat(file.get(), &now) != 0) {
        return cannot(path, "read");
    }
    if (const int held = lock(file.get()); held != 0) {
        return held == EWOULDBLOCK ? changed : path + ": cannot be locked: " + std::strerror(held);
    }
    // One byte more than it should have would be seen.
    std::string there(before.size() + 1, '\0');
    const ssize_t size = ::pread(file.get(), there.data(), there.size(), 0);
    if (size < 0) {
        return cannot(path, "read");
    }
    there.resize(static_cast<std::size_t>(size));
    if (there != before) {
        return changed;
    }
    Beside beside(path);
    if (!beside.write(text, &old) || !beside.sync()) {
        return cannot(path, "written");
    }
    struct stat last {};
    if (::lstat(path.c_str(), &last) != 0 || !same_state(old, last) || !same_state(now, last)) {
        return changed;
    }
    return beside.take_place() ? std::string{} : cannot(path, "replaced");
}

bool same_file(const std::string& a, const std::string& b)
{
    struct stat first {};
    struct stat second {};
    return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

}  // namespace hasim::host
