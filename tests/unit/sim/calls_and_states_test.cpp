// Goal: what a call finds, which call a trigger counts, and which state a member is said to have. Method: small
// scenarios, with the lines and verdicts that must follow, and verdicts that must not hold.
#include "world_bench.hpp"

using namespace hasim;
using namespace hasim::test;
using namespace std::chrono_literals;

TEST_CASE("a command that moves on meets a member that was lost meanwhile")
{
    play::VirtualPlay play(play_of(two_members(),
                                   "for 55s\nload none\nat 9s hsm2 cable out\n"
                                   "at 10s client sign 2\nat 15s hsm1 ntls stop\n"));
    play.run_until(kStart + 55s);
    CHECK(texts(play) ==
          std::vector<std::string>{"100 has dropped member: 11", "100 has dropped member: 12"});
    CHECK(play.play().runner().operations().done == 1);
    CHECK(play.play().runner().operations().lost == 1);
}

TEST_CASE("on nth counts the calls that it names")
{
    const auto text = GENERATE(as<std::string>{}, "on nth open 2", "on nth login 2",
                               "on nth logout 1", "on nth sign 3", "on nth login 1 member 12");
    INFO(text);
    const bool names_target = text.find("member") != std::string::npos;
    const std::string first = names_target ? text.substr(0, text.find(" member")) : text;
    const std::string target = names_target ? "member 12" : "hsm2";
    const auto fired = [&](const std::string& calls) {
        play::VirtualPlay play(play_of(
            two_members(), "for 50s\nload none\n" + calls + first + " " + target + " busy 3s\n"));
        play.run_until(kStart + 50s);
        return play.play().world().appliance(1).machine().view().partitions.front().busy == 3s;
    };
    const std::string idle = "at 45s client initialize\n";
    CHECK(fired(idle) == (text.find("open") != std::string::npos));
    CHECK(fired("at 10s client logout\n") == (text.find("sign") == std::string::npos));
    CHECK(fired("at 10s client sign 2\n") ==
          (text.find("sign") == std::string::npos && text.find("logout") == std::string::npos));
    CHECK(fired("at 10s client sign 3\n") == (text.find("logout") == std::string::npos));
}

TEST_CASE("a member is connecting while C_Initialize reaches it, and has no state after C_Finalize")
{
    const auto holds = [](const std::string& expectation) {
        play::VirtualPlay play(
            play_of(two_members(),
                    "for 150s\nload none\nat 60s client finalize\nat 65s hsm2 cable out\n"
                    "at 70s client initialize\nat 120s client kill\n" +
                        expectation + "\n"));
        play.run_until(kStart + 150s);
        return play.play().runner().judge({}).empty();
    };
    CHECK(holds("expect state active member 12 at 50s"));
    CHECK(holds("expect state connecting member 12 at 75s"));
    CHECK_FALSE(holds("expect state dropped member 12 at 75s"));
    CHECK_FALSE(holds("expect state active member 12 at 62s"));
    CHECK(holds("expect state dropped member 12 at 100s"));
    CHECK_FALSE(holds("expect state dropped member 12 at 130s"));
    CHECK_FALSE(holds("expect state connecting member 12 at 62s"));
    CHECK(
        holds("on state connecting member 12 after 1s hsm1 deactivate for 10s\n"
              "expect state dropped member 12 at 100s"));
}

TEST_CASE("on state connecting fires at C_Initialize")
{
    play::VirtualPlay play(play_of(two_members(),
                                   "for 30s\nload none\n"
                                   "on state connecting member 12 hsm2 busy 3s\n"));
    play.run_until(kStart + 30s);
    CHECK(play.play().world().appliance(1).machine().view().partitions.front().busy == 3s);
}
