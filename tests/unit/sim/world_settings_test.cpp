// Goal: what of an edited configuration counts when: members at a tick, everything else at the next C_Initialize; and
// what no file could say is refused. Method: a file that changes while the scenario runs; lines, states and calls.
#include <algorithm>

#include "world_bench.hpp"

using namespace hasim;
using namespace hasim::test;
using namespace std::chrono_literals;

namespace {

const std::string kAgain =
    "at 100s client finalize\nat 101s client initialize\nat 102s client login\n";

}  // namespace

TEST_CASE("a group whose serial changes is known by its label, and writes it from C_Initialize on")
{
    Settings settings = two_members();
    settings.ha.recovery_attempts = 1;
    play::VirtualPlay play(
        play_of(settings, "for 400s\nload sign 10/s\n" + kAgain + "at 200s hsm2 ntls stop\n"));
    play.run_until(kStart + 10s);
    settings.groups.front().serial = serial("777");
    settings.groups.front().members.push_back(serial("13"));
    play.play().world().settings_changed(settings, kStart + 10s);
    play.run_until(kStart + 90s);
    CHECK(texts(play) ==
          std::vector<std::string>{"100 detected new member member: 13",
                                   "100 recovery attempt 1 succeeded for member: 13"});
    play.run_until(kStart + 210s);
    CHECK(texts(play).back() == "777 has dropped member: 12");
    play.run_until(kStart + 230s);
    settings.groups.front().recover = 5;
    play.play().world().settings_changed(settings, kStart + 230s);
    const auto attempts = [&] {
        const auto lines = texts(play);
        return std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
            return line.find("777 recovery attempt 1 failed for member: 12") == 0;
        });
    };
    CHECK(attempts() == 1);
    play.run_until(kStart + 231s);
    CHECK(attempts() == 2);
}

TEST_CASE("a group without a label is known by its serial")
{
    Settings settings = two_members();
    settings.groups.front().label.clear();
    play::VirtualPlay play(play_of(settings, "for 100s\nload sign 10/s\n"));
    play.run_until(kStart + 10s);
    settings.groups.front().members.push_back(serial("13"));
    play.play().world().settings_changed(settings, kStart + 10s);
    play.run_until(kStart + 90s);
    CHECK(texts(play).front() == "100 detected new member member: 13");
}

TEST_CASE("new groups and appliances of the file, and their load, come with C_Initialize")
{
    Settings settings = two_members();
    settings.servers = {{"one", 1792}, {"two", 1792}};
    play::VirtualPlay play(play_of(settings, "for 400s\nload sign 10/s\n" + kAgain));
    const sim::World& world = play.play().world();
    play.run_until(kStart + 10s);
    GroupSettings other;
    other.label = "h";
    other.serial = serial("200");
    other.members = {serial("104"), serial("105"), serial("106")};
    settings.groups.push_back(other);
    settings.servers.push_back({"three", 1792});
    play.play().world().settings_changed(settings, kStart + 10s);
    play.run_until(kStart + 99s);
    CHECK(world.settings().groups.size() == 1);
    CHECK(world.appliances() == 2);
    const Target member{Target::Kind::member, 0, 0, serial("104"), {}};
    CHECK_FALSE(
        play.play().world().apply(Fault{.kind = FaultKind::reset}, member, kStart + 99s).empty());
    play.run_until(kStart + 150s);
    REQUIRE(world.settings().groups.size() == 2);
    CHECK(world.appliances() == 3);
    CHECK(world.member_state(0, 1, serial("104")) == MemberState::active);
    CHECK(
        play.play().world().apply(Fault{.kind = FaultKind::reset}, member, kStart + 150s).empty());
    play.run_until(kStart + 160s);
    const auto lines = texts(play);
    CHECK(std::find(lines.begin(), lines.end(), "200 has dropped member: 104") != lines.end());
}

TEST_CASE("a group that left the file leaves at C_Initialize, and comes back with it")
{
    Settings settings = two_members();
    GroupSettings other = settings.groups.front();
    other.label = "h";
    other.serial = serial("200");
    other.members = {serial("104")};
    settings.groups.push_back(other);
    play::VirtualPlay play(
        play_of(settings, "for 400s\nload sign 10/s\n" + kAgain + "at 200s client restart\n"));
    const sim::World& world = play.play().world();
    play.run_until(kStart + 10s);
    Settings shorter = settings;
    shorter.groups.erase(shorter.groups.begin());
    play.play().world().settings_changed(shorter, kStart + 10s);
    play.run_until(kStart + 90s);
    CHECK(world.member_state(0, 0, serial("11")) == MemberState::active);
    play.run_until(kStart + 150s);
    CHECK(world.group_state(0, 0) == GroupState::finalized);
    CHECK(world.member_state(0, 1, serial("104")) == MemberState::active);
    play.play().world().settings_changed(settings, kStart + 150s);
    play.run_until(kStart + 300s);
    CHECK(world.member_state(0, 0, serial("11")) == MemberState::active);
}

TEST_CASE("edits that no file could say are refused with a sentence")
{
    const auto refused = [](const Settings& settings, const std::string& edit) {
        play::VirtualPlay play(play_of(settings, "for 20s\nload none\nat 10s " + edit + "\n"));
        play.run_until(kStart + 20s);
        const auto broken = play.play().runner().judge({});
        return broken.empty() ? std::string("nothing") : broken.front().text;
    };
    Settings settings = two_members();
    CHECK(refused(settings, "add member 13") == "nothing");
    CHECK_THAT(refused(settings, "add member 12"),
               ContainsSubstring("a member of group g already"));
    CHECK_THAT(refused(settings, "remove member 13"), ContainsSubstring("no member of group g"));
    settings.groups.front().members.pop_back();
    CHECK_THAT(refused(settings, "remove member 11"),
               ContainsSubstring("the only member of group g"));
    while (settings.groups.front().members.size() < kMaxMembers) {
        settings.groups.front().members.push_back(
            serial(std::to_string(1000 + settings.groups.front().members.size())));
    }
    CHECK_THAT(refused(settings, "add member 99"),
               ContainsSubstring("as many as a group may have"));
}

TEST_CASE("activeBasic: an edit latches nothing, members that fail do")
{
    Settings settings = two_members();
    settings.ha.recovery_mode = RecoveryMode::active_basic;
    const std::string edit =
        "at 90s add member 7\nat 91s remove member 11\nat 91s remove member 12\n";
    SECTION("the new member serves after its first attempt")
    {
        play::VirtualPlay play(play_of(settings, "for 300s\nload sign 10/s\n" + edit));
        play.run_until(kStart + 300s);
        CHECK(play.play().world().group_state(0, 0) == GroupState::serving);
        CHECK(play.play().runner().operations().done > 2900);
    }
    SECTION("it cannot be reached: calls fail alone, and are served as soon as it can")
    {
        play::VirtualPlay play(play_of(settings,
                                       "for 300s\nplace 7 on hsm3\nload sign 10/s\n"
                                       "at 0s hsm3 ntls stop\n" +
                                           edit + "at 170s hsm3 ntls start\n"));
        play.run_until(kStart + 150s);
        CHECK(play.play().world().group_state(0, 0) == GroupState::serving);
        CHECK(play.play().runner().operations().lost > 200);
        play.run_until(kStart + 200s);
        CHECK(play.play().world().member_state(0, 0, serial("7")) == MemberState::active);
        const auto lost = play.play().runner().operations().lost;
        play.run_until(kStart + 300s);
        CHECK(play.play().runner().operations().lost == lost);
    }
    SECTION("it fails after it served: latched")
    {
        play::VirtualPlay play(
            play_of(settings, "for 300s\nload sign 10/s\n" + edit + "at 150s all ntls stop\n"));
        play.run_until(kStart + 160s);
        CHECK(play.play().world().group_state(0, 0) == GroupState::latched);
    }
    SECTION("the others fail while its first attempt runs: latched when that has failed too")
    {
        play::VirtualPlay play(play_of(settings,
                                       "for 300s\nplace 7 on hsm3\nload sign 10/s\n"
                                       "at 0s hsm3 cable out\nat 90s add member 7\n"
                                       "at 125s hsm1..hsm2 ntls stop\n"));
        play.run_until(kStart + 130s);
        CHECK(play.play().world().group_state(0, 0) == GroupState::serving);
        play.run_until(kStart + 145s);
        CHECK(play.play().world().group_state(0, 0) == GroupState::latched);
    }
}
