// Goal: what a live run shows on a terminal, as a user sees it: the status line comes and goes, and nothing of it is
// left in or beside the lines of the log.
// Method: the built program on a pseudo-terminal of several widths; its output is put on a screen of that width.
#include <sys/wait.h>

#include <string>
#include <vector>

#include "samples.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/lab.hpp"
#include "support/process.hpp"
#include "support/terminal.hpp"

using namespace hasim::test;

TEST_CASE("on a terminal of any width the status line is shown, and gone before anything else is")
{
    const std::size_t width = GENERATE(40U, 80U, 200U);
    const TemporaryDirectory logs;
    const Shown shown = run_on_terminal(
        {"run", "--scenario", first_outage(), "--speed",
         "25", "--log-dir", logs.path().string()},
        width);
    CAPTURE(width, shown.raw);
    CHECK(shown.raw.find(" members down") != std::string::npos);
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

namespace {

bool has_color(const std::string& raw)
{
    for (std::size_t at = raw.find("\x1b["); at != raw.npos; at = raw.find("\x1b[", at + 1)) {
        const std::size_t end = raw.find_first_of("AJKm", at);
        if (end != raw.npos && raw[end] == 'm') {
            return true;
        }
    }
    return false;
}

}  // namespace

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
    CHECK(!has_color(plain.raw));
    CHECK(plain.raw.find("ready") != std::string::npos);
    std::vector<std::string> never = arguments;
    never.insert(never.end(), {"--color", "never"});
    CHECK(!has_color(run_on_terminal(never, 80).raw));
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
                        80, {{"started", "\x03"}});
    CAPTURE(shown.raw);
    CHECK(WIFEXITED(shown.status));
    CHECK(WEXITSTATUS(shown.status) == 5);
    CHECK(shown.raw.find("cleaned up") != std::string::npos);
}
