#include "host/replace_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

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
    Beside(const std::string& path, const std::string& ending) : path_(path), beside_(path + ending)
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
    [[nodiscard]] int descriptor() const { return descriptor_; }
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
        return path + ": is a symbolic link; " +
               (unresolved ? "it leads nowhere" : "edit the file it leads to: " + target.string());
    }
    if (!S_ISREG(status.st_mode)) {
        return path + ": is no regular file";
    }
    if (status.st_nlink > 1) {
        return path + ": has several names (hard links), which an edit would part; edit a copy";
    }
    constexpr mode_t kAnyWrite = 0222;
    if ((status.st_mode & kAnyWrite) == 0) {
        return path + ": is read-only; chmod u+w it, or edit a copy";
    }
    return ::access(path.c_str(), W_OK) == 0 ? std::string{} : cannot(path, "written");
}

/// What a failure to write beside a file means to who does not know of that.
std::string not_beside(const std::string& path)
{
    if (errno == EACCES || errno == EROFS) {
        const std::string folder = std::filesystem::path(path).parent_path().string();
        return path + ": a new file cannot be made in its folder " +
               (folder.empty() ? "." : folder) + ": " + std::strerror(errno);
    }
    if (errno == EPERM) {
        return path + ": its owner, group or attributes cannot be kept by this user";
    }
    return cannot(path, "written");
}

/// Extended attributes, access lists among them. Those that only the system may set are its own business.
bool copy_attributes(int from, int to)
{
    std::string names(65536, '\0');
    const ssize_t size = ::flistxattr(from, names.data(), names.size());
    if (size < 0) {
        return errno == ENOTSUP;
    }
    names.resize(static_cast<std::size_t>(size));
    std::string value(65536, '\0');
    for (std::size_t at = 0; at < names.size(); at += std::strlen(names.c_str() + at) + 1) {
        const char* const name = names.c_str() + at;
        const ssize_t length = ::fgetxattr(from, name, value.data(), value.size());
        const bool kept = length >= 0 && ::fsetxattr(to, name, value.data(),
                                                     static_cast<std::size_t>(length), 0) == 0;
        const std::string_view kind(name);
        if (!kept && (kind.starts_with("user.") || kind.starts_with("system.posix_acl"))) {
            return false;
        }
    }
    return true;
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
    Beside beside(unresolved ? named : resolved.string(), ".new-" + std::to_string(::getpid()));
    if (!beside.write(text, exists ? &old : nullptr)) {
        return cannot(named, "written");
    }
    return beside.take_place() ? std::string{} : cannot(named, "replaced");
}

FileEdit::FileEdit(std::string path) : path_(std::move(path))
{
    constexpr int kTries = 2500;
    constexpr std::chrono::milliseconds kAgainAfter{4};
    for (int i = 0; problem_.empty() && !hold(); ++i) {
        if (i == kTries) {
            problem_ = path_ +
                       ": somebody else has held this file for ten seconds; nothing was "
                       "written, try again";
        }
        std::this_thread::sleep_for(kAgainAfter);
    }
}

/// False: somebody else holds it, or has just put another in its place.
bool FileEdit::hold()
{
    struct stat named {};
    if (::lstat(path_.c_str(), &named) != 0) {
        problem_ = cannot(path_, "read");
        return true;
    }
    problem_ = refused(path_, named);
    if (!problem_.empty()) {
        return true;
    }
    file_ = FileHandle(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat opened {};
    if (!file_.is_open() || ::fstat(file_.get(), &opened) != 0) {
        problem_ = cannot(path_, "read");
        return true;
    }
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
        problem_ = errno == EWOULDBLOCK || errno == EINTR ? "" : cannot(path_, "locked");
        return !problem_.empty();
    }
    struct stat now {};
    return ::lstat(path_.c_str(), &now) == 0 && now.st_dev == opened.st_dev &&
           now.st_ino == opened.st_ino;
}

std::string FileEdit::replace(std::string_view before, std::string_view text)
{
    const std::string changed = path_ +
                                ": somebody else changes this file; nothing was written, "
                                "look at it and try again";
    if (!problem_.empty()) {
        return problem_;
    }
    struct stat old {};
    // One byte more than it should have would be seen.
    std::string there(before.size() + 1, '\0');
    const ssize_t size =
        ::fstat(file_.get(), &old) != 0 ? -1 : ::pread(file_.get(), there.data(), there.size(), 0);
    if (size < 0) {
        return cannot(path_, "read");
    }
    there.resize(static_cast<std::size_t>(size));
    if (there != before) {
        return changed;
    }
    // Who holds the file may remove what one that was killed left behind.
    constexpr const char* kEnding = ".hasim-new";
    static_cast<void>(::unlink((path_ + kEnding).c_str()));
    Beside beside(path_, kEnding);
    if (!beside.write(text, &old) || !copy_attributes(file_.get(), beside.descriptor()) ||
        !beside.sync()) {
        return not_beside(path_);
    }
    struct stat last {};
    if (::lstat(path_.c_str(), &last) != 0 || !same_state(old, last)) {
        return changed;
    }
    if (beside.take_place()) {
        return {};
    }
    return errno == EBUSY ? path_ +
                                ": is a mount of its own, which cannot be replaced; edit the "
                                "file where it is from"
                          : cannot(path_, "replaced");
}

bool same_file(const std::string& a, const std::string& b)
{
    struct stat first {};
    struct stat second {};
    return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

}  // namespace hasim::host
