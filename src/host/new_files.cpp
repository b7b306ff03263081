#include "host/new_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace hasim::host {
namespace {

std::string complaint(const std::string& path, int error)
{
    return path + ": cannot be written: " + std::strerror(error);
}

/// Empty, or what went wrong; then the file may be there in part.
std::string fill(int descriptor, const NewFile& file)
{
    // The mode is set at opening too, but the umask may have taken from it what the owner needs.
    int error = file.secret && ::fchmod(descriptor, 0600) != 0 ? errno : 0;
    std::string_view rest = file.text;
    while (error == 0 && !rest.empty()) {
        const ssize_t written = ::write(descriptor, rest.data(), rest.size());
        if (written >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            error = errno;
        }
    }
    if (error == 0 && ::fsync(descriptor) != 0) {
        error = errno;
    }
    if (::close(descriptor) != 0 && error == 0) {
        error = errno;
    }
    return error == 0 ? std::string{} : complaint(file.path, error);
}

/// The files beside their places, which go with it.
class Staging {
public:
    Staging() = default;
    ~Staging()
    {
        for (const auto& [beside, file] : staged_) {
            ::unlink(beside.c_str());
        }
    }
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    std::string stage(const NewFile& file)
    {
        std::string beside = file.path + ".new-" + std::to_string(::getpid());
        const int descriptor =
            ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                   file.secret ? 0600 : 0644);
        if (descriptor < 0) {
            return complaint(file.path, errno);
        }
        staged_.emplace_back(std::move(beside), &file);
        return fill(descriptor, file);
    }

    std::string place(Standing standing)
    {
        for (const auto& [beside, file] : staged_) {
            // A link is made only where nothing stands, however short the time between the look and the leap.
            const bool placed = standing == Standing::kept
                                    ? ::link(beside.c_str(), file->path.c_str()) == 0
                                    : ::rename(beside.c_str(), file->path.c_str()) == 0;
            if (!placed) {
                return complaint(file->path, errno);
            }
        }
        return {};
    }

private:
    std::vector<std::pair<std::string, const NewFile*>> staged_;
};

}  // namespace

std::string make_files(std::span<const NewFile> files, Standing standing)
{
    if (standing == Standing::kept) {
        for (const NewFile& file : files) {
            struct stat status {};
            if (::lstat(file.path.c_str(), &status) == 0) {
                return complaint(file.path, EEXIST);
            }
        }
    }
    Staging staging;
    for (const NewFile& file : files) {
        std::string error = staging.stage(file);
        if (!error.empty()) {
            return error;
        }
    }
    return staging.place(standing);
}

}  // namespace hasim::host
