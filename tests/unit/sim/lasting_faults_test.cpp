// Goal: the end of a fault that was given `for D` ends that fault and nothing else. Method: two faults of a kind that
// meet in every way there is; whether the appliance can be reached, second by second.
#include "world_bench.hpp"

using namespace hasim;
using namespace hasim::test;
using namespace std::chrono_literals;

namespace {

struct Row {
    std::string text;
    std::string sound;  ///< for each ten seconds, looked at in their middle: + or -
};

}  // namespace

TEST_CASE("the end of a fault ends that fault and nothing else")
{
    const auto row = GENERATE(
        Row{"at 10s hsm2 cable out for 60s\nat 20s hsm2 heal\nat 61s hsm2 cable out\n",
            "+-++++------"},
        Row{"at 10s hsm2 cable out for 60s\nat 20s hsm2 cable in\nat 61s hsm2 cable out\n",
            "+-++++------"},
        Row{"at 10s hsm2 cable out for 60s\nat 40s hsm2 cable out for 60s\n", "+---------++"},
        Row{"at 10s hsm2 cable out for 60s\nat 20s hsm2 cable out for 20s\n", "+------+++++"},
        Row{"at 10s hsm2 cable out\nat 20s hsm2 cable out for 20s\n", "+-----------"},
        Row{"at 10s hsm2 cable out for 20s\nat 20s hsm2 cable out\n", "+-----------"},
        Row{"at 10s hsm2 cable out for 20s\nat 20s member 12 cable out for 30s\n", "+----+++++++"},
        Row{"at 10s hsm2 ntls stop for 60s\nat 20s hsm2 power off\nat 30s hsm2 power on\n"
            "at 40s hsm2 ntls stop\n",
            "+--+--------"},
        Row{"at 10s hsm2 power off for 60s\nat 20s hsm2 power on\nat 60s hsm2 power off\n",
            "+-++++------"},
        Row{"at 10s hsm2 ntls stop for 60s\nat 20s hsm2 ntls start\nat 50s hsm2 ntls stop\n",
            "+-+++-------"},
        Row{"at 10s hsm1..hsm2 cable out for 60s\nat 20s hsm2 heal\nat 61s hsm2 cable out\n",
            "+-++++------"},
        Row{"at 10s hsm2 cable out for 60s\nat 20s heal all\nat 61s hsm2 cable out\n",
            "+-++++------"},
        Row{"at 10s hsm2 silence in for 20s\nat 20s hsm2 cable out for 30s\n", "+----+++++++"});
    INFO(row.text);
    play::VirtualPlay play(play_of(two_members(), "for 120s\nload none\n" + row.text));
    std::string sound;
    for (auto at = kStart + 5s; at < kStart + 120s; at += 10s) {
        play.run_until(at);
        sound += play.play().world().appliance(1).reachable() ? '+' : '-';
    }
    CHECK(sound == row.sound);
}

TEST_CASE(
    "a partition's fault that ends gives way to the one before it, and to nothing that came later")
{
    const auto partition = [](play::VirtualPlay& play) {
        return play.play().world().appliance(1).machine().view().partitions.front();
    };
    play::VirtualPlay play(play_of(two_members(),
                                   "for 120s\nload none\n"
                                   "at 10s member 12 deactivate for 60s\nat 10s hsm2 busy 1s\n"
                                   "at 10s hsm2 slow 3 for 20s\nat 20s member 12 activate\n"
                                   "at 20s hsm2 busy 2s for 20s\nat 20s hsm2 slow 5 for 20s\n"
                                   "at 61s hsm2 deactivate\n"));
    play.run_until(kStart + 25s);
    CHECK(partition(play).activated);
    CHECK(partition(play).busy == 2s);
    play.run_until(kStart + 35s);
    CHECK(partition(play).factor_milli == 5000);
    play.run_until(kStart + 45s);
    CHECK(partition(play).busy == 1s);
    CHECK(partition(play).factor_milli == 1000);
    play.run_until(kStart + 100s);
    CHECK_FALSE(partition(play).activated);
}

TEST_CASE("what the workstation lacks comes back when the last firing that took it is over")
{
    play::VirtualPlay play(
        play_of(two_members(),
                "for 120s\nload none\n"
                "at 10s disk full for 60s\nat 10s log directory missing for 20s\n"
                "at 20s disk free\nat 20s log directory missing for 30s\n"
                "at 61s disk full\n"));
    const sim::World& world = play.play().world();
    play.run_until(kStart + 40s);
    CHECK(world.log_directory_missing());
    CHECK_FALSE(world.disk_full());
    play.run_until(kStart + 100s);
    CHECK_FALSE(world.log_directory_missing());
    CHECK(world.disk_full());
}
