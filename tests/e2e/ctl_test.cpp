// Goal: a user with two terminals is never lost: a run says what it is and what to type, `hasim ctl` says what it did,
// and the run shows it; who asks is told which runs there are and how they are.
#include <csignal>

#include "samples.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

using namespace hasim::test;

namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

Finished ctl(std::vector<std::string> words, const Environment& environment)
{
    words.insert(words.begin(), "ctl");
    return run_hasim(words, {.environment = environment});
}

}  // namespace

TEST_CASE("a run says where its log is, its pid, its members and what to type next")
{
    const TemporaryDirectory directory;
    const Environment environment{{"XDG_RUNTIME_DIR", directory.path().string()}};
    Process running({"run", "--conf", sample_conf(), "--speed", "25", "--pid", "4242", "--log-dir",
                     directory.path().string()},
                    {.environment = environment});
    REQUIRE(running.wait_for("ready: every client is logged in to every group"));
    const std::string pid = std::to_string(running.pid());
    CHECK_THAT(running.err(), ContainsSubstring("pid " + pid + " ([4242] in the log)"));
    CHECK_THAT(running.err(), ContainsSubstring("configuration " + sample_conf()));
    CHECK_THAT(running.err(),
               ContainsSubstring("log " + directory.path().string() + "/haErrorLog.txt"));
    CHECK_THAT(running.err(),
               ContainsSubstring("(11234840370164): hsm1 1234840370164, hsm2 1234924189183"));
    CHECK_THAT(running.err(), ContainsSubstring("hasim ctl 'hsm2 cable out'"));
    running.send_signal(SIGINT);
    CHECK(running.wait().exit_code == 130);
}

TEST_CASE("what ctl did is seen on both sides, and what it cannot do is said with what is near")
{
    const TemporaryDirectory directory;
    const Environment environment{{"XDG_RUNTIME_DIR", directory.path().string()}};
    Process running(
        {"run", "--conf", sample_conf(), "--speed", "25", "--log-dir", directory.path().string()},
        {.environment = environment});
    REQUIRE(running.wait_for("ready"));
    const Finished done = ctl({"hsm2", "cable", "out"}, environment);
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.out, StartsWith("done at ") && EndsWith("s: hsm2 cable out\n"));
    CHECK(running.wait_for("s  hsm2 cable out (ctl)\n"));
    const Finished noted = ctl({"at 1d hsm2 cable in"}, environment);
    CHECK_THAT(noted.out, StartsWith("noted at ") && EndsWith("s: at 1d hsm2 cable in\n"));
    CHECK(running.wait_for("s  at 1d hsm2 cable in (ctl)\n"));
    CHECK(ctl({"client login secret"}, environment).exit_code == 0);
    CHECK(running.wait_for("login \"***\" (ctl)\n"));

    const Finished past = ctl({"at 0s hsm2 cable in"}, environment);
    CHECK(past.exit_code == 2);
    CHECK_THAT(past.err, ContainsSubstring("0s is over: the run is at "));
    const Finished unknown = ctl({"hsm2 unplug"}, environment);
    CHECK(unknown.exit_code == 2);
    CHECK_THAT(unknown.err, ContainsSubstring("you may mean 'cable out'; `hasim faults`"));
    const Finished turned = ctl({"unplug hsm2"}, environment);
    CHECK_THAT(turned.err, ContainsSubstring("write the target first, as in 'hsm2 cable out'; you "
                                             "may mean 'cable out'"));
    const Finished misspelt = ctl({"hsm2 cabel out"}, environment);
    CHECK_THAT(misspelt.err, ContainsSubstring("did you mean 'cable out'?"));

    running.send_signal(SIGINT);
    const Finished finished = running.wait();
    CHECK_THAT(finished.err, !ContainsSubstring("secret"));
    CHECK_THAT(finished.err, !ContainsSubstring("unplug"));
}

TEST_CASE("ctl status says how a run is, ctl list which there are")
{
    const TemporaryDirectory directory;
    const Environment environment{{"XDG_RUNTIME_DIR", directory.path().string()}};
    const Finished none = ctl({"list"}, environment);
    CHECK(none.exit_code == 0);
    CHECK(none.out.empty());
    CHECK_THAT(none.err, ContainsSubstring("no hasim of yours is running"));
    CHECK(ctl({"status"}, environment).exit_code == 2);

    const std::string second = (source_dir() / "config/standby.conf").string();
    Process one({"run", "--conf", sample_conf(), "--log-dir", directory.path().string()},
                {.environment = environment});
    Process two({"appliances", "--conf", second}, {.environment = environment});
    REQUIRE(one.wait_for("ready"));
    REQUIRE(two.wait_for("Ctrl-C ends them"));
    const Finished list = ctl({"list"}, environment);
    CHECK(list.exit_code == 0);
    CHECK_THAT(list.out, ContainsSubstring(std::to_string(one.pid()) + "  since "));
    CHECK_THAT(list.out, ContainsSubstring("Z  " + sample_conf() + "\n"));
    CHECK_THAT(list.out, ContainsSubstring("Z  " + second + "\n"));
    const Finished which = ctl({"status"}, environment);
    CHECK(which.exit_code == 2);
    CHECK_THAT(which.err, ContainsSubstring("--pid"));
    for (const std::string word : {"list", "status", "scenario", "metrics"}) {
        const Finished more = ctl({"--pid", std::to_string(one.pid()), word, "more"}, environment);
        CHECK(more.exit_code == 2);
        CHECK_THAT(more.err, ContainsSubstring(word + " stands alone"));
    }
    const Finished status = ctl({"--pid", std::to_string(one.pid()), "status"}, environment);
    CHECK(status.exit_code == 0);
    CHECK_THAT(status.out, ContainsSubstring("of simulated time, since "));
    CHECK_THAT(status.out, ContainsSubstring("log " + directory.path().string()));
    CHECK_THAT(status.out, ContainsSubstring("1234924189183"));
    CHECK_THAT(status.out, ContainsSubstring("operations: "));
    for (Process* const process : {&one, &two}) {
        process->send_signal(SIGINT);
        CHECK(process->wait().exit_code == 130);
    }
}

TEST_CASE("hasim faults is the vocabulary, and finds a fault by what people call it")
{
    const Finished all = run_hasim({"faults"});
    CHECK(all.exit_code == 0);
    CHECK_THAT(all.out, StartsWith("Network\n  cable out [for D]\n"));
    CHECK_THAT(all.out, ContainsSubstring("\nHealing\n"));
    const Finished one = run_hasim({"faults", "unplug"});
    CHECK(one.exit_code == 0);
    CHECK_THAT(one.out, StartsWith("cable out [for D]\n  what it does       Silence both ways"));
    CHECK_THAT(one.out, ContainsSubstring("lines that follow  DROPMEMBER"));
    const Finished none = run_hasim({"faults", "elephant"});
    CHECK(none.exit_code == 2);
    CHECK_THAT(none.err, ContainsSubstring("`hasim faults` lists all"));
}
