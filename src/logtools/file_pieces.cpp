#include "logtools/file_pieces.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/file_handle.hpp"
#include "logtools/decompress.hpp"

namespace hasim::logtools {
namespace {

/// Bytes at `offset`; fewer than asked for at the end of the file, -1 and errno when they cannot be read.
ssize_t read_at(int file, std::span<char> out, std::uint64_t offset)
{
    ssize_t got = 0;
    do {
        got = ::pread(file, out.data(), out.size(), static_cast<off_t>(offset));
    } while (got < 0 && errno == EINTR);
    return got;
}

class PieceSource final : public ByteSource {
public:
    PieceSource(host::FileHandle file, std::uint64_t begin, std::uint64_t end)
        : file_(std::move(file)), at_(begin), end_(end)
    {
    }

    std::size_t read(std::span<char> out) override
    {
        const std::uint64_t size = std::min<std::uint64_t>(out.size(), end_ - at_);
        const ssize_t got = read_at(file_.get(), out.first(size), at_);
        if (got < 0) {
            trouble_ = "cannot be read on: " + std::generic_category().message(errno);
            return 0;
        }
        at_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
    }

private:
    host::FileHandle file_;
    std::uint64_t at_;
    std::uint64_t end_;
};

/// Where the first line behind `offset` begins; nothing when none does.
std::optional<std::uint64_t> line_behind(int file, std::uint64_t offset)
{
    std::array<char, 4096> bytes{};
    for (ssize_t got = 0; (got = read_at(file, bytes, offset)) > 0;
         offset += static_cast<std::uint64_t>(got)) {
        const auto* const newline = static_cast<const char*>(
            std::memchr(bytes.data(), '\n', static_cast<std::size_t>(got)));
        if (newline != nullptr) {
            return offset + static_cast<std::uint64_t>(newline - bytes.data()) + 1;
        }
    }
    return std::nullopt;
}

host::FileHandle open_file(const std::string& path)
{
    return host::FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

/// What is known of a file of plain text; nothing of any other.
std::optional<struct stat> text_status(int file)
{
    struct stat status {};
    std::array<char, kMagicSize> first{};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        return std::nullopt;
    }
    const ssize_t got = read_at(file, first, 0);
    return got > 0 && is_plain_text({first.data(), static_cast<std::size_t>(got)})
               ? std::optional(status)
               : std::nullopt;
}

}  // namespace

std::vector<FilePiece> pieces_of(const std::string& path, std::uint64_t most, std::uint64_t least)
{
    std::vector<FilePiece> pieces{{path}};
    if (path == kStandardInput) {
        return pieces;
    }
    const host::FileHandle file = open_file(path);
    const auto status = file.is_open() ? text_status(file.get()) : std::nullopt;
    const std::uint64_t size = status ? static_cast<std::uint64_t>(status->st_size) : 0;
    const std::uint64_t count = std::min(most, size / std::max<std::uint64_t>(least, 1));
    for (std::uint64_t i = 1; i < count; ++i) {
        const auto begin = line_behind(file.get(), size / count * i);
        if (begin && *begin < size && size - *begin >= least &&
            *begin - pieces.back().begin >= least) {
            pieces.back().end = *begin;
            pieces.back().inode = status->st_ino;
            pieces.push_back({path, *begin, FilePiece::kToTheEnd, status->st_ino});
        }
    }
    return pieces;
}

std::variant<std::unique_ptr<ByteSource>, Finding> open_piece(const FilePiece& piece)
{
    if (piece.inode == 0) {
        return open_source(piece.path);
    }
    host::FileHandle file = open_file(piece.path);
    struct stat now {};
    if (!file.is_open() || ::fstat(file.get(), &now) != 0) {
        return cannot_open(piece.path, errno);
    }
    if (now.st_ino != piece.inode) {
        return Finding{piece.path, 0, 0, Severity::error,
                       "was replaced while it was read; read it again, or with -j 1"};
    }
    auto source = std::make_unique<PieceSource>(std::move(file), piece.begin, piece.end);
    // A mark of UTF-8 stands at the front alone.
    return piece.begin == 0 ? text_of(std::move(source))
                            : std::unique_ptr<ByteSource>(std::move(source));
}

}  // namespace hasim::logtools
