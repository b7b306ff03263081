#include "pkcs11/diagnostics.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include <fmt/format.h>

#include "base/plain_text.hpp"

namespace hasim::pkcs11 {

Diagnostics::Diagnostics()
{
    const char* const where = std::getenv("HASIM_LOG");
    if (where == nullptr || *where == '\0') {
        return;
    }
    const int number =
        std::string_view(where) == "-"
            ? ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
            : ::open(where, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
    file_ = host::FileHandle(number);
}

void Diagnostics::say(std::string_view text) noexcept
{
    if (!file_.is_open()) {
        return;
    }
    try {
        const std::string line = fmt::format("hasim[{}]: {}\n", ::getpid(), printable(text));
        const std::lock_guard lock(mutex_);
        [[maybe_unused]] const ssize_t written = ::write(file_.get(), line.data(), line.size());
    } catch (const std::exception&) {
        // There is nobody left to tell.
    }
}

}  // namespace hasim::pkcs11
