// Goal: an appliance answers what is asked of it, when it should, and ends connections that speak nonsense. Method:
// steps on a bench, effects compared as text.
#include "sim/appliance/appliance.hpp"

#include "support/catch.hpp"

#include "appliance_bench.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::test;
using namespace std::chrono_literals;

TEST_CASE("open, login, sign, logout are answered in the step they came in when they take no time")
{
    ApplianceBench bench;
    CHECK(bench.accept(1).empty());
    CHECK(bench.open(1) == Lines{"reply 1/1 CKR_OK"});
    CHECK(bench.login(1) == Lines{"reply 1/2 CKR_OK"});
    CHECK(bench.sign(1) == Lines{"reply 1/3 CKR_OK +8"});
    CHECK(bench.ask(1, 4, Operation::logout) == Lines{"reply 1/4 CKR_OK"});
    CHECK(bench.sign(1, 5) == Lines{"reply 1/5 CKR_USER_NOT_LOGGED_IN"});
    CHECK_FALSE(bench.appliance.next_deadline());
}

TEST_CASE("a sign reply carries the digest of what was signed")
{
    ApplianceBench bench;
    bench.ready(1);
    ApplianceEffects effects;
    const auto request = RequestArrived{ConnectionId{1}, RequestId{9}, Operation::sign, "a"};
    bench.appliance.step(request, bench.now, effects);
    REQUIRE(effects.size() == 1);
    // The published FNV-1a value of "a".
    CHECK(std::get<SendReply>(effects[0]).reply.body == "\xaf\x63\xdc\x4c\x86\x01\xec\x8c");
    CHECK(signature_of("a") != signature_of("b"));
}

TEST_CASE("only an assigned partition of this appliance can be opened")
{
    ApplianceBench bench;
    bench.accept(1);
    const auto serial = GENERATE(as<std::string>{}, "999", "", "no digits", "123484037016",
                                 "123456789012345678901");
    CHECK(bench.open(1, serial) == Lines{"reply 1/1 RC_TOKEN_NOT_PRESENT"});
    CHECK(bench.open(1) == Lines{"reply 1/1 CKR_OK"});
}

TEST_CASE("a partition can be added at run time")
{
    ApplianceBench bench;
    bench.accept(1);
    bench.appliance.add_partition({serial("42"), "other"});
    bench.appliance.add_partition({serial("42"), "ignored: it is there already"});
    CHECK(bench.open(1, "42") == Lines{"reply 1/1 CKR_OK"});
    CHECK(bench.login(1) == Lines{"reply 1/2 CKR_PIN_INCORRECT"});
    CHECK(bench.login(1, "other") == Lines{"reply 1/2 CKR_OK"});
}

TEST_CASE("what breaks the protocol ends that connection alone")
{
    ApplianceBench bench;
    bench.ready(1);
    bench.accept(2);
    SECTION("a request before open")
    {
        CHECK(bench.sign(2) == Lines{"fin 2: a request before a partition was opened"});
    }
    SECTION("open twice")
    {
        bench.open(2);
        CHECK(bench.open(2) == Lines{"fin 2: a second open on one connection"});
    }
    SECTION("garbage")
    {
        CHECK(bench.step(GarbageArrived{ConnectionId{2}}) ==
              Lines{"fin 2: what came is no request"});
    }
    CHECK(bench.open(2).empty());
    CHECK(bench.step(GarbageArrived{ConnectionId{2}}).empty());
    CHECK(bench.sign(1) == Lines{"reply 1/3 CKR_OK +8"});
    CHECK(bench.appliance.view().connections.size() == 1);
}

TEST_CASE("a second login is refused, and the first one stands")
{
    ApplianceBench bench;
    bench.ready(1);
    CHECK(bench.login(1, "wrong") == Lines{"reply 1/2 CKR_USER_ALREADY_LOGGED_IN"});
    CHECK(bench.sign(1) == Lines{"reply 1/3 CKR_OK +8"});
    CHECK(bench.appliance.view().partitions[0].failed_logins == 0);
}

TEST_CASE("ten wrong PINs in a row lock it, a right one starts the count anew")
{
    ApplianceBench bench;
    bench.accept(1);
    bench.open(1);
    for (int i = 0; i < 9; ++i) {
        CHECK(bench.login(1, "wrong") == Lines{"reply 1/2 CKR_PIN_INCORRECT"});
    }
    CHECK(bench.login(1) == Lines{"reply 1/2 CKR_OK"});
    bench.ask(1, 3, Operation::logout);
    for (int i = 0; i < 10; ++i) {
        CHECK(bench.login(1, "wrong") == Lines{"reply 1/2 CKR_PIN_INCORRECT"});
    }
    CHECK(bench.login(1) == Lines{"reply 1/2 CKR_PIN_LOCKED"});
    bench.ready(2, kSecond);
    CHECK(bench.sign(2) == Lines{"reply 2/3 CKR_OK +8"});

    bench.apply(FaultKind::heal);
    CHECK(bench.login(1) == Lines{"reply 1/2 CKR_OK"});
}

TEST_CASE("commands take their service time, independently, answered by time and then by arrival")
{
    ApplianceBench bench({.open = 1ms, .login = 2ms, .logout = 3ms, .sign = 5ms});
    bench.accept(1);
    bench.accept(2);
    CHECK(bench.open(1).empty());
    CHECK(bench.open(2).empty());
    CHECK(bench.appliance.next_deadline() == at(1ms));
    CHECK(bench.step(DeadlineReached{}).empty());
    CHECK(bench.pass(1ms) == Lines{"1 ms reply 1/1 CKR_OK", "1 ms reply 2/1 CKR_OK"});
    bench.login(1);
    bench.login(2);
    bench.pass(10ms);
    bench.sign(2, 30);
    bench.sign(1, 31);
    CHECK(bench.ask(1, 32, Operation::logout).empty());
    CHECK(bench.pass(20ms) == Lines{"13 ms reply 1/32 CKR_OK", "15 ms reply 2/30 CKR_OK +8",
                                    "15 ms reply 1/31 CKR_OK +8"});
    CHECK_FALSE(bench.appliance.next_deadline());
}

TEST_CASE("refusals take no service time")
{
    ApplianceBench bench({.open = 1ms, .login = 1ms, .logout = 1ms, .sign = 1ms});
    bench.accept(1);
    CHECK(bench.open(1, "999") == Lines{"reply 1/1 RC_TOKEN_NOT_PRESENT"});
    bench.open(1);
    CHECK(bench.login(1, "wrong") == Lines{"reply 1/2 CKR_PIN_INCORRECT"});
    CHECK(bench.sign(1) == Lines{"reply 1/3 CKR_USER_NOT_LOGGED_IN"});
    CHECK(bench.ask(1, 4, Operation::logout) == Lines{"reply 1/4 CKR_USER_NOT_LOGGED_IN"});
}

TEST_CASE("answers to a connection that is gone are not sent")
{
    ApplianceBench bench({.sign = 5ms});
    bench.ready(1);
    bench.ready(2);
    bench.sign(1);
    bench.sign(2);
    bench.close(1);
    CHECK(bench.pass(10ms) == Lines{"5 ms reply 2/3 CKR_OK +8"});
    CHECK(bench.sign(1).empty());
    CHECK(bench.close(1).empty());
}

TEST_CASE("a connection with too many unanswered requests is reset")
{
    ApplianceBench bench({.sign = 5ms});
    bench.ready(1);
    for (std::uint32_t i = 0; i < kMaxWaiting; ++i) {
        REQUIRE(bench.sign(1, 10 + i).empty());
    }
    CHECK(bench.sign(1) == Lines{"reset 1: too many requests wait for their answers"});
    CHECK(bench.pass(10ms).empty());
}

TEST_CASE("the view shows partitions and connections")
{
    ApplianceBench bench;
    bench.ready(2, kSecond);
    bench.accept(1);
    bench.apply(FaultKind::deactivate, kFirst);
    const ApplianceView view = bench.appliance.view();
    CHECK(view.name == "hsm1");
    CHECK(view.state == ServiceState::running);
    CHECK(view.door == Door::open);
    REQUIRE(view.partitions.size() == 2);
    CHECK(view.partitions[0].serial == serial(kFirst));
    CHECK_FALSE(view.partitions[0].activated);
    CHECK(view.partitions[1].activated);
    REQUIRE(view.connections.size() == 2);
    CHECK(view.connections[0].connection == ConnectionId{1});
    CHECK(view.connections[0].partition.empty());
    CHECK(view.connections[1].partition == serial(kSecond));
    CHECK(view.connections[1].logged_in);
}
