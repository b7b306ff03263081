// Goal: what the world itself adds to its machines: placement, overlay, calls, load, faults that put off or end others.
// Method: small scenarios in virtual time; the log lines and counters that must follow.
#include "play/summary.hpp"
#include "world_bench.hpp"

using namespace hasim;
using namespace hasim::sim;
using hasim::test::play_of;
using hasim::test::serial;
using hasim::test::two_members;
using hasim::scenario::Topology;
using namespace hasim::play;
using namespace std::chrono_literals;

namespace {

/// The texts of a run, behind the group.
std::vector<std::string> messages(VirtualPlay& play)
{
    std::vector<std::string> texts = test::texts(play);
    for (std::string& text : texts) {
        text.erase(0, 4);
    }
    return texts;
}

}  // namespace

TEST_CASE(
    "a member of the file has its own appliance when no server is named, and servers are taken in "
    "turn")
{
    Settings settings = two_members();
    const Topology own(settings, {});
    CHECK(own.appliances().size() == 2);
    CHECK(own.appliances()[1].name == "hsm2");
    CHECK(own.place_of(serial("12")) == 1U);

    settings.servers = {{"a", 1792}, {"b", 1792}};
    settings.groups.front().standby = {serial("13")};
    Topology shared(settings, {});
    CHECK(shared.place_of(serial("13")) == 0U);
    CHECK(shared.place(serial("14")) == std::pair<ApplianceIndex, bool>(1, false));
    CHECK(shared.place(serial("14")).first == 1);

    const Topology moved(settings, {Placement{{}, serial("11"), 2}});
    CHECK(moved.place_of(serial("11")) == 1U);
    CHECK(moved.place_of(serial("12")) == 0U);
}

TEST_CASE("the overlay adds, removes and counts, over whatever the file says now")
{
    Settings file = two_members();
    Overlay overlay;
    overlay.add_member("g", serial("13"));
    overlay.remove_member("g", serial("11"));
    overlay.recover("g");
    overlay.set_mode(RecoveryMode::active_enhanced);
    CHECK(overlay.over(file).groups.front().members == std::vector{serial("12"), serial("13")});
    file.groups.front().recover = 7;
    CHECK(overlay.over(file).groups.front().recover == 8);
    CHECK(overlay.over(file).ha.recovery_mode == RecoveryMode::active_enhanced);
}

TEST_CASE("a fault with `for D` ends by itself, and nothing else ends with it")
{
    VirtualPlay play(play_of(two_members(),
                             "for 200s\nload sign 10/s threads 1\n"
                             "at 1s member 12 busy 100ms\nat 2s hsm2 cable out for 30s\n"));
    play.run_until(kStart + 200s);
    CHECK(messages(play) == std::vector<std::string>{"has dropped member: 12",
                                                  "recovery attempt 1 succeeded for member: 12"});
    CHECK(play.play().world().appliance(1).machine().view().partitions.front().busy == 100ms);
}

TEST_CASE("what the main thread is told to call at one instant is called one after the other")
{
    VirtualPlay play(
        play_of(two_members(),
                "for 20s\nload none\nat 10s client finalize\nat 10s client initialize\n"
                "at 10s client login\nat 10s client sign 3\n"));
    play.run_until(kStart + 20s);
    CHECK(play.play().runner().operations().done == 3);
    CHECK(play.play().runner().operations().lost == 0);
}

TEST_CASE("a killed process logs nothing and its restart has another pid")
{
    VirtualPlay play(
        play_of(two_members(),
                "client app pid 50\nfor 300s\nload sign 10/s threads 2\n"
                "at 10s hsm2 cable out\nat 15s client kill\nat 100s client restart\n"));
    play.run_until(kStart + 300s);
    const auto& lines = play.play().runner().lines();
    REQUIRE(lines.size() >= 2);
    CHECK_THAT(lines.front(), ContainsSubstring("[51] HA group: 100 unable to reach member: 12."));
    CHECK_THAT(lines[1], ContainsSubstring(
                             "[51] HA group: 100 recovery attempt 1 failed for member: 12. Code: "
                             "0xc0001100 : RC_UNABLE_TO_CONNECT."));
}

TEST_CASE("a flapping cable goes down for its duty in every period until it is healed")
{
    VirtualPlay play(play_of(two_members(),
                             "for 400s\nload sign 10/s threads 1\n"
                             "at 10s hsm2 flap cable period 100s duty 50%\nat 210s hsm2 heal\n"));
    play.run_until(kStart + 400s);
    std::size_t drops = 0;
    for (const std::string& text : messages(play)) {
        drops += text == "has dropped member: 12" ? 1U : 0U;
    }
    CHECK(drops == 2);
    CHECK(play.play().world().member_state(0, 0, serial("12")) == MemberState::active);
}

TEST_CASE("a beat of the load is left out while every thread is inside a call")
{
    VirtualPlay play(
        play_of(two_members(), "for 12s\nload sign 10/s threads 1\nat 1s all busy 5s\n"));
    play.run_until(kStart + 12s);
    CHECK(play.play().runner().operations().done < 30);
    CHECK(play.play().runner().operations().longest > 5s);
    CHECK(play.play().runner().operations().lost == 0);
}

TEST_CASE("the same seed gives the same lines, another one others")
{
    const auto lines_of = [](std::uint64_t seed) {
        VirtualPlay play(play_of(two_members(), "seed " + std::to_string(seed) +
                                                    "\nfor 3h\nload sign 5/s threads 2\n"
                                                    "every 10m +-4m any cable out for 90s\n"));
        play.run_until(kStart + 3h);
        return play.play().runner().lines();
    };
    const auto once = lines_of(1);
    CHECK(once.size() > 10);
    CHECK(once == lines_of(1));
    CHECK(once != lines_of(2));
}

TEST_CASE("the summary counts drops, attempts, recoveries and the time down")
{
    VirtualPlay play(play_of(two_members(),
                             "for 100s\nload sign 10/s threads 1\n"
                             "at 10s hsm2 ntls stop\nat 30s hsm2 ntls start\n"));
    Summary summary(play.play().world());
    play.play().world().watch(summary);
    play.run_until(kStart + 100s);
    const std::string text = summary.text(kStart + 100s);
    CHECK_THAT(text, ContainsSubstring("12                          1         1          1"));
    CHECK_THAT(text, ContainsSubstring("0 lost"));
    CHECK_THAT(summary.status_line(kStart + 100s), StartsWith("100s  0 of 2 members down"));
}
