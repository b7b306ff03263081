// Goal: whoever reads standard output of a run, or does not, takes nothing from the run.
// Method: the built program behind pipes that are full, and behind pipes that are closed.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "samples.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

using namespace hasim::test;

namespace {

/// Waits for what another process does; false when it has not in a minute.
template <class Condition>
bool comes(Condition condition)
{
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > give_up) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

}  // namespace

TEST_CASE("a reader of standard output that stopped stops nothing: not the log, ctl, nor Ctrl-C")
{
    const TemporaryDirectory directory;
    const std::string pipe = (directory.path() / "pipe").string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const int reader = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(reader >= 0);
    while (::write(reader, "full\n", 5) > 0) {
    }
    ProcessOptions shell;
    shell.program = "/bin/sh";
    shell.environment = {{"XDG_RUNTIME_DIR", directory.path().string()}};
    const auto log = directory.path() / "haErrorLog.txt";
    Process running(
        {"-c", "exec '" + binary().string() + "' run --conf '" + sample_conf() +
                   "' --speed 25 --log-dir '" + directory.path().string() + "' >'" + pipe + "'"},
        shell);
    REQUIRE(running.wait_for("ready"));
    const auto ctl = [&](const std::string& line) {
        return run_hasim({"ctl", line}, {.environment = shell.environment}).exit_code;
    };
    CHECK(ctl("hsm2 cable out") == 0);
    const auto logged = [&](const std::string& text) {
        return std::filesystem::file_size(log) > 0 &&
               read_file(log).find(text) != std::string::npos;
    };
    CHECK(comes([&] { return logged("dropped"); }));
    CHECK(ctl("hsm2 cable in") == 0);
    CHECK(comes([&] { return logged("attempt 1 succeeded"); }));
    running.send_signal(SIGINT);
    const Finished finished = running.wait();
    CHECK_FALSE(finished.timed_out);
    CHECK(finished.exit_code == 130);
    ::close(reader);
}

TEST_CASE("a reader that closed standard output ends no run, and takes nothing from its log")
{
    const TemporaryDirectory directory;
    const std::string way = GENERATE("--virtual", "--speed 60");
    const bool holds = GENERATE(true, false);
    const std::string scenario = (directory.path() / "outage.hasim").string();
    write_file(scenario, "hasim 1\nconf " + sample_conf() +
                             "\nfor 100s\n\nat 10s hsm2 cable out\nat 40s hsm2 cable in\n" +
                             (holds ? "expect DROPMEMBER\n" : "expect no DROPMEMBER\n"));
    const std::string log = (directory.path() / "log").string();
    const std::string gate = (directory.path() / "gate").string();
    REQUIRE(::mkfifo(gate.c_str(), 0600) == 0);
    ProcessOptions shell;
    shell.program = "/bin/sh";
    // The run begins once the reader has closed its end, which it says by way of the gate.
    const std::string run = "'" + binary().string() + "' run " + way + " --scenario '" + scenario +
                            "' --log-dir '" + log + "'";
    const std::string left = "{ cat '" + gate + "'; " + run + "; echo \"code $?\" >&2; }";
    const std::string right = "{ exec <&-; : > '" + gate + "'; }";
    const Finished finished = run_hasim({"-c", left + " | " + right}, shell);
    CAPTURE(finished.err);
    CHECK_THAT(finished.err, ContainsSubstring("not all of the result could be written"));
    if (holds) {
        CHECK_THAT(finished.err,
                   ContainsSubstring("its expectation holds") && EndsWith("code 3\n"));
    } else {
        CHECK_THAT(finished.err, ContainsSubstring("expected no such line, and 1 came") &&
                                     EndsWith("code 1\n"));
    }
    CHECK_THAT(read_file(log + "/haErrorLog.txt"), ContainsSubstring("succeeded"));
}
