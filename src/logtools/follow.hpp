/// Reading on in a log that is still written, through its rotations.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "logtools/byte_source.hpp"

namespace hasim::logtools {

/// Follows one file: reads what is there, waits for more, and when the file was renamed and another has taken its name,
/// goes on with the files that were written since, in the order of their names (haErrorLog_<stamp>[_NNN].txt), then
/// with the new one. A file that became shorter was cut, and is read from its beginning.
class FollowedFile {
public:
    /// `on_wait` is called whenever nothing more is there, and then until `stop` says true.
    FollowedFile(std::string path, std::function<void()> on_wait, std::function<bool()> stop)
        : path_(std::move(path)), on_wait_(std::move(on_wait)), stop_(std::move(stop))
    {
    }

    [[nodiscard]] const std::string& path() const { return path_; }

    /// Opens the file that has the path now, or one that next() named. Its source ends when it was renamed, or with
    /// `stop`.
    [[nodiscard]] std::variant<std::unique_ptr<ByteSource>, Finding> open(const std::string& file);

    /// Behind the end of the file opened last: the next one to be opened; nothing with `stop`.
    [[nodiscard]] std::optional<std::string> next() const;

private:
    std::string path_;
    std::function<void()> on_wait_;
    std::function<bool()> stop_;
    std::uint64_t device_ = 0;  // of the file opened last
    std::uint64_t inode_ = 0;
};

}  // namespace hasim::logtools
