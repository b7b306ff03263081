#include "host/key_terminal.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

namespace hasim::host {

namespace {

// A process has one terminal. Signal handlers reach nothing but what stands here.
std::atomic<int> taken{-1};
struct termios as_it_was {};
struct termios for_keys {};

constexpr std::array kDeadly{SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL,  SIGQUIT, SIGALRM,
                             SIGUSR1, SIGUSR2, SIGSYS, SIGINT, SIGTERM, SIGHUP};
constexpr std::size_t kCaughtElsewhere = 3;  ///< the last of them, while keys are read
std::size_t deadly = 0;                      ///< how many of them are handled here
std::array<struct sigaction, kDeadly.size()> before_deadly{};
struct sigaction before_stop {};
struct sigaction before_input {};

void set(const struct termios& how)
{
    const int terminal = taken;
    if (terminal >= 0) {
        static_cast<void>(::tcsetattr(terminal, TCSANOW, &how));
    }
}

/// Dies of the signal as it would have without this.
void on_deadly(int signal)
{
    KeyTerminal::give_back();
    for (std::size_t i = 0; i < kDeadly.size(); ++i) {
        if (kDeadly[i] == signal) {
            static_cast<void>(::sigaction(signal, &before_deadly[i], nullptr));
        }
    }
    static_cast<void>(::raise(signal));
}

/// Ctrl-Z: the shell gets its terminal as it was; who comes back to the foreground takes it again.
void on_stop(int)
{
    const int saved = errno;
    set(as_it_was);
    struct sigaction mine {};
    static_cast<void>(::sigaction(SIGTSTP, &before_stop, &mine));
    sigset_t just_this;
    static_cast<void>(::sigemptyset(&just_this));
    static_cast<void>(::sigaddset(&just_this, SIGTSTP));
    static_cast<void>(::raise(SIGTSTP));
    static_cast<void>(::pthread_sigmask(SIG_UNBLOCK, &just_this, nullptr));  // stops here
    static_cast<void>(::sigaction(SIGTSTP, &mine, nullptr));
    if (taken >= 0 && ::tcgetpgrp(taken) == ::getpgrp()) {
        static_cast<void>(
            ::tcflush(taken, TCIFLUSH));  // what was typed meanwhile was for the shell
        set(for_keys);
    }
    errno = saved;
}

}  // namespace

std::unique_ptr<KeyTerminal> KeyTerminal::take(Input input)
{
    // An open file of its own: making standard input non-blocking would make it so for the shell too.
    FileHandle terminal(::open("/dev/tty", O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (taken >= 0 || !terminal.is_open() || ::tcgetpgrp(terminal.get()) != ::getpgrp() ||
        ::tcgetattr(terminal.get(), &as_it_was) != 0) {
        return nullptr;
    }
    for_keys = as_it_was;
    for_keys.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    deadly = kDeadly.size();
    if (input == Input::keys) {
        for_keys.c_lflag &= ~static_cast<tcflag_t>(ICANON);
        for_keys.c_cc[VMIN] = 1;
        for_keys.c_cc[VTIME] = 0;
        deadly -= kCaughtElsewhere;
    }
    taken = terminal.get();
    struct sigaction action {};
    action.sa_handler = on_deadly;
    for (std::size_t i = 0; i < deadly; ++i) {
        static_cast<void>(::sigaction(kDeadly[i], &action, &before_deadly[i]));
    }
    action.sa_handler = on_stop;
    action.sa_flags = SA_RESTART;
    static_cast<void>(::sigaction(SIGTSTP, &action, &before_stop));
    action.sa_handler = SIG_IGN;  // reading in the background fails, and does not stop the process
    static_cast<void>(::sigaction(SIGTTIN, &action, &before_input));
    set(for_keys);
    return std::unique_ptr<KeyTerminal>(new KeyTerminal(std::move(terminal)));
}

KeyTerminal::~KeyTerminal()
{
    give_back();
    taken = -1;
    for (std::size_t i = 0; i < deadly; ++i) {
        static_cast<void>(::sigaction(kDeadly[i], &before_deadly[i], nullptr));
    }
    static_cast<void>(::sigaction(SIGTSTP, &before_stop, nullptr));
    static_cast<void>(::sigaction(SIGTTIN, &before_input, nullptr));
}

void KeyTerminal::give_back() noexcept
{
    const int terminal = taken;
    // From the background that would stop the process; and there the shell has it already.
    if (terminal >= 0 && ::tcgetpgrp(terminal) == ::getpgrp()) {
        set(as_it_was);
    }
}

}  // namespace hasim::host
