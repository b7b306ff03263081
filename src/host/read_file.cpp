#include "host/read_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>

#include "base/plain_text.hpp"

namespace hasim::host {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor()
    {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
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
    case EISDIR: return problem(path, "is a directory; name the file in it");
    default: return problem(path, "cannot be read: " + std::generic_category().message(error));
    }
}

Finding too_long(const std::string& path, std::size_t limit)
{
    return problem(
        path,
        fmt::format("is longer than {} bytes, which is the limit; is this the right file?", limit));
}

// Reads until the end, or one byte beyond the limit.
std::variant<std::string, Finding> read_all(const std::string& path, int descriptor,
                                            std::size_t limit)
{
    constexpr std::size_t kPiece = 64 * 1024;
    std::string text;
    while (text.size() <= limit) {
        const std::size_t had = text.size();
        const std::size_t wanted = std::min(kPiece, limit + 1 - had);
        text.resize(had + wanted);
        const ssize_t got = ::read(descriptor, text.data() + had, wanted);
        if (got < 0 && errno == EINTR) {
            text.resize(had);
            continue;
        }
        if (got < 0) {
            return failure(path, errno);
        }
        text.resize(had + static_cast<std::size_t>(got));
        if (got == 0) {
            return text;
        }
    }
    return too_long(path, limit);
}

}  // namespace

std::variant<std::string, Finding> read_file(const std::string& path, std::size_t limit,
                                             Content content, From from)
{
    // Non-blocking for the opening alone: a pipe that nobody writes to must not hang the program.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.number() < 0) {
        return failure(path, errno);
    }
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) {
        return failure(path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return failure(path, EISDIR);
    }
    if (from == From::regular_file && !S_ISREG(status.st_mode)) {
        return problem(path, "is not a regular file, so it is not read");
    }
    if (S_ISREG(status.st_mode) && status.st_size > 0 &&
        static_cast<std::size_t>(status.st_size) > limit) {
        return too_long(path, limit);
    }
    const int flags = ::fcntl(file.number(), F_GETFL);
    if (flags < 0 || ::fcntl(file.number(), F_SETFL, flags & ~O_NONBLOCK) < 0) {
        return failure(path, errno);
    }
    auto text = read_all(path, file.number(), limit);
    if (content == Content::text && std::holds_alternative<std::string>(text)) {
        if (auto finding = not_plain_text(std::get<std::string>(text), path)) {
            return std::move(*finding);
        }
    }
    return text;
}

}  // namespace hasim::host
