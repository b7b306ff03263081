#include "pkcs11/diagnostics.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

#include "base/plain_text.hpp"

namespace hasim::pkcs11 {

namespace {

constexpr std::size_t kMostWaiting = std::size_t{1} << 20U;  ///< bytes; what is more is lost
constexpr std::chrono::milliseconds kPatience{500};

void write(const host::FileHandle& file, const std::string& line)
{
    [[maybe_unused]] const ssize_t written = ::write(file.get(), line.data(), line.size());
}

}  // namespace

Diagnostics::Diagnostics(Writing writing)
{
    const char* const where = std::getenv("HASIM_LOG");
    if (where == nullptr || *where == '\0') {
        return;
    }
    const int number =
        std::string_view(where) == "-"
            ? ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
            : ::open(where, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
    if (number >= 0) {
        file_ = std::make_shared<const host::FileHandle>(number);
        thread_ = writing == Writing::on_a_thread
                      ? std::make_unique<host::WorkerThread>(kMostWaiting)
                      : nullptr;
    }
}

Diagnostics::~Diagnostics()
{
    if (thread_ != nullptr) {
        thread_->finish(kPatience);
    }
}

void Diagnostics::say(std::string_view text) noexcept
{
    if (file_ == nullptr) {
        return;
    }
    try {
        const std::string line = fmt::format("hasim[{}]: {}\n", ::getpid(), printable(text));
        if (thread_ == nullptr) {
            write(*file_, line);
        } else {
            static_cast<void>(
                thread_->post(line.size(), [file = file_, line] { write(*file, line); }));
        }
    } catch (const std::exception&) {
        // There is nobody left to tell.
    }
}

}  // namespace hasim::pkcs11
