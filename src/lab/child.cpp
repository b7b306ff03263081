#include "lab/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

namespace hasim::lab {

namespace {

/// What the child does between fork and exec; writes errno to `trouble` when there is no such command.
[[noreturn]] void become(char* const* command, pid_t lab, int trouble)
{
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // a lab that is killed takes its command along
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
        ::signal(number, SIG_DFL);
    }
    if (::getppid() == lab) {
        ::execvp(command[0], command);
    }
    const int error = errno;
    [[maybe_unused]] const ssize_t written = ::write(trouble, &error, sizeof error);
    ::_exit(127);
}

}  // namespace

std::variant<Child, Child::Failure> Child::start(const std::vector<std::string>& command,
                                                 const Environment& environment)
{
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));  // exec takes them so, and reads
    }
    arguments.push_back(nullptr);
    for (const auto& [name, value] : environment) {
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    int trouble[2] = {-1, -1};
    if (::pipe2(trouble, O_CLOEXEC) != 0) {
        return Failure{
            fmt::format("no pipe can be made: {}", std::generic_category().message(errno))};
    }
    const host::FileHandle reads(trouble[0]);
    host::FileHandle writes(trouble[1]);
    const pid_t lab = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
        become(arguments.data(), lab, trouble[1]);
    }
    if (pid < 0) {
        return Failure{
            fmt::format("no process can be made: {}", std::generic_category().message(errno))};
    }
    writes.close();
    Child child;
    child.pid_ = pid;
    child.descriptor_ = host::FileHandle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    int error = 0;
    if (::read(reads.get(), &error, sizeof error) == sizeof error) {
        static_cast<void>(child.exit_code());
        constexpr int kNotFound = 127;
        constexpr int kNotExecutable = 126;
        return Failure{fmt::format("{} cannot be started: {}", command.front(),
                                   std::generic_category().message(error)),
                       error == ENOENT ? kNotFound : kNotExecutable};
    }
    if (!child.descriptor_.is_open()) {
        return Failure{fmt::format("{} cannot be watched: {}", command.front(),
                                   std::generic_category().message(errno))};
    }
    return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), descriptor_(std::move(other.descriptor_))
{
}

Child::~Child()
{
    if (pid_ != 0) {
        ::kill(pid_, SIGKILL);
        static_cast<void>(exit_code());
    }
}

void Child::signal(int number) const
{
    if (pid_ != 0) {
        ::kill(pid_, number);
    }
}

int Child::exit_code()
{
    int status = 0;
    pid_t got = 0;
    do {
        got = ::waitpid(pid_, &status, 0);
    } while (got < 0 && errno == EINTR);
    pid_ = 0;
    constexpr int kBySignal = 128;
    return WIFSIGNALED(status) ? kBySignal + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace hasim::lab
