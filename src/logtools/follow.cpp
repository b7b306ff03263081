#include "logtools/follow.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "logtools/log_set.hpp"

namespace hasim::logtools {

namespace {

/// Real time between two looks at a file that does not grow (chosen: rows are to be read by people and pipes).
constexpr int kLookMilliseconds = 100;

struct Identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    friend bool operator==(const Identity&, const Identity&) = default;
};

std::optional<Identity> identity_of(const std::string& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return std::nullopt;
    }
    return Identity{status.st_dev, status.st_ino};
}

class GrowingSource final : public ByteSource {
public:
    GrowingSource(int number, std::string path, Identity identity, std::function<void()> on_wait,
                  std::function<bool()> stop)
        : number_(number),
          path_(std::move(path)),
          identity_(identity),
          on_wait_(std::move(on_wait)),
          stop_(std::move(stop))
    {
    }
    ~GrowingSource() override { ::close(number_); }
    GrowingSource(const GrowingSource&) = delete;
    GrowingSource& operator=(const GrowingSource&) = delete;

    std::size_t read(std::span<char> out) override
    {
        bool renamed = false;
        while (true) {
            const ssize_t got = ::read(number_, out.data(), out.size());
            if (got < 0 && errno != EINTR) {
                trouble_ = "cannot be read on: " + std::generic_category().message(errno);
                return 0;
            }
            if (got > 0) {
                return static_cast<std::size_t>(got);
            }
            // What was written before the file was renamed has been read once it is known to be renamed.
            if (renamed || stop_()) {
                return 0;
            }
            if (const auto now = identity_of(path_); now && *now != identity_) {
                renamed = true;
                continue;
            }
            begin_again_when_cut();
            on_wait_();
            ::poll(nullptr, 0, kLookMilliseconds);
        }
    }

private:
    void begin_again_when_cut() const
    {
        struct stat status {};
        const off_t at = ::lseek(number_, 0, SEEK_CUR);
        if (::fstat(number_, &status) == 0 && status.st_size < at) {
            ::lseek(number_, 0, SEEK_SET);
        }
    }

    int number_;
    std::string path_;
    Identity identity_;
    std::function<void()> on_wait_;
    std::function<bool()> stop_;
};

}  // namespace

std::variant<std::unique_ptr<ByteSource>, Finding> FollowedFile::open(const std::string& file)
{
    if (const auto identity = identity_of(file)) {
        device_ = identity->device;
        inode_ = identity->inode;
    }
    const int number =
        file == path_ ? ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
    struct stat status {};
    if (number < 0 || ::fstat(number, &status) != 0 || !S_ISREG(status.st_mode)) {
        if (number >= 0) {
            ::close(number);
        }
        return open_source(file, on_wait_);  // a rotated file, or one with an error to tell
    }
    device_ = status.st_dev;
    inode_ = status.st_ino;
    return text_of(
        std::make_unique<GrowingSource>(number, path_, Identity{device_, inode_}, on_wait_, stop_));
}

std::optional<std::string> FollowedFile::next() const
{
    if (stop_()) {
        return std::nullopt;
    }
    const auto set = files_meant({path_});
    if (const auto* const files = std::get_if<LogFiles>(&set)) {
        const auto last =
            std::find_if(files->files.begin(), files->files.end(), [this](const std::string& file) {
                return identity_of(file) == Identity{device_, inode_};
            });
        if (last != files->files.end() && std::next(last) != files->files.end()) {
            return *std::next(last);
        }
    }
    return path_;
}

}  // namespace hasim::logtools
