#include "logtools/byte_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "logtools/decompress.hpp"

namespace hasim::logtools {
namespace {

class DescriptorSource final : public ByteSource {
public:
    DescriptorSource(int number, bool owned, std::function<void()> on_wait)
        : number_(number), owned_(owned), on_wait_(std::move(on_wait))
    {
    }
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
        if (pollfd ready{number_, POLLIN, 0}; on_wait_ && ::poll(&ready, 1, 0) == 0) {
            on_wait_();
        }
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
    std::function<void()> on_wait_;
};

/// Nothing but the reason why.
class Unreadable final : public ByteSource {
public:
    explicit Unreadable(std::string why) { trouble_ = std::move(why); }
    std::size_t read(std::span<char>) override { return 0; }
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

/// A source whose first bytes were looked at.
class Peeked {
public:
    [[nodiscard]] std::string_view first() const { return {seen_.data(), size_}; }
    /// All of it but the first `without` bytes.
    [[nodiscard]] std::unique_ptr<ByteSource> whole(std::size_t without = 0) &&
    {
        return std::make_unique<PeekedSource>(
            std::span<const char>(seen_.data(), size_).subspan(without), std::move(rest_));
    }

private:
    friend Peeked peek(std::unique_ptr<ByteSource> source);

    std::array<char, kMagicSize> seen_{};
    std::size_t size_ = 0;
    std::unique_ptr<ByteSource> rest_;
};

Peeked peek(std::unique_ptr<ByteSource> source)
{
    Peeked peeked;
    while (peeked.size_ < peeked.seen_.size()) {
        const std::size_t got = source->read(std::span(peeked.seen_).subspan(peeked.size_));
        if (got == 0) {
            break;
        }
        peeked.size_ += got;
    }
    peeked.rest_ = std::move(source);
    return peeked;
}

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

/// Why bytes that begin so are no text of a log, with a remedy; empty when they may be one.
std::string why_no_text(std::string_view first)
{
    struct Packer {
        std::string_view magic;
        std::string_view name;
        std::string_view unpacks;
    };
    using namespace std::string_view_literals;
    constexpr Packer kPackers[] = {{"\xfd"
                                    "7zXZ\0"sv,
                                    "xz", "xz -dc"},
                                   {"BZh"sv, "bzip2", "bzip2 -dc"},
                                   {"\x04\x22\x4d\x18"sv, "lz4", "lz4 -dc"},
                                   {"PK\x03\x04"sv, "zip", "unzip -p"},
                                   {"7z\xbc\xaf\x27\x1c"sv, "7z", "7z x -so"}};
    for (const Packer& packer : kPackers) {
        if (first.starts_with(packer.magic)) {
            return fmt::format(
                "is compressed by {}, which is not read here; pipe it in: {} FILE | hasim log ... "
                "-",
                packer.name, packer.unpacks);
        }
    }
    const auto is_zero = [first](std::size_t at) { return first.size() > at && first[at] == '\0'; };
    if (first.starts_with("\xff\xfe") || first.starts_with("\xfe\xff") ||
        is_zero(0) != is_zero(1)) {
        return "is a text in UTF-16; pipe it in: iconv -f UTF-16 -t UTF-8 FILE | hasim log ... -";
    }
    return {};
}

Finding problem(const std::string& path, std::string text)
{
    return {path, 0, 0, Severity::error, std::move(text)};
}

}  // namespace

Finding cannot_open(const std::string& path, int error)
{
    switch (error) {
    case ENOENT: return problem(path, "no such file");
    case EACCES: return problem(path, "cannot be read: permission denied");
    case EISDIR: return problem(path, "is a directory");
    default: return problem(path, "cannot be read: " + std::generic_category().message(error));
    }
}

std::unique_ptr<ByteSource> text_of(std::unique_ptr<ByteSource> raw)
{
    Peeked peeked = peek(std::move(raw));
    switch (compression_of(peeked.first())) {
    case Compression::none: break;
    case Compression::gzip: peeked = peek(gunzip(std::move(peeked).whole())); break;
    case Compression::zstd: peeked = peek(unzstd(std::move(peeked).whole())); break;
    }
    if (std::string why = why_no_text(peeked.first()); !why.empty()) {
        return std::make_unique<Unreadable>(std::move(why));
    }
    return std::move(peeked).whole(peeked.first().starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0);
}

bool is_plain_text(std::string_view first)
{
    return compression_of(first) == Compression::none && why_no_text(first).empty();
}

std::variant<std::unique_ptr<ByteSource>, Finding> open_source(const std::string& path,
                                                               std::function<void()> on_wait)
{
    if (path == kStandardInput) {
        return text_of(std::make_unique<DescriptorSource>(STDIN_FILENO, false, std::move(on_wait)));
    }
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (number < 0) {
        return cannot_open(path, errno);
    }
    auto source = std::make_unique<DescriptorSource>(number, true, std::move(on_wait));
    struct stat status {};
    if (::fstat(number, &status) != 0) {
        return cannot_open(path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return cannot_open(path, EISDIR);
    }
    ::posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL);
    return text_of(std::move(source));
}

}  // namespace hasim::logtools
