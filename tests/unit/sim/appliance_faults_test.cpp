// Goal: each fault does to an appliance and its partitions what its word says, to nobody else, and ends when healed.
// Method: steps on a bench, effects compared as text.
#include "sim/appliance/appliance.hpp"

#include "support/catch.hpp"

#include "appliance_bench.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::test;
using namespace std::chrono_literals;

namespace {

const Lines kSigned{"reply 1/3 CKR_OK +8"};
const Lines kOtherSigned{"reply 2/3 CKR_OK +8"};

}  // namespace

TEST_CASE("a partition that is gone for the client answers so, to all it can, until that is undone")
{
    const auto [fault, undo, name] = GENERATE(table<FaultKind, FaultKind, std::string>({
        {FaultKind::revoke, FaultKind::assign, "RC_TOKEN_NOT_PRESENT"},
        {FaultKind::revoke, FaultKind::heal, "RC_TOKEN_NOT_PRESENT"},
        {FaultKind::zeroise, FaultKind::heal_all, "CKR_TOKEN_NOT_PRESENT"},
    }));
    ApplianceBench bench;
    bench.ready(1);
    bench.ready(2, kSecond);
    bench.accept(3);
    CHECK(bench.apply(fault, kFirst).empty());
    CHECK(bench.sign(1) == Lines{"reply 1/3 " + name});
    CHECK(bench.login(1) == Lines{"reply 1/2 " + name});
    CHECK(bench.open(3) == Lines{"reply 3/1 " + name});
    CHECK(bench.sign(2) == kOtherSigned);
    bench.apply(undo, kFirst);
    CHECK(bench.sign(1) == kSigned);
    CHECK(bench.open(3) == Lines{"reply 3/1 CKR_OK"});
}

TEST_CASE(
    "a deactivated partition answers at once, and standing logins survive until it is activated")
{
    const auto undo = GENERATE(FaultKind::activate, FaultKind::heal);
    ApplianceBench bench({.sign = 5ms});
    bench.ready(1);
    bench.apply(FaultKind::deactivate, kFirst);
    CHECK(bench.sign(1) == Lines{"reply 1/3 RC_PARTITION_NOT_ACTIVATED"});
    bench.accept(3);
    CHECK(bench.open(3) == Lines{"reply 3/1 CKR_OK"});
    CHECK(bench.login(3, "wrong") == Lines{"reply 3/2 RC_PARTITION_NOT_ACTIVATED"});
    CHECK(bench.appliance.view().partitions[0].failed_logins == 0);
    bench.apply(undo, kFirst);
    bench.sign(1);
    CHECK(bench.pass(10ms) == Lines{"5 ms reply 1/3 CKR_OK +8"});
    CHECK(bench.login(3) == Lines{"reply 3/2 CKR_OK"});
}

TEST_CASE("a fault without a partition is done to all of them")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.ready(2, kSecond);
    bench.apply(FaultKind::revoke);
    CHECK(bench.sign(1) == Lines{"reply 1/3 RC_TOKEN_NOT_PRESENT"});
    CHECK(bench.sign(2) == Lines{"reply 2/3 RC_TOKEN_NOT_PRESENT"});
}

TEST_CASE("a changed PIN and a locked one concern logins, not those who are in")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.accept(2);
    bench.open(2);
    bench.apply(Fault{.kind = FaultKind::pin, .text = "new"}, kFirst);
    CHECK(bench.sign(1) == kSigned);
    CHECK(bench.login(2) == Lines{"reply 2/2 CKR_PIN_INCORRECT"});
    CHECK(bench.login(2, "new") == Lines{"reply 2/2 CKR_OK"});
    bench.ask(2, 4, Operation::logout);
    bench.apply(FaultKind::lock_pin, kFirst);
    CHECK(bench.login(2, "new") == Lines{"reply 2/2 CKR_PIN_LOCKED"});
    CHECK(bench.sign(1) == kSigned);
    bench.apply(FaultKind::heal, kFirst);
    CHECK(bench.login(2) == Lines{"reply 2/2 CKR_OK"});
}

TEST_CASE("busy makes every answer wait, slow only the work")
{
    ApplianceBench bench({.sign = 2ms});
    bench.ready(1);
    SECTION("busy")
    {
        bench.apply(Fault{.kind = FaultKind::busy, .duration = 1s}, kFirst);
        bench.accept(2);
        CHECK(bench.open(2).empty());
        CHECK(bench.sign(1).empty());
        CHECK(bench.pass(2s) == Lines{"1000 ms reply 2/1 CKR_OK", "1002 ms reply 1/3 CKR_OK +8"});
        CHECK(bench.login(2, "wrong").empty());
    }
    SECTION("slow")
    {
        bench.apply(Fault{.kind = FaultKind::slow, .factor_milli = 2500}, kFirst);
        CHECK(bench.sign(1).empty());
        CHECK(bench.pass(1s) == Lines{"5 ms reply 1/3 CKR_OK +8"});
    }
    SECTION("both")
    {
        bench.apply(Fault{.kind = FaultKind::slow, .factor_milli = 2500}, kFirst);
        bench.apply(Fault{.kind = FaultKind::busy, .duration = 10ms}, kFirst);
        CHECK(bench.sign(1).empty());
        CHECK(bench.pass(1s) == Lines{"15 ms reply 1/3 CKR_OK +8"});
    }
    SECTION("beyond all bounds: never answered")
    {
        bench.apply(Fault{.kind = FaultKind::busy, .duration = Duration::max()}, kFirst);
        CHECK(bench.sign(1).empty());
        CHECK_FALSE(bench.appliance.next_deadline());
    }
    bench.apply(FaultKind::heal, kFirst);
    bench.now = at(10s);
    bench.sign(1);
    CHECK(bench.appliance.next_deadline().value_or(kNever) <= at(10s + 2ms));
}

TEST_CASE(
    "an injected code is returned as often as told, by logins and commands, after their service "
    "time")
{
    ApplianceBench bench({.sign = 2ms});
    bench.ready(1);
    bench.accept(2);
    bench.open(2);
    Fault fault{.kind = FaultKind::return_code, .count = 2, .code = Code::device_error};
    bench.apply(fault, kFirst);
    CHECK(bench.login(2) == Lines{"reply 2/2 CKR_DEVICE_ERROR"});
    CHECK(bench.sign(1).empty());
    CHECK(bench.pass(2ms) == Lines{"2 ms reply 1/3 CKR_DEVICE_ERROR"});
    bench.sign(1);
    CHECK(bench.pass(4ms) == Lines{"4 ms reply 1/3 CKR_OK +8"});
    CHECK(bench.login(2) == Lines{"reply 2/2 CKR_OK"});
}

TEST_CASE("an injected code without a count stays until healed")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.apply(Fault{.kind = FaultKind::return_code, .code = Code::general_error}, kFirst);
    for (int i = 0; i < 100; ++i) {
        CHECK(bench.sign(1) == Lines{"reply 1/3 CKR_GENERAL_ERROR"});
    }
    CHECK(bench.appliance.view().partitions[0].returns == Code::general_error);
    bench.apply(FaultKind::heal, kFirst);
    CHECK(bench.sign(1) == kSigned);
}

TEST_CASE(
    "an injected code with a probability comes about that often, the same way from the same seed")
{
    const auto run = [](std::uint64_t seed) {
        ApplianceBench bench({.sign = {}}, Random(seed));
        bench.ready(1);
        bench.apply(
            Fault{.kind = FaultKind::return_code, .per_mille = 50, .code = Code::device_error},
            kFirst);
        std::vector<bool> failed;
        for (int i = 0; i < 2000; ++i) {
            failed.push_back(bench.sign(1) != kSigned);
        }
        return failed;
    };
    const std::vector<bool> failed = run(1);
    const auto failures = std::count(failed.begin(), failed.end(), true);
    CHECK(failures > 70);
    CHECK(failures < 130);
    CHECK(run(1) == failed);
    CHECK(run(2) != failed);
}

TEST_CASE("expired sessions are invalid until the next login")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.ready(2, kSecond);
    bench.apply(FaultKind::expire_sessions, kFirst);
    CHECK(bench.sign(1) == Lines{"reply 1/3 CKR_SESSION_HANDLE_INVALID"});
    CHECK(bench.ask(1, 4, Operation::logout) == Lines{"reply 1/4 CKR_SESSION_HANDLE_INVALID"});
    CHECK(bench.sign(2) == kOtherSigned);
    CHECK(bench.login(1) == Lines{"reply 1/2 CKR_OK"});
    CHECK(bench.sign(1) == kSigned);
}

TEST_CASE("reset and fin end every standing connection once")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.ready(2, kSecond);
    CHECK(bench.apply(FaultKind::reset) == Lines{"reset 1", "reset 2"});
    bench.ready(3);
    CHECK(bench.apply(FaultKind::fin) == Lines{"fin 3"});
    CHECK(bench.apply(FaultKind::fin).empty());
}

TEST_CASE("over the limit connections are accepted and closed at once")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.apply(Fault{.kind = FaultKind::connection_limit, .count = 2});
    CHECK(bench.accept(2).empty());
    CHECK(bench.accept(3) == Lines{"fin 3"});
    bench.close(2);
    CHECK(bench.accept(4).empty());
    bench.apply(FaultKind::heal);
    CHECK(bench.accept(5).empty());
}

TEST_CASE("connections accepted into silence are not answered while it lasts, those that stood are")
{
    ApplianceBench bench;
    bench.ready(1);
    CHECK(bench.apply(FaultKind::accept_then_silence).empty());
    CHECK(bench.accept(2).empty());
    CHECK(bench.open(2).empty());
    CHECK(bench.sign(1) == kSigned);
    bench.apply(FaultKind::heal);
    CHECK(bench.open(2) == Lines{"reply 2/1 CKR_OK"});
}

TEST_CASE("a firewall forgets connections that carry nothing for too long, and those alone")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.ready(2);
    bench.now += 1h;  // before the fault, nothing counts
    CHECK(bench.apply(Fault{.kind = FaultKind::idle_cut, .duration = 60s}).empty());
    bench.now += 60s;
    CHECK(bench.sign(1) == kSigned);
    bench.now += 60s;
    CHECK(bench.sign(1) == kSigned);
    CHECK(bench.sign(2).empty());  // 120 s
    CHECK(bench.sign(2).empty());  // and for good
    bench.accept(3);
    CHECK(bench.open(3) == Lines{"reply 3/1 CKR_OK"});
    bench.now += 61s;
    bench.apply(FaultKind::heal);
    CHECK(bench.sign(2).empty());  // nobody remembers it,
    CHECK(bench.sign(3).empty());  // nor this one, though nothing came by to notice
    bench.ready(4);
    bench.now += 1h;
    CHECK(bench.sign(4) == Lines{"reply 4/3 CKR_OK +8"});
}

TEST_CASE("partitions outlive a loss of power activated for as long as a fault says")
{
    const auto activated_after = [](Duration lost, bool limited, FaultKind back) {
        ApplianceBench bench;
        if (limited) {
            bench.apply(Fault{.kind = FaultKind::activation_lasts, .duration = 2h});
        }
        bench.apply(FaultKind::power_off);
        bench.now += lost;
        bench.apply(back);
        return bench.appliance.view().partitions[0].activated;
    };
    CHECK(activated_after(2h, true, FaultKind::power_on));
    CHECK_FALSE(activated_after(2h + 1s, true, FaultKind::power_on));
    CHECK(activated_after(5h, false, FaultKind::power_on));
    CHECK(activated_after(5h, true, FaultKind::heal_all));
    ApplianceBench bench;
    bench.apply(Fault{.kind = FaultKind::activation_lasts, .duration = 1min});
    bench.apply(Fault{.kind = FaultKind::reboot, .duration = 2min});
    bench.now += 2min;
    bench.step(DeadlineReached{});
    CHECK(bench.appliance.view().state == ServiceState::running);
    CHECK_FALSE(bench.appliance.view().partitions[0].activated);
    bench.apply(FaultKind::activate);
    CHECK(bench.appliance.view().partitions[0].activated);
}

TEST_CASE("an expired certificate fails what is new, not what stands")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.accept(2);
    bench.apply(FaultKind::certificate_expired);
    CHECK(bench.open(2) == Lines{"reply 2/1 RC_SSL_FAILED_HANDSHAKE", "fin 2"});
    CHECK(bench.sign(1) == kSigned);
    bench.apply(FaultKind::heal);
    bench.accept(3);
    CHECK(bench.open(3) == Lines{"reply 3/1 CKR_OK"});
}

TEST_CASE("a heal that names one kind ends that kind alone")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.apply(FaultKind::refuse);
    bench.apply(FaultKind::revoke, kFirst);
    bench.apply(FaultKind::lock_pin, kFirst);
    Fault heal{.kind = FaultKind::heal, .only = FaultKind::revoke};
    CHECK(bench.apply(heal, kFirst).empty());
    CHECK(bench.appliance.view().partitions[0].assigned);
    CHECK(bench.appliance.view().partitions[0].pin_locked);
    heal.only = FaultKind::refuse;
    CHECK(bench.apply(heal, kFirst) == Lines{"door open"});
    CHECK(bench.appliance.view().partitions[0].pin_locked);
}

TEST_CASE("a heal of one partition leaves the others as they are")
{
    ApplianceBench bench;
    bench.apply(FaultKind::revoke);
    bench.apply(FaultKind::heal, kFirst);
    CHECK(bench.appliance.view().partitions[0].assigned);
    CHECK_FALSE(bench.appliance.view().partitions[1].assigned);
}

TEST_CASE("what is zeroised stays so until all is healed")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.apply(FaultKind::zeroise, kFirst);
    bench.apply(FaultKind::heal);
    CHECK(bench.sign(1) == Lines{"reply 1/3 CKR_TOKEN_NOT_PRESENT"});
    bench.apply(FaultKind::heal_all);
    CHECK(bench.sign(1) == kSigned);
}

TEST_CASE("faults that are none of its business change nothing")
{
    const auto kind =
        GENERATE(FaultKind::delay, FaultKind::corrupt, FaultKind::slice, FaultKind::recover,
                 FaultKind::disk_full, FaultKind::kill, FaultKind::swizzle);
    ApplianceBench bench;
    bench.ready(1);
    CHECK(bench.apply(kind).empty());
    CHECK(bench.sign(1) == kSigned);
}
