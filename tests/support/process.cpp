#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace hasim::test {
namespace {

struct Pipe {
    int read_end = -1;
    int write_end = -1;
};

Pipe make_pipe()
{
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    return {ends[0], ends[1]};
}

void close_end(int& end)
{
    if (end >= 0) {
        close(end);
        end = -1;
    }
}

// The child's side of fork: never returns.
[[noreturn]] void become(const ProcessOptions& options, std::vector<char*>& arguments, int in,
                         int out, int err)
{
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) {
        _exit(126);
    }
    if (options.ends_with_test) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
    }
    for (const auto& [name, value] : options.environment) {
        setenv(name.c_str(), value.c_str(), 1);
    }
    execv(arguments.front(), arguments.data());
    _exit(127);
}

// Appends what one read gives; false at the end of the stream, which also closes it.
bool take_from(int& end, std::string& text)
{
    std::array<char, 65536> buffer;
    const ssize_t count = read(end, buffer.data(), buffer.size());
    if (count > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
        return true;
    }
    if (count < 0 && errno == EINTR) {
        return true;
    }
    close_end(end);
    return false;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, ProcessOptions options)
    : options_(std::move(options)), deadline_(Clock::now() + options_.timeout)
{
    // A child that ends without reading its input must not end the test.
    std::signal(SIGPIPE, SIG_IGN);
    std::string program = options_.program.string();
    std::vector<std::string> words(arguments);
    std::vector<char*> pointers{program.data()};
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    Pipe in = make_pipe();
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    pid_ = fork();
    if (pid_ < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (pid_ == 0) {
        std::signal(SIGPIPE, SIG_DFL);
        become(options_, pointers, in.read_end, out.write_end, err.write_end);
    }
    close_end(in.read_end);
    close_end(out.write_end);
    close_end(err.write_end);
    in_ = in.write_end;
    out_ = out.read_end;
    err_ = err.read_end;
    fcntl(in_, F_SETFL, O_NONBLOCK);
    feed_input();
}

Process::~Process()
{
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    close_end(in_);
    close_end(out_);
    close_end(err_);
}

void Process::send_signal(int signal) const
{
    if (pid_ > 0) {
        kill(pid_, signal);
    }
}

void Process::feed_input()
{
    if (!options_.input.empty()) {
        const ssize_t count = write(in_, options_.input.data(), options_.input.size());
        if (count < 0 && errno == EAGAIN) {
            return;
        }
        options_.input.erase(0, count < 0 ? std::string::npos : static_cast<std::size_t>(count));
    }
    if (options_.input.empty()) {
        close_end(in_);
    }
}

// Waits for one piece of output; false when both streams ended, or the deadline passed.
bool Process::read_some(Clock::time_point deadline)
{
    if (out_ < 0 && err_ < 0) {
        return false;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    std::array<pollfd, 3> ends{{{out_, POLLIN, 0}, {err_, POLLIN, 0}, {in_, POLLOUT, 0}}};
    const int ready =
        poll(ends.data(), ends.size(), static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (ready == 0) {
        return false;
    }
    if (ends[0].revents != 0) {
        take_from(out_, finished_.out);
    }
    if (ends[1].revents != 0) {
        take_from(err_, finished_.err);
    }
    if (ends[2].revents != 0) {
        feed_input();
    }
    return true;
}

bool Process::wait_for(std::string_view text)
{
    for (;;) {
        if (finished_.out.find(text) != std::string::npos ||
            finished_.err.find(text) != std::string::npos) {
            return true;
        }
        if (!read_some(deadline_)) {
            return false;
        }
    }
}

Finished Process::wait()
{
    while (read_some(deadline_)) {
    }
    finished_.timed_out = out_ >= 0 || err_ >= 0;
    if (finished_.timed_out) {
        send_signal(SIGKILL);
    }
    int status = 0;
    if (pid_ > 0 && waitpid(pid_, &status, 0) == pid_) {
        finished_.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        pid_ = -1;
    }
    return finished_;
}

Finished run_hasim(const std::vector<std::string>& arguments, ProcessOptions options)
{
    Process process(arguments, std::move(options));
    return process.wait();
}

}  // namespace hasim::test
