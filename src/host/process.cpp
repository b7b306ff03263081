#include "host/process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace hasim::host {

void prepare_process()
{
    for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; ++standard) {
        if (::fcntl(standard, F_GETFD) < 0 && errno == EBADF) {
            // The lowest free number is this one, since those before it are open.
            static_cast<void>(::open("/dev/null", O_RDWR | O_NOCTTY));
        }
    }
    std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace hasim::host
