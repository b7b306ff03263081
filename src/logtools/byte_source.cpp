#include "logtools/byte_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "logtools/decompress.hpp"

namespace hasim::logtools {
namespace {

class DescriptorSource final : public ByteSource {
public:
    DescriptorSource(int number, bool owned) : number_(number), owned_(owned) {}
    ~DescriptorSource() override
    {
        if (owned_) {
            ::close(number_);
        }
    }
    DescriptorSource(const DescriptorSource&) = delete;
    DescriptorSource& operator=(const DescriptorSource&) = delete;

    std::size_t read(std::span<char> out) override
    {
        ssize_t got = 0;
        do {
            got = ::read(number_, out.data(), out.size());
        } while (got < 0 && errno == EINTR);
        if (got < 0) {
            trouble_ = "cannot be read on: " + std::generic_category().message(errno);
            return 0;
        }
        return static_cast<std::size_t>(got);
    }

private:
    int number_;
    bool owned_;
};

// Gives back the bytes that were looked at to tell what the rest is.
class PeekedSource final : public ByteSource {
public:
    PeekedSource(std::span<const char> seen, std::unique_ptr<ByteSource> rest)
        : size_(seen.size()), rest_(std::move(rest))
    {
        std::copy(seen.begin(), seen.end(), seen_.begin());
    }

    std::size_t read(std::span<char> out) override
    {
        if (at_ < size_) {
            const std::size_t size = std::min(out.size(), size_ - at_);
            std::memcpy(out.data(), seen_.data() + at_, size);
            at_ += size;
            return size;
        }
        const std::size_t got = rest_->read(out);
        if (got == 0) {
            trouble_ = rest_->trouble();
        }
        return got;
    }

private:
    std::array<char, kMagicSize> seen_{};
    std::size_t size_;
    std::size_t at_ = 0;
    std::unique_ptr<ByteSource> rest_;
};

Finding problem(const std::string& path, std::string text)
{
    return {path, 0, 0, Severity::error, std::move(text)};
}

Finding failure(const std::string& path, int error)
{
    switch (error) {
    case ENOENT: return problem(path, "no such file");
    case EACCES: return problem(path, "cannot be read: permission denied");
    case EISDIR: return problem(path, "is a directory");
    default: return problem(path, "cannot be read: " + std::generic_category().message(error));
    }
}

}  // namespace

std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> raw)
{
    std::array<char, kMagicSize> seen{};
    std::size_t size = 0;
    while (size < seen.size()) {
        const std::size_t got = raw->read(std::span(seen).subspan(size));
        if (got == 0) {
            break;
        }
        size += got;
    }
    const std::string_view magic(seen.data(), size);
    auto whole = std::make_unique<PeekedSource>(std::span(seen.data(), size), std::move(raw));
    switch (compression_of(magic)) {
    case Compression::none: return whole;
    case Compression::gzip: return gunzip(std::move(whole));
    case Compression::zstd: return unzstd(std::move(whole));
    }
    return whole;
}

std::variant<std::unique_ptr<ByteSource>, Finding> open_source(const std::string& path)
{
    if (path == kStandardInput) {
        return decompressed(std::make_unique<DescriptorSource>(STDIN_FILENO, false));
    }
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (number < 0) {
        return failure(path, errno);
    }
    auto source = std::make_unique<DescriptorSource>(number, true);
    struct stat status {};
    if (::fstat(number, &status) != 0) {
        return failure(path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return failure(path, EISDIR);
    }
    ::posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL);
    return decompressed(std::move(source));
}

}  // namespace hasim::logtools
