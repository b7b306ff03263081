#include "live/file_watch.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <variant>

#include <fmt/core.h>
#include <boost/asio/post.hpp>

#include "live/handler_watch.hpp"

namespace hasim::live {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE;

}  // namespace

FileWatch::FileWatch(boost::asio::io_context& io, std::string path, std::size_t limit,
                     Changed changed, Problem problem)
    : notices_(io),
      path_(std::move(path)),
      changed_(std::move(changed)),
      problem_(std::move(problem)),
      read_(io, path_, limit, [this](BackgroundRead::Result result) { take(std::move(result)); })
{
}

std::string FileWatch::start(std::string text)
{
    text_ = std::move(text);
    const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0) {
        return fmt::format("{} cannot be watched: {}", path_, std::strerror(errno));
    }
    notices_.assign(descriptor);
    if (std::string error = watch_all(); !error.empty()) {
        notices_.close();
        return error;
    }
    boost::asio::post(notices_.get_executor(), [this, alive = std::weak_ptr<bool>(alive_)] {
        if (!alive.expired()) {
            wait();
            look();
        }
    });
    return {};
}

/// Watches the directory of every name that leads to the file: its own, and that of what a link points at.
std::string FileWatch::watch_all()
{
    if (std::string error = watch(path_); !error.empty()) {
        return error;
    }
    std::error_code error;
    const fs::path target = fs::canonical(path_, error);
    return error ? std::string() : watch(target.string());
}

std::string FileWatch::watch(const std::string& file)
{
    const fs::path path(file);
    const std::string directory =
        path.has_parent_path() ? path.parent_path().string() : std::string(".");
    const int watched =
        ::inotify_add_watch(notices_.native_handle(), directory.c_str(), kMask | IN_ONLYDIR);
    if (watched < 0) {
        return fmt::format("{} cannot be watched for changes of {}: {}", directory, path_,
                           std::strerror(errno));
    }
    directories_[watched].path = directory;
    directories_[watched].names.insert(path.filename().string());
    return {};
}

void FileWatch::wait()
{
    notices_.async_wait(
        boost::asio::posix::descriptor_base::wait_read,
        [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
            if (!error && !alive.expired()) {
                const HandlerCheck check;
                wait();
                if (take_notices()) {
                    look();
                }
            }
        });
}

/// Reads all that the kernel has noticed. True when the file may have changed.
bool FileWatch::take_notices()
{
    alignas(inotify_event) std::array<char, 8192> buffer;
    bool concerned = false;
    for (;;) {
        const ssize_t size = ::read(notices_.native_handle(), buffer.data(), buffer.size());
        if (size <= 0) {
            return concerned;
        }
        for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(size);) {
            inotify_event notice{};
            std::memcpy(&notice, buffer.data() + at, sizeof notice);
            const char* name = buffer.data() + at + sizeof notice;
            concerned |=
                concerns(notice.wd, notice.mask, std::string(name, ::strnlen(name, notice.len)));
            if ((notice.mask & IN_IGNORED) != 0) {
                if (const auto gone = directories_.find(notice.wd); gone != directories_.end()) {
                    tell(fmt::format("{} is gone: changes of {} are no longer noticed there",
                                     gone->second.path, path_));
                    directories_.erase(gone);
                }
            }
            at += sizeof notice + notice.len;
        }
    }
}

bool FileWatch::concerns(int watched, std::uint32_t mask, const std::string& name) const
{
    if ((mask & IN_Q_OVERFLOW) != 0) {
        return true;
    }
    const auto directory = directories_.find(watched);
    if (directory == directories_.end()) {
        return false;
    }
    // Whatever is renamed into a directory may be a link on the way to the file.
    if ((mask & IN_MOVED_TO) != 0) {
        return true;
    }
    const bool is_named = directory->second.names.count(name) != 0;
    if ((mask & IN_CREATE) == 0) {
        return is_named;
    }
    // A new file is empty, and read when its writer closes it; a new link has its content at once.
    struct stat status {};
    const std::string path = (fs::path(directory->second.path) / name).string();
    return ::lstat(path.c_str(), &status) == 0 &&
           (S_ISLNK(status.st_mode) ||
            (is_named && S_ISREG(status.st_mode) && status.st_nlink > 1));
}

void FileWatch::look()
{
    if (const std::string error = watch_all(); !error.empty()) {
        tell(error);
    }
    read_.begin();
}

void FileWatch::take(BackgroundRead::Result result)
{
    if (!result) {
        return;  // gone; the next one will be noticed
    }
    if (const Finding* finding = std::get_if<Finding>(&*result); finding != nullptr) {
        tell(to_text(*finding));
        return;
    }
    told_.clear();
    if (std::string& text = std::get<std::string>(*result); text != text_) {
        text_ = std::move(text);
        changed_(text_);
    }
}

void FileWatch::tell(const std::string& problem)
{
    if (problem != told_) {
        told_ = problem;
        problem_(problem);
    }
}

}  // namespace hasim::live
