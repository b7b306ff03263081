#include "corpus/block_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <xxhash.h>

namespace hasim::corpus {
namespace {

[[noreturn]] void fail(const std::string& path, int error)
{
    const std::string reason = std::generic_category().message(error);
    throw OutputError(
        error == ENOSPC || error == EDQUOT
            ? fmt::format("{}: {}; free some space, or name another --out", path, reason)
            : fmt::format("{}: cannot be written: {}", path, reason));
}

}  // namespace

struct Digest::State {
    XXH3_state_t* xxh = XXH3_createState();
};

Digest::Digest() : state_(std::make_unique<State>())
{
    XXH3_128bits_reset(state_->xxh);
}

Digest::~Digest()
{
    XXH3_freeState(state_->xxh);
}

void Digest::add(std::string_view bytes)
{
    XXH3_128bits_update(state_->xxh, bytes.data(), bytes.size());
}

std::string Digest::text() const
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_->xxh));
    std::string text;
    for (const unsigned char byte : canonical.digest) {
        constexpr std::string_view kHex = "0123456789abcdef";
        text += kHex[byte >> 4U];
        text += kHex[byte & 15U];
    }
    return text;
}

BlockFile::BlockFile(std::string path) : path_(std::move(path))
{
    if (!path_.empty()) {
        descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (descriptor_ < 0) {
            fail(path_, errno);
        }
    }
}

BlockFile::~BlockFile()
{
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void BlockFile::flush()
{
    digest_.add(buffer_);
    std::string_view rest = buffer_;
    while (descriptor_ >= 0 && !rest.empty()) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            fail(path_, written == 0 ? ENOSPC : errno);
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    flushed_ += buffer_.size();
    buffer_.clear();
}

void BlockFile::close()
{
    flush();
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (descriptor >= 0 && ::close(descriptor) != 0) {
        fail(path_, errno);
    }
}

}  // namespace hasim::corpus
