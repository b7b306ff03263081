// Random scenarios, the invariants that watch them, and the shrinking of what fails.
#include <algorithm>

#include "play/play.hpp"
#include "support/catch.hpp"
#include "support/serial.hpp"
#include "swarm/draw_scenario.hpp"
#include "swarm/invariants.hpp"
#include "swarm/shrink.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::play;
using namespace hasim::swarm;
using hasim::test::serial;
using namespace std::chrono_literals;

namespace {

Settings two_groups()
{
    Settings settings;
    GroupSettings one;
    one.label = "one";
    one.serial = serial("1100");
    one.members = {serial("100"), serial("200"), serial("300")};
    GroupSettings two;
    two.label = "two";
    two.serial = serial("1200");
    two.members = {serial("400"), serial("100")};
    two.standby = {serial("500")};
    settings.groups = {one, two};
    settings.ha.recovery_attempts = 5;
    settings.ha.recovery_mode = RecoveryMode::active_enhanced;
    settings.ha.log_length = 2000;
    return settings;
}

PlayOptions options_for(const Scenario& scenario)
{
    PlayOptions options;
    options.settings = two_groups();
    options.scenario = scenario;
    return options;
}

std::vector<std::string> lines_of(const Scenario& scenario)
{
    VirtualPlay play(options_for(scenario));
    play.run_until(end_of(scenario));
    return play.play().runner().lines();
}

bool valid(const Scenario& scenario, Scenario& read_back)
{
    ScenarioResult read = parse_scenario("drawn", print(scenario));
    const auto findings = check(read.scenario, two_groups(), "drawn");
    read_back = std::move(read.scenario);
    return read.ok() && std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
               return finding.severity == Severity::error;
           });
}

std::size_t lines_in(const std::string& text)
{
    // Blank lines say nothing.
    std::size_t lines = 0;
    bool blank = true;
    for (const char c : text) {
        lines += c == '\n' && !blank ? 1U : 0U;
        blank = c == '\n';
    }
    return lines;
}

/// 200 lines of which most do not matter: what many seeds drew, in the order of their times.
Scenario long_scenario(const std::vector<std::string>& planted)
{
    Scenario all;
    all.length = 20min;
    for (std::uint64_t seed = 1; all.events.size() < 195; ++seed) {
        for (const Event& event : draw_scenario(two_groups(), seed, 15min).events) {
            const auto* target = &event.target;
            if (std::holds_alternative<At>(event.trigger) &&
                event.target.kind == Target::Kind::hsm && target->last < 4 && event.fault.lasts) {
                all.events.push_back(event);
            }
        }
    }
    for (const std::string& line : planted) {
        const EventResult read = parse_event_line(line);
        REQUIRE(read.event);
        all.events.push_back(*read.event);
    }
    std::stable_sort(all.events.begin(), all.events.end(), [](const Event& a, const Event& b) {
        return std::get<At>(a.trigger).at < std::get<At>(b.trigger).at;
    });
    all.loads.push_back(*parse_load("sign 2/s threads 3").load);
    return all;
}

Shrunk shrunk(const Scenario& scenario,
              const std::function<bool(const std::vector<std::string>&)>& bad)
{
    const auto fails = [&](const Scenario& candidate) {
        Scenario read;
        return valid(candidate, read) && bad(lines_of(read));
    };
    REQUIRE(fails(scenario));
    Shrunk result = shrink(scenario, fails);
    CHECK(fails(result.scenario));
    return result;
}

bool any_line(const std::vector<std::string>& lines, std::string_view a, std::string_view b)
{
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line.find(a) != std::string::npos && line.find(b) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("what is drawn is valid, and the same for the same seed")
{
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const Scenario scenario = draw_scenario(two_groups(), seed, 10min);
        Scenario read;
        INFO(print(scenario));
        CHECK(valid(scenario, read));
        CHECK(read == scenario);
        CHECK(print(draw_scenario(two_groups(), seed, 10min)) == print(scenario));
    }
    CHECK_FALSE(draw_scenario(two_groups(), 1, 10min) == draw_scenario(two_groups(), 2, 10min));
}

TEST_CASE("invariants hold in what is drawn")
{
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const Scenario scenario = draw_scenario(two_groups(), seed, 5min);
        VirtualPlay play(options_for(scenario));
        Invariants invariants(play.play().world());
        play.play().world().watch(invariants);
        play.play().writer().add(invariants);
        play.run_until(end_of(scenario));
        invariants.finish(end_of(scenario));
        INFO("seed " << seed << (invariants.broken() ? invariants.broken()->text : std::string{}));
        CHECK_FALSE(invariants.broken());
    }
}

TEST_CASE("invariants of calls see what breaks them")
{
    Scenario scenario;
    scenario.load_none = true;
    VirtualPlay play(options_for(scenario));
    World& world = play.play().world();
    Invariants invariants(world);
    world.watch(invariants);
    play.run_until(kStart + 1s);
    REQUIRE_FALSE(invariants.broken());
    const auto broken = [&] { return invariants.broken().value().invariant; };
    const Instant now = kStart + 2s;

    SECTION("a call that returns twice")
    {
        invariants.on_stray_answer(CallId{1}, 0, 0, now);
        CHECK(broken() == Invariant::returns_once);
    }
    SECTION("a call that was not made")
    {
        invariants.on_call({0, 0, CallKind::sign, now, now, Code::ok, 0, CallId{99}});
        CHECK(broken() == Invariant::returns_once);
    }
    SECTION("a call that does not return")
    {
        Fault heal;
        heal.kind = FaultKind::heal_all;
        invariants.on_fault(heal, {}, now);
        invariants.on_call_made(CallId{99}, 0, 0, CallKind::sign, now);
        invariants.finish(now + 1h);
        CHECK(broken() == Invariant::returns_once);
    }
    SECTION("a failure while members are active")
    {
        invariants.on_call_made(CallId{99}, 0, 0, CallKind::sign, now);
        invariants.on_call({0, 0, CallKind::sign, now, now, Code::device_error, 0, CallId{99}});
        CHECK(broken() == Invariant::serves_while_active);
    }
}

TEST_CASE("invariants of members see what breaks them")
{
    Scenario scenario;
    scenario.load_none = true;
    VirtualPlay play(options_for(scenario));
    World& world = play.play().world();
    Invariants invariants(world);
    world.watch(invariants);
    play.run_until(kStart + 1s);
    REQUIRE_FALSE(invariants.broken());
    const auto broken = [&] { return invariants.broken().value().invariant; };
    const Instant now = kStart + 2s;
    const Pid pid{4711};
    using enum MemberState;

    SECTION("a command to a member that is dropped")
    {
        invariants.on_member(0, 0, {serial("100"), dropped, ha::Cause::command_failed}, now);
        CHECK_FALSE(invariants.broken());
        invariants.on_request_sent(0, 0, serial("100"), Operation::sign, now);
        CHECK(broken() == Invariant::commands_to_active);
    }
    SECTION("a gap in the numbers of attempts")
    {
        invariants.on_member(0, 0, {serial("100"), dropped, ha::Cause::command_failed}, now);
        LogRecord record{now,           pid, LogForm::recovery_failed, serial("1100"),
                         serial("100"), 1,   Code::unable_to_connect};
        invariants.on_log(0, record);
        CHECK_FALSE(invariants.broken());
        record.attempt = 3;
        invariants.on_log(0, record);
        CHECK(broken() == Invariant::attempts_numbered);
    }
    SECTION("more attempts than are allowed")
    {
        for (std::uint32_t attempt = 1; attempt <= 6; ++attempt) {
            CHECK_FALSE(invariants.broken());
            invariants.on_log(0, {now, pid, LogForm::recovery_failed, serial("1100"), serial("100"),
                                  attempt, Code::unable_to_connect});
        }
        CHECK(broken() == Invariant::attempts_numbered);
    }
    SECTION("a transition that is not in the table")
    {
        invariants.on_member(0, 0, {serial("100"), active, ha::Cause::recovered}, now);
        CHECK(broken() == Invariant::transitions_legal);
    }
    SECTION("only the first is kept")
    {
        invariants.report(Invariant::lines_legal, now, "first");
        invariants.on_stray_answer(CallId{1}, 0, 0, now);
        CHECK(broken() == Invariant::lines_legal);
    }
}

TEST_CASE("a member that stays away after all was healed is noticed")
{
    Scenario scenario;
    scenario.load_none = true;
    VirtualPlay play(options_for(scenario));
    World& world = play.play().world();
    Invariants invariants(world);
    world.watch(invariants);
    play.run_until(kStart + 1s);
    Fault stop;
    stop.kind = FaultKind::ntls_stop;
    world.apply(stop, {Target::Kind::hsm, 1, 1, {}, {}}, kStart + 1s);
    play.run_until(kStart + 2s);
    world.sign(0, 3, kStart + 2s);
    play.run_until(kStart + 30s);
    REQUIRE(world.member_state(0, 0, serial("100")) == MemberState::dropped);
    Fault heal;
    heal.kind = FaultKind::heal_all;
    invariants.on_fault(heal, {}, kStart + 31s);  // so it is told, and it is not true
    play.run_until(kStart + 150s);
    CHECK_FALSE(invariants.broken());
    play.run_until(kStart + 200s);
    REQUIRE(invariants.broken());
    CHECK(invariants.broken()->invariant == Invariant::back_after_heal);
}

TEST_CASE("a failing scenario of 200 lines becomes five or fewer")
{
    SECTION("one line did it")
    {
        const Scenario scenario =
            long_scenario({"at 400s member 500 zeroise", "at 410s member 500 reset"});
        REQUIRE(lines_in(print(scenario)) >= 200);
        const Shrunk result = shrunk(scenario, [](const std::vector<std::string>& lines) {
            return any_line(lines, "attempt 1 failed for member: 500", "CKR_TOKEN_NOT_PRESENT");
        });
        CHECK(result.to_the_end);
        INFO(print(result.scenario));
        CHECK(lines_in(print(result.scenario)) <= 5);
    }
    SECTION("two lines together did it")
    {
        const Scenario scenario =
            long_scenario({"at 600s member 400 revoke", "at 700s group \"two\" recover"});
        const Shrunk result = shrunk(scenario, [](const std::vector<std::string>& lines) {
            return any_line(lines, "1200", "member: 400 revoked");
        });
        CHECK(result.to_the_end);
        INFO(print(result.scenario));
        CHECK(lines_in(print(result.scenario)) <= 5);
    }
}

TEST_CASE("shrinking asks no more often than it may")
{
    const Scenario scenario = long_scenario({});
    std::uint64_t asked = 0;
    const Shrunk result = shrink(
        scenario, [&](const Scenario&) { return ++asked % 2 == 0; }, 20);
    CHECK(asked == 20);
    CHECK(result.trials == 20);
    CHECK_FALSE(result.to_the_end);
}

TEST_CASE("manual recoveries during the attempt of the first break no invariant")
{
    // Once more, and every five seconds while an attempt of twenty runs that began before all of them.
    const auto* const recoveries =
        GENERATE("at 70s all recover\nat 130s all recover\n",
                 "every 5s from 314.83s until 340s group \"one\" recover\n");
    ScenarioResult read = parse_scenario(
        "x", std::string("hasim 1\nstart 2017-10-04T00:00:00Z\nclient app pid 9\nfor 400s\n"
                         "load sign 1/s threads 1\nat 1s hsm1 accept then silence\n"
                         "at 2s hsm1 reset\n") +
                 recoveries);
    REQUIRE(read.ok());
    VirtualPlay play(options_for(read.scenario));
    Invariants invariants(play.play().world());
    play.play().world().watch(invariants);
    play.play().writer().add(invariants);
    play.run_until(end_of(read.scenario));
    invariants.finish(end_of(read.scenario));
    CAPTURE(invariants.broken() ? invariants.broken()->text : "");
    CHECK_FALSE(invariants.broken());
}
