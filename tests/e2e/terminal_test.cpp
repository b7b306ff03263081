// Goal: what a live run shows on a terminal, as a user sees it: the status line comes and goes, and nothing of it is
// left in or beside the lines of the log.
// Method: the built program on a pseudo-terminal of several widths; its output is put on a screen of that width.
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/lab.hpp"
#include "support/process.hpp"

using namespace hasim::test;

namespace {

struct Shown {
    std::string raw;
    std::vector<std::string> lines;  ///< of the screen and what scrolled off it
    bool status_seen = false;
    int status = 0;
};

/// Puts bytes on a screen that knows what hasim uses: new line, carriage return, erase to the end of the line, colours.
class Screen {
public:
    explicit Screen(std::size_t width) : width_(width) {}

    void put(const std::string& bytes)
    {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const char c = bytes[i];
            if (c == '\n') {
                ++row_;
            } else if (c == '\r') {
                column_ = 0;
            } else if (c == '\x1b') {
                const std::size_t end = bytes.find_first_of("Km", i);
                if (end != std::string::npos && bytes[end] == 'K') {
                    line().resize(std::min(column_, line().size()));
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

    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

private:
    std::string& line()
    {
        lines_.resize(std::max(lines_.size(), row_ + 1));
        return lines_[row_];
    }

    std::size_t width_;
    std::size_t row_ = 0;
    std::size_t column_ = 0;
    std::vector<std::string> lines_;
};

/// `ctrl_c_at`: what is on the screen when Ctrl-C is pressed; empty: it is not.
Shown run_on_terminal(const std::vector<std::string>& arguments, std::size_t width,
                      const std::string& ctrl_c_at = {})
{
    winsize size{};
    size.ws_row = 50;
    size.ws_col = static_cast<unsigned short>(width);
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
    REQUIRE(child >= 0);
    if (child == 0) {
        std::vector<char*> words;
        std::string program = binary().string();
        words.push_back(program.data());
        std::vector<std::string> copies = arguments;
        for (std::string& word : copies) {
            words.push_back(word.data());
        }
        words.push_back(nullptr);
        ::execv(program.c_str(), words.data());
        ::_exit(127);
    }
    Shown shown;
    std::string block(4096, '\0');
    for (ssize_t got = 0; (got = ::read(terminal, block.data(), block.size())) > 0;) {
        const bool before = shown.raw.find(ctrl_c_at) != std::string::npos;
        shown.raw.append(block, 0, static_cast<std::size_t>(got));
        if (!ctrl_c_at.empty() && !before && shown.raw.find(ctrl_c_at) != std::string::npos) {
            REQUIRE(::write(terminal, "\x03", 1) == 1);
        }
    }
    ::close(terminal);
    ::waitpid(child, &shown.status, 0);
    Screen screen(width);
    screen.put(shown.raw);
    shown.lines = screen.lines();
    shown.status_seen = shown.raw.find(" members down") != std::string::npos;
    return shown;
}

}  // namespace

TEST_CASE("on a terminal of any width the status line is shown, and gone before anything else is")
{
    const std::size_t width = GENERATE(40U, 80U, 200U);
    const TemporaryDirectory logs;
    const Shown shown = run_on_terminal(
        {"run", "--scenario", (source_dir() / "examples/first-outage.hasim").string(), "--speed",
         "25", "--log-dir", logs.path().string()},
        width);
    CAPTURE(width, shown.raw);
    CHECK(shown.status_seen);
    CHECK(WIFEXITED(shown.status));
    CHECK(WEXITSTATUS(shown.status) == 0);
    std::string screen;
    for (const std::string& line : shown.lines) {
        CHECK(line.find(" members down") == std::string::npos);
        screen += line;  // as if the width were without end
    }
    const std::string log = read_file(logs.path() / "haErrorLog.txt");
    for (std::size_t at = 0; at < log.size(); at = log.find('\n', at) + 1) {
        CHECK(screen.find(log.substr(at, log.find('\n', at) - at)) != std::string::npos);
    }
}

TEST_CASE("NO_COLOR takes the colours away")
{
    const TemporaryDirectory logs;
    const std::vector<std::string> arguments{"run",
                                             "--conf",
                                             (source_dir() / "config/basic.conf").string(),
                                             "--for",
                                             "1s",
                                             "--log-dir",
                                             logs.path().string()};
    CHECK(run_on_terminal(arguments, 80).raw.find("\x1b[32m") != std::string::npos);
    ::setenv("NO_COLOR", "1", 1);
    const Shown plain = run_on_terminal(arguments, 80);
    std::vector<std::string> always = arguments;
    always.insert(always.end(), {"--color", "always"});
    CHECK(run_on_terminal(always, 80).raw.find("\x1b[32m") != std::string::npos);
    ::unsetenv("NO_COLOR");
    CHECK(plain.raw.find("\x1b[3") == std::string::npos);
    CHECK(plain.raw.find("ready") != std::string::npos);
    std::vector<std::string> never = arguments;
    never.insert(never.end(), {"--color", "never"});
    CHECK(run_on_terminal(never, 80).raw.find("\x1b[3") == std::string::npos);
    std::vector<std::string> quiet = arguments;
    quiet.emplace_back("-q");
    CHECK(run_on_terminal(quiet, 80).raw.empty());
}

TEST_CASE("the table of a scorecard fits a terminal, and is shown nowhere else")
{
    if (!why_no_lab().empty()) {
        WARN(why_no_lab());
        return;
    }
    const TemporaryDirectory logs;
    std::vector<std::string> arguments{"exec",
                                       "--conf",
                                       (source_dir() / "config/basic.conf").string(),
                                       "--log-dir",
                                       logs.path().string(),
                                       "--",
                                       "true"};
    const Shown shown = run_on_terminal(arguments, 80);
    CAPTURE(shown.raw);
    CHECK(WEXITSTATUS(shown.status) == 0);
    REQUIRE(shown.lines.size() == 2);
    CHECK(shown.lines[0] == "function                      done  failed  retried      longest");
    CHECK(shown.lines[1] == "longest stall 0.0 ms, 0 lines in the HA log");
    CHECK(run_hasim(arguments).err.empty());
    arguments.insert(arguments.begin() + 1, "-q");
    CHECK(run_on_terminal(arguments, 80).raw.empty());
}

TEST_CASE("Ctrl-C at a terminal is the command's, which ends as it likes")
{
    if (!why_no_lab().empty()) {
        WARN(why_no_lab());
        return;
    }
    const TemporaryDirectory logs;
    const Shown shown =
        run_on_terminal({"exec", "-q", "--conf", (source_dir() / "config/basic.conf").string(),
                         "--log-dir", logs.path().string(), "--", "sh", "-c",
                         "trap 'sleep 0.2; echo cleaned up; exit 5' INT; echo started; while :; do "
                         "sleep 0.05; done"},
                        80, "started");
    CAPTURE(shown.raw);
    CHECK(WIFEXITED(shown.status));
    CHECK(WEXITSTATUS(shown.status) == 5);
    CHECK(shown.raw.find("cleaned up") != std::string::npos);
}
