// Goal: who runs hasim on a terminal sees how every member is, breaks and heals with a key, and finds the terminal as
// it was, whatever ended the run.
#include <sys/wait.h>
#include <csignal>

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/sanitizers.hpp"
#include "support/terminal.hpp"

using namespace hasim::test;

namespace {

std::vector<std::string> run(const TemporaryDirectory& directory)
{
    return {"run",
            "--conf",
            (source_dir() / "config/Chrystoki.conf").string(),
            "--speed",
            "20",
            "--log-dir",
            (directory.path() / "log").string()};
}

/// What stood on the screen when `text` was shown for the first time, and what was drawn with it.
std::vector<std::string> screen_at(const Shown& shown, std::string_view text)
{
    const std::size_t at = shown.raw.find(text);
    REQUIRE(at != std::string::npos);
    Screen screen(100);
    screen.put(shown.raw.substr(0, shown.raw.find("\x1b[J", at) + 3));
    return screen.lines();
}

}  // namespace

TEST_CASE("keys break and heal, and the members' states stand below the lines")
{
    const TemporaryDirectory directory;
    const Shown shown = run_on_terminal(run(directory), 100,
                                        {{"ready", "\x1b[1~\x1bOh2"},
                                         {"dropped, next attempt in", "2"},
                                         {"succeeded", "n1"},
                                         {"ntls stop", "1x9"},
                                         {"ntls start", "pd1"},
                                         {"[deactivate]", "h"},
                                         {"heal all (key)", "q"}});
    CAPTURE(shown.raw);
    CHECK(WIFEXITED(shown.status));
    CHECK(WEXITSTATUS(shown.status) == 130);
    CHECK(shown.same_terminal);
    const std::vector<std::string> screen = screen_at(shown, "dropped, next attempt in");
    REQUIRE(screen.size() > 5);
    const std::string* const last = &screen.back();
    CHECK_THAT(*last, StartsWith("keys: 1-2 cable; n NTLS, p power, d deactivate"));
    CHECK_THAT(*(last - 1), StartsWith("  2 hsm2  1234924189183 dropped, next attempt in ") &&
                                EndsWith(" s  [cable out]"));
    CHECK(*(last - 2) == "  1 hsm1  1234840370164 active");
    CHECK_THAT(*(last - 3), ContainsSubstring("1 of 2 members down"));
    CHECK_THAT(*(last - 4) + *(last - 5), ContainsSubstring("has dropped member: 1234924189183"));
    for (const char* const said :
         {"hsm2 cable out (key)", "hsm2 cable in (key)", "hsm1 ntls stop (key)",
          "hsm1 ntls start (key)", "hsm1 deactivate (key)"}) {
        CHECK_THAT(shown.raw, ContainsSubstring(said));
    }
    CHECK_THAT(shown.raw, !ContainsSubstring("hsm1 cable"));  // of "ESC [ 1 ~", which is no key
    for (const std::string& line : shown.lines) {
        CHECK_THAT(line, !StartsWith("keys: "));
    }
}

TEST_CASE("the terminal is as it was after every end")
{
    const auto [name, code] = GENERATE(table<const char*, int>({{"TERM", 130},
                                                                {"HUP", 130},
                                                                {"ABRT", 128 + SIGABRT},
                                                                {"SEGV", 128 + SIGSEGV},
                                                                {"QUIT", 128 + SIGQUIT}}));
    CAPTURE(name);
    const TemporaryDirectory directory;
    // In the foreground, and ended from outside.
    const Shown shown = run_on_terminal(
        {"-c",
         fmt::format(
             "ulimit -c 0; (until stty -a </dev/tty | grep -q -- ' -icanon'; do sleep 0.05; done; "
             "sleep 0.3; kill -{} $(cat \"$0/pid\")) </dev/null & "
             "sh -c 'echo $$ >\"$0/pid\"; exec \"$@\"' \"$0\" \"$@\"; echo \"code $?\"",
             name),
         directory.path().string(), binary().string(), "run", "--conf",
         (source_dir() / "config/Chrystoki.conf").string(), "--speed", "20", "--log-dir",
         (directory.path() / "log").string()},
        100, {}, "/bin/sh");
    CAPTURE(shown.raw);
    CHECK(shown.same_terminal);
    // The sanitizer ends the process with a code of its own.
    if (!kAddressSanitizer || name != std::string_view("SEGV")) {
        CHECK_THAT(shown.raw, ContainsSubstring(fmt::format("code {}\r", code)));
    }
    CHECK_THAT(shown.raw, ContainsSubstring("keys: "));
}

TEST_CASE("Ctrl-Z gives the shell its terminal, and coming back takes it again")
{
    const TemporaryDirectory directory;
    const std::string settings = (directory.path() / "settings").string();
    std::vector<std::string> arguments{
        "-c",
        "set -m; stty -a >\"$0.before\"; \"$@\"; stty -a >\"$0.stopped\"; echo stopped now; "
        "read -r -N 1 </dev/tty; fg >/dev/null; stty -a >\"$0.after\"; echo \"it was $?\"",
        settings, binary().string()};
    const std::vector<std::string> hasim = run(directory);
    arguments.insert(arguments.end(), hasim.begin(), hasim.end());
    const Shown shown = run_on_terminal(
        arguments, 100,
        {{"keys: ", "\x1a"}, {"stopped now", "11"}, {"keys: ", "2"}, {"hsm2 cable out (key)", "q"}},
        "/bin/bash");
    CAPTURE(shown.raw);
    CHECK(shown.same_terminal);
    CHECK_THAT(shown.raw, !ContainsSubstring("hsm1 cable out"));  // typed for the shell
    CHECK(read_file(settings + ".before") == read_file(settings + ".stopped"));
    CHECK(read_file(settings + ".before") == read_file(settings + ".after"));
    CHECK_THAT(read_file(settings + ".before"), ContainsSubstring(" icanon"));
}

TEST_CASE("in the background, and in a pipe, no key is read and nothing is drawn")
{
    const TemporaryDirectory directory;
    std::vector<std::string> arguments{"-c", "set -m; \"$0\" \"$@\" </dev/null & wait; stty -a",
                                       binary().string()};
    const std::vector<std::string> hasim = run(directory);
    arguments.insert(arguments.end(), hasim.begin(), hasim.end());
    arguments.insert(arguments.end(), {"--for", "10s"});
    const Shown background = run_on_terminal(arguments, 100, {{"ready", "2"}}, "/bin/bash");
    CAPTURE(background.raw);
    CHECK_THAT(background.raw, !ContainsSubstring("keys: ") && !ContainsSubstring("(key)") &&
                                   ContainsSubstring(" icanon"));
}
