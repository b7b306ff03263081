// Goal: service and power go through their states as the table says, with the door and the connections following.
// Method: the whole (state x event) matrix as a golden file, drawn by the machine itself; then steps on a bench.
#include "sim/appliance/appliance.hpp"

#include "support/catch.hpp"

#include "appliance_bench.hpp"
#include "support/golden.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::test;
using namespace std::chrono_literals;

namespace {

// Leads a bench with one ready connection (1) to `state`.
void lead_to(ApplianceBench& bench, ServiceState state)
{
    switch (state) {
    case ServiceState::running: break;
    case ServiceState::ntls_stopped: bench.apply(FaultKind::ntls_stop); break;
    case ServiceState::ntls_restarting: bench.apply(FaultKind::ntls_restart); break;
    case ServiceState::rebooting: bench.apply(FaultKind::reboot); break;
    case ServiceState::off: bench.apply(FaultKind::power_off); break;
    }
    REQUIRE(bench.appliance.state() == state);
}

Lines cause(ApplianceBench& bench, ServiceEvent event)
{
    switch (event) {
    case ServiceEvent::ntls_stop: return bench.apply(FaultKind::ntls_stop);
    case ServiceEvent::ntls_start: return bench.apply(FaultKind::ntls_start);
    case ServiceEvent::ntls_restart: return bench.apply(FaultKind::ntls_restart);
    case ServiceEvent::power_off: return bench.apply(FaultKind::power_off);
    case ServiceEvent::power_on: return bench.apply(FaultKind::power_on);
    case ServiceEvent::reboot: return bench.apply(FaultKind::reboot);
    case ServiceEvent::time_over: return bench.pass(1h);
    case ServiceEvent::heal: return bench.apply(FaultKind::heal);
    }
    return {};
}

std::string joined(const Lines& lines)
{
    std::string text;
    for (const std::string& line : lines) {
        text += (text.empty() ? "" : ", ") + line;
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace

TEST_CASE("the whole matrix of service states and events")
{
    std::string text = "state             event         next state        effects\n";
    const auto padded = [](std::string_view word, std::size_t width) {
        return std::string(word) + std::string(width - word.size(), ' ');
    };
    for (const ServiceState state : kServiceStates) {
        for (const ServiceEvent event : kServiceEvents) {
            ApplianceBench bench;
            bench.ready(1);
            lead_to(bench, state);
            const Lines effects = cause(bench, event);
            const auto next = next_state(state, event);
            CHECK(bench.appliance.state() == next.value_or(state));
            text += padded(name_of(state), 18) + padded(name_of(event), 14) +
                    padded(next ? name_of(*next) : "-", 18) + joined(effects) + "\n";
        }
    }
    hasim::test::matches_golden("appliance_service_matrix.txt", text);
}

TEST_CASE("a stopped NTLS closes what stands and refuses what comes, until it is started")
{
    ApplianceBench bench({.sign = 5ms});
    bench.ready(1);
    bench.ready(2, kSecond);
    bench.sign(1);
    CHECK(bench.apply(FaultKind::ntls_stop) == Lines{"fin 1", "fin 2", "door refused"});
    CHECK(bench.accept(3) == Lines{"reset 3"});
    CHECK(bench.pass(1s).empty());
    CHECK(bench.apply(FaultKind::ntls_start) == Lines{"door open"});
    bench.ready(4);
    CHECK(bench.sign(4).empty());
}

TEST_CASE("a restart lasts as long as it is told, or ten seconds")
{
    ApplianceBench bench;
    Fault restart{.kind = FaultKind::ntls_restart};
    bench.apply(restart);
    CHECK(bench.appliance.next_deadline() == at(10s));
    CHECK(bench.pass(10s) == Lines{"10000 ms door open"});
    restart.duration = 2s;
    bench.apply(restart);
    CHECK(bench.appliance.next_deadline() == at(12s));
    bench.apply(FaultKind::ntls_start);
    CHECK_FALSE(bench.appliance.next_deadline());
}

TEST_CASE("a reboot lasts as long as it is told, or a minute, one that never ends has no deadline")
{
    ApplianceBench bench;
    Fault reboot{.kind = FaultKind::reboot};
    bench.apply(reboot);
    CHECK(bench.appliance.next_deadline() == at(60s));
    reboot.duration = Duration::max();
    bench.apply(reboot);
    CHECK(bench.appliance.next_deadline().value_or(kNever) == kNever);
    CHECK(bench.apply(FaultKind::power_on) == Lines{"door open"});
}

TEST_CASE(
    "without power nothing is answered, afterwards old connections get a reset, new ones are "
    "served")
{
    ApplianceBench bench({.sign = 5ms});
    bench.ready(1);
    bench.ready(2);
    bench.sign(1);
    CHECK(bench.apply(FaultKind::power_off) == Lines{"door silent"});
    CHECK_FALSE(bench.appliance.powered());
    CHECK_FALSE(bench.appliance.next_deadline());
    CHECK(bench.sign(1).empty());
    CHECK(bench.apply(FaultKind::power_on) == Lines{"door open"});
    CHECK(bench.appliance.view().connections[0].dead);
    CHECK(bench.sign(1) == Lines{"reset 1"});
    CHECK(bench.step(GarbageArrived{ConnectionId{2}}) == Lines{"reset 2: what came is no request"});
    bench.accept(3);
    CHECK(bench.open(3) == Lines{"reply 3/1 CKR_OK"});
}

TEST_CASE("a connection accepted while the power went is dead, too")
{
    ApplianceBench bench;
    bench.apply(FaultKind::power_off);
    CHECK(bench.accept(1).empty());
    bench.apply(FaultKind::power_on);
    CHECK(bench.open(1) == Lines{"reset 1"});
}

TEST_CASE("the door is silent before it is refused, and refused before it is open")
{
    ApplianceBench bench;
    CHECK(bench.apply(FaultKind::refuse) == Lines{"door refused"});
    CHECK(bench.apply(FaultKind::cable_out) == Lines{"door silent"});
    CHECK(bench.apply(FaultKind::ntls_stop).empty());
    CHECK(bench.apply(FaultKind::power_off).empty());
    CHECK(bench.apply(FaultKind::cable_in).empty());
    CHECK(bench.apply(FaultKind::power_on) == Lines{"door refused"});
    CHECK(bench.apply(FaultKind::heal) == Lines{"door open"});
    CHECK(bench.apply(FaultKind::silence_in) == Lines{"door silent"});
    CHECK(bench.apply(FaultKind::silence_out).empty());
    CHECK(bench.apply(FaultKind::heal) == Lines{"door open"});
}

TEST_CASE("heal brings service and power back, but not when it names another kind")
{
    const auto fault = GENERATE(FaultKind::ntls_stop, FaultKind::ntls_restart, FaultKind::power_off,
                                FaultKind::reboot);
    const auto healing = GENERATE(FaultKind::heal, FaultKind::heal_all);
    ApplianceBench bench;
    bench.apply(fault);
    CHECK(bench.apply(Fault{.kind = FaultKind::heal, .only = FaultKind::busy}).empty());
    CHECK(bench.apply(healing) == Lines{"door open"});
    CHECK(bench.appliance.state() == ServiceState::running);
}
