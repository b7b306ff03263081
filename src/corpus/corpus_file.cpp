#include "corpus/corpus_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hasim::corpus {

namespace {

/// A pipe may never come, a device never end. `size` is what it holds now.
host::FileHandle open_regular(const std::string& path, std::size_t& size)
{
    host::FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status {};
    if (file.is_open() && (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))) {
        file.close();
    }
    size = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
    return file;
}

ssize_t read_some(const host::FileHandle& file, char* to, std::size_t size)
{
    for (;;) {
        const ssize_t got = ::read(file.get(), to, size);
        if (got >= 0 || errno != EINTR) {
            return got;
        }
    }
}

}  // namespace

LineFile::LineFile(const std::string& path)
{
    std::size_t size = 0;
    file_ = open_regular(path, size);
    block_ = std::min(kBlock, size + 1);  // most files are small
}

/// Reads another block behind what is left; false at the end.
bool LineFile::fill()
{
    buffer_.erase(0, at_);
    buffer_offset_ += at_;
    at_ = 0;
    const std::size_t had = buffer_.size();
    if (!file_.is_open() || had > kLongestLine) {
        return false;
    }
    buffer_.resize(had + block_);
    const ssize_t got = read_some(file_, buffer_.data() + had, block_);
    buffer_.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    return got > 0;
}

bool LineFile::next()
{
    std::size_t searched = at_;
    std::size_t end = buffer_.find('\n', searched);
    while (end == std::string::npos) {
        searched = buffer_.size() - at_;  // fill() moves what is left to the front
        if (!fill()) {
            break;
        }
        end = buffer_.find('\n', searched);
    }
    has_newline_ = end != std::string::npos;
    if (!has_newline_ && (buffer_.size() == at_ || buffer_.size() - at_ > kLongestLine)) {
        return false;
    }
    const std::size_t stop = has_newline_ ? end : buffer_.size();
    line_ = std::string_view(buffer_).substr(at_, stop - at_);
    offset_ = buffer_offset_ + at_;
    ++number_;
    at_ = has_newline_ ? stop + 1 : stop;
    return true;
}

std::optional<FileDigest> digest_of(const std::string& path)
{
    std::size_t size = 0;
    const host::FileHandle file = open_regular(path, size);
    if (!file.is_open()) {
        return std::nullopt;
    }
    FileDigest result;
    Digest digest;
    std::string block(std::min(std::size_t{1} << 20, size + 1), '\0');
    ssize_t got = 0;
    while ((got = read_some(file, block.data(), block.size())) > 0) {
        digest.add(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
        result.bytes += static_cast<std::uint64_t>(got);
    }
    if (got < 0) {
        return std::nullopt;
    }
    result.digest = digest.text();
    return result;
}

}  // namespace hasim::corpus
