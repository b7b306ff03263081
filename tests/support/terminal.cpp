#include "support/terminal.hpp"

#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>

#include "support/catch.hpp"

namespace hasim::test {

void Screen::put(const std::string& bytes)
{
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\n') {
            ++row_;
        } else if (c == '\r') {
            column_ = 0;
        } else if (c == '\x1b') {
            const std::size_t end = bytes.find_first_of("AJKm", i);
            if (end != std::string::npos) {
                const std::string number = bytes.substr(i + 2, end - i - 2);
                obey(bytes[end], number.empty() || bytes[end] == 'm' ? 1 : std::stoul(number));
            }
            i = end;
        } else {
            if (column_ == width_) {
                ++row_;
                column_ = 0;
            }
            line().resize(std::max(line().size(), column_ + 1), ' ');
            line()[column_++] = c;
        }
    }
}

void Screen::obey(char command, std::size_t count)
{
    if (command == 'A') {
        row_ -= std::min(row_, count);
    } else if (command == 'J' || command == 'K') {
        line().resize(std::min(column_, line().size()));
        if (command == 'J') {
            lines_.resize(row_ + 1);
        }
    }
}

std::string& Screen::line()
{
    lines_.resize(std::max(lines_.size(), row_ + 1));
    return lines_[row_];
}

namespace {

[[noreturn]] void become(const std::filesystem::path& program,
                         const std::vector<std::string>& arguments)
{
    std::string name = program.string();
    std::vector<std::string> copies = arguments;
    std::vector<char*> words{name.data()};
    for (std::string& word : copies) {
        words.push_back(word.data());
    }
    words.push_back(nullptr);
    ::execv(name.c_str(), words.data());
    ::_exit(127);
}

}  // namespace

Shown run_on_terminal(const std::vector<std::string>& arguments, std::size_t width,
                      const std::vector<Typed>& typed, const std::filesystem::path& program)
{
    winsize size{};
    size.ws_row = 50;
    size.ws_col = static_cast<unsigned short>(width);
    int terminal = -1;
    int held = -1;  // the other side stays open, so that its settings can be read at the end
    REQUIRE(::openpty(&terminal, &held, nullptr, nullptr, &size) == 0);
    termios at_start{};
    REQUIRE(::tcgetattr(held, &at_start) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(terminal);
        ::login_tty(held);
        become(program, arguments);
    }
    Shown shown;
    std::size_t looked = 0;  // up to where what is shown was looked at
    auto next = typed.begin();
    std::string block(4096, '\0');
    const auto guard = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    for (bool ended = false; !ended;) {
        if (std::chrono::steady_clock::now() > guard) {
            ::kill(child, SIGKILL);  // what hangs; far longer than anything takes on a busy machine
        }
        ended = ::waitpid(child, &shown.status, WNOHANG) == child;
        fd_set ready;
        FD_ZERO(&ready);
        FD_SET(terminal, &ready);
        timeval wait{.tv_sec = 0, .tv_usec = ended ? 0 : 20'000};
        while (::select(terminal + 1, &ready, nullptr, nullptr, &wait) > 0) {
            const ssize_t got = ::read(terminal, block.data(), block.size());
            if (got <= 0) {
                break;
            }
            shown.raw.append(block, 0, static_cast<std::size_t>(got));
        }
        if (next != typed.end() && shown.raw.find(next->when, looked) != std::string::npos) {
            looked = shown.raw.size();
            REQUIRE(::write(terminal, next->keys.data(), next->keys.size()) ==
                    static_cast<ssize_t>(next->keys.size()));
            ++next;
        }
    }
    termios at_end{};
    shown.same_terminal =
        ::tcgetattr(held, &at_end) == 0 && std::memcmp(&at_start, &at_end, sizeof at_end) == 0;
    ::close(held);
    ::close(terminal);
    Screen screen(width);
    screen.put(shown.raw);
    shown.lines = screen.lines();
    return shown;
}

}  // namespace hasim::test
