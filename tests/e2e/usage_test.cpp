// Goal: the built program's outermost behaviour: exit codes, which stream says what, and what a full disk does.
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

#include <csignal>

using namespace hasim::test;

TEST_CASE("help and version are results, and exit code 0")
{
    const Finished help = run_hasim({"--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK(help.out == read_file(source_dir() / "tests/golden/help/hasim.txt"));
    const Finished version = run_hasim({"--version"});
    CHECK(version.exit_code == 0);
    CHECK_THAT(version.out, StartsWith("hasim ") && EndsWith("\n"));
}

TEST_CASE("wrong usage is exit code 2 and says so on standard error alone")
{
    const auto arguments =
        GENERATE(as<std::vector<std::string>>{}, std::vector<std::string>{"elephant"},
                 std::vector<std::string>{"--elephant"},
                 std::vector<std::string>{"help", "elephant"}, std::vector<std::string>{""});
    const Finished finished = run_hasim(arguments);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK_THAT(finished.err, StartsWith("hasim: error: "));
}

TEST_CASE("results that cannot be written are exit code 3")
{
    const Finished finished = run_hasim({"-c", "exec \"$0\" --help > /dev/full", binary().string()},
                                        {.program = "/bin/sh"});
    CHECK(finished.exit_code == 3);
    CHECK_THAT(finished.err, ContainsSubstring("standard output"));
}

// The frame itself: what other end-to-end tests rely on.
TEST_CASE("a hanging program is killed and reported")
{
    const Finished finished =
        run_hasim({"-c", "echo started; exec sleep 600"},
                  {.program = "/bin/sh", .timeout = std::chrono::milliseconds(300)});
    CHECK(finished.timed_out);
    CHECK(finished.exit_code == 128 + SIGKILL);
    CHECK(finished.out == "started\n");
}

TEST_CASE("a running program is fed, watched and signalled")
{
    const TemporaryDirectory directory;
    const std::string input(1'000'000, 'x');
    Process process(
        {"-c",
         "cd . && pwd; echo $GREETING >&2; trap 'exit 7' INT; wc -c; while :; do sleep 0.01; done"},
        {.program = "/bin/sh",
         .directory = directory.path(),
         .environment = {{"GREETING", "hello"}},
         .input = input});
    REQUIRE(process.wait_for("1000000\n"));
    CHECK(process.wait_for("hello\n"));
    CHECK_THAT(process.out(), StartsWith(directory.path().string()));
    process.send_signal(SIGINT);
    CHECK(process.wait().exit_code == 7);
}
