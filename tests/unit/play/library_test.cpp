#include "hasim/world.hpp"

#include "support/catch.hpp"

using namespace hasim;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kConf = R"(VirtualToken = {
VirtualToken00Label = g;
VirtualToken00SN = 1100;
VirtualToken00Members = 100, 200;
VirtualTokenActiveRecovery = activeEnhanced;
}
HAConfiguration = {
reconnAtt = 5;
}
)";

Sim sim_of(std::string_view conf = kConf)
{
    SimResult made = Sim::from_conf(conf);
    REQUIRE(made.sim);
    return std::move(*made.sim);
}

}  // namespace

TEST_CASE("an outage that is built call by call gives the lines of its scenario")
{
    Sim sim = sim_of();
    sim.load("sign 50/s threads 4");
    sim.at(10s).cable_out("hsm2");
    sim.at(40s).cable_in("hsm2");
    sim.run_until(35s);
    CHECK(sim.state("200") == MemberState::dropped);
    CHECK(sim.lines().size() == 1);
    sim.run_until(100s);
    CHECK(sim.state("200") == MemberState::active);
    CHECK(sim.lines().size() == 2);
    CHECK(sim.counters().lost == 0);
    CHECK(sim.counters().lines == 2);
    CHECK(sim.counters().longest >= 20s);
    CHECK(sim.now() == 100s);
    CHECK(sim.problems().empty());

    ScenarioResult read = parse_scenario("sim", sim.scenario_text());
    REQUIRE(read.ok());
    SimResult same = Sim::from_conf(kConf, read.scenario);
    REQUIRE(same.sim);
    same.sim->run_until(100s);
    CHECK(same.sim->lines() == sim.lines());
}

TEST_CASE("what is said of a world that runs already happens too")
{
    Sim sim = sim_of();
    sim.load("sign 1/s");
    sim.run_until(10s);
    CHECK(sim.lines().empty());
    sim.at(20s).ntls_stop("member 100").line("hsm2 power off");
    sim.run_until(50s);
    CHECK(sim.state("100") == MemberState::dropped);
    CHECK(sim.state("200") == MemberState::dropped);
    CHECK(sim.counters().lost > 0);
    CHECK(sim.members().size() == 2);
}

TEST_CASE("what cannot be is refused in words, and nothing happens")
{
    Sim sim = sim_of();
    sim.load("sing 10/s").load("sign 1/s").expect("ops lots 0");
    sim.at(10s).cable_out("hsm3").line("hsm1 cabel out").line("at 5s hsm1 cable out");
    CHECK(sim.problems().size() == 5);
    sim.run_until(30s);
    sim.at(20s).cable_out("hsm1");
    sim.load("sign 5/s");
    CHECK(sim.problems().size() == 7);
    sim.run_until(100s);
    CHECK(sim.lines().empty());
}

TEST_CASE("expectations are judged when asked")
{
    Sim sim = sim_of();
    sim.load("sign 1/s").expect("30s..40s DROPMEMBER member 100").expect("ops lost 0");
    sim.event("on nth sign 5 member 100 cable out");
    sim.run_until(60s);
    CHECK(sim.broken().empty());

    Sim idle = sim_of();
    idle.expect("DROPMEMBER member 100");
    idle.run_until(60s);
    CHECK(idle.broken().size() == 1);
}

TEST_CASE("no world comes of a configuration that is broken or has no group")
{
    CHECK_FALSE(Sim::from_conf("VirtualToken = {").sim);
    CHECK_FALSE(Sim::from_conf("").sim);
    CHECK_FALSE(Sim::from_conf("").findings.empty());

    Sim empty{Settings{}};
    empty.run_until(10s);
    CHECK_FALSE(empty.problems().empty());
    CHECK(empty.members().empty());
}

TEST_CASE("a pattern ends when what it is done to is healed")
{
    Sim sim = sim_of();
    sim.load("sign 5/s threads 2");
    sim.at(1s).line("all swizzle 30s").line("all rolling restart 20s pause 20s");
    sim.at(2s).line("hsm1..hsm2 heal");
    sim.at(70s).line("all swizzle 30s");
    sim.at(71s).heal_all();
    sim.run_until(65s);
    const std::size_t before = sim.lines().size();
    sim.run_until(300s);
    CHECK(sim.problems().empty());
    CHECK(sim.state("100") == MemberState::active);
    CHECK(sim.state("200") == MemberState::active);
    CHECK(sim.lines().size() == before);
}
