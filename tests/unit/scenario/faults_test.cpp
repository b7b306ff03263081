// Goal: the table of faults is the one source: what it says is what is read, printed and written in the manual. Method:
// a line for every row, the manual as a golden file.
#include "scenario/faults.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "hasim/scenario.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

using namespace hasim;
using namespace hasim::scenario;
using namespace std::chrono_literals;

namespace {

// One canonical line or more for each fault.
const std::vector<std::string> kLines{
    "hsm2  cable out",
    "hsm2  cable out for 5s",
    "hsm1..hsm3  cable in",
    "member 77  refuse for 20m",
    "all  reset",
    "any  fin",
    "hsm1  silence in",
    "hsm1  silence out for 1.5s",
    "hsm1  accept then silence",
    "hsm1  idle cut 60s",
    "hsm1  idle cut 15m for 2h",
    "hsm1  cut after 0 bytes",
    "hsm1  cut after 4096 bytes for 10s",
    "hsm1  delay 250ms",
    "hsm1  delay 250ms jitter 50ms for 60s",
    "hsm1  bandwidth 64kB/s",
    "hsm1  truncate",
    "hsm1  corrupt",
    "hsm1  duplicate for 5s",
    "hsm1  slice",
    "hsm1  power off",
    "hsm1  power on",
    "hsm1  reboot 90s",
    "hsm1  ntls stop",
    "hsm1  ntls start",
    "hsm1  ntls restart",
    "hsm1  ntls restart 30s",
    "hsm1  activation lasts 2h",
    "hsm1  connection limit 0",
    "hsm1  connection limit 2 for 60s",
    "hsm1  certificate expired",
    "member 77  deactivate",
    "member 77  activate",
    "member 77  revoke",
    "member 77  assign",
    "member 77  zeroise",
    "member 77  pin secret",
    "member 77  pin \"two words\"",
    "member 77  lock pin for 60s",
    "member 77  busy 15s",
    "member 77  slow 2.5",
    "member 77  return CKR_DEVICE_ERROR",
    "member 77  return CKR_PIN_LOCKED times 3",
    "member 77  return 0xdeadbeef p 5%",
    "member 77  return CKR_DEVICE_ERROR p 12.5% for 60s",
    "member 77  lose object",
    "member 77  token full",
    "member 77  token full for 60s",
    "member 77  expire sessions",
    "add member 78",
    "group \"L\"  add member 78",
    "group \"L\"  remove member 77",
    "recover",
    "group \"L\"  recover",
    "mode activeBasic",
    "mode activeEnhanced",
    "log directory missing",
    "log directory back",
    "disk full for 5s",
    "disk free",
    "clock jump -1h",
    "clock jump 90s",
    "client  initialize",
    "client app  login",
    "client app  login \"for\"",
    "client  logout",
    "client  finalize",
    "client app  sign",
    "client app  sign 20",
    "client app  kill",
    "client app  restart",
    "client app  restart pid 4712",
    "any  sign 3",
    "hsm1  flap cable period 10s duty 30%",
    "all  flap ntls period 10s duty 50% for 120s",
    "rolling restart",
    "rolling restart 5s",
    "rolling restart pause 90s",
    "hsm1..hsm2  rolling restart 5s pause 90s",
    "swizzle",
    "swizzle 2s",
    "hsm2  heal",
    "all  heal",
    "heal all",
};

}  // namespace

TEST_CASE("every fault is read, and printed as it was written")
{
    std::set<FaultKind> seen;
    for (const std::string& line : kLines) {
        INFO(line);
        const EventResult result = parse_event_line(line);
        INFO((result.findings.empty() ? "" : to_text(result.findings.front())));
        REQUIRE(result.event.has_value());
        CHECK(print_event(*result.event) == line);
        seen.insert(result.event->fault.kind);
    }
    for (const FaultInfo& info : fault_table()) {
        INFO(info.words);
        CHECK(seen.count(info.kind) == 1);
    }
}

TEST_CASE("a fault's parameters land in their fields")
{
    const auto fault = [](const char* line) { return parse_event_line(line).event.value().fault; };
    CHECK(fault("hsm1 cut after 10 bytes").count == 10);
    CHECK(fault("hsm1 delay 1s jitter 2s for 3s").jitter == Duration(2s));
    CHECK(fault("hsm1 delay 1s jitter 2s for 3s").lasts == Duration(3s));
    CHECK(fault("hsm1 ntls restart").duration == Duration(10s));
    CHECK(fault("hsm1 slow 2.5").factor_milli == 2500);
    CHECK(fault("hsm1 return ckr_device_error p 5%").per_mille == 50);
    CHECK(fault("hsm1 return 0x30").code == Code::device_error);
    CHECK(fault("hsm1 flap cable period 10s duty 30%").per_mille == 300);
    CHECK(fault("rolling restart 5s pause 90s").pause == Duration(90s));
    CHECK(fault("mode activeEnhanced").enhanced);
    CHECK(fault("clock jump -1h").duration == Duration(-1h));
    CHECK(fault("add member 0078").serial == *Serial::parse("0078"));
}

TEST_CASE("a fault is done to what it can be done to, and to nothing else")
{
    const std::vector<std::pair<const char*, const char*>> table{
        {"hsm1 sign", "'sign' is not done to this target: expected client [NAME], any, all"},
        {"client cable out",
         "'cable out' is not done to this target: expected hsmN[..hsmM], appliance NAME, "
         "member S, any, all"},
        {"cable out",
         "'cable out' needs a target: expected hsmN[..hsmM], appliance NAME, member S, any, all"},
        {"hsm1 recover",
         "'recover' is not done to this target: expected group \"L\", all, or no target, which "
         "means all"},
        {"hsm1 heal all",
         "'heal all' is not done to this target: expected all, or no target, which means all"},
        {"hsm1 reset for 5s", "'reset' does not last: 'for' cannot follow it"},
        {"hsm1 return CKR_OK",
         "expected a return code other than CKR_OK (CKR_DEVICE_ERROR, or 0x00000030), "
         "found 'CKR_OK'"},
        {"hsm1 busy 0s", "how long to 'busy' must be longer than 0s"},
        {"hsm1 slow 0", "expected a factor above 0 (2, 1.5, 0.25), found '0'"},
        {"hsm1 return CKR_DEVICE_ERROR times 3 p 5%", "expected the end of the line, found 'p'"},
        {"hsm1 ntls", "expected one of 'ntls stop', 'ntls start', 'ntls restart', found 'ntls'"},
        {"hms2 cable out",
         "expected a target (hsmN, appliance NAME, member S, group \"L\", client [NAME], any, "
         "all), found 'hms2'; did you mean 'hsm2'?"},
        {"hsm2 cabel out", "expected a fault, found 'cabel'; did you mean 'cable out'?"},
        {"client app sgin 5", "expected a fault, found 'sgin'; did you mean 'sign'?"},
        {"client sgin 5", "expected a fault, found 'sgin'; did you mean 'sign'?"},
        {"hsm3..hsm1 reset",
         "expected an appliance (hsm1), or several in rising order (hsm1..hsm3), found "
         "'hsm3..hsm1'"},
        {"hsm0 reset",
         "expected an appliance (hsm1), or several in rising order (hsm1..hsm3), found 'hsm0'"},
    };
    for (const auto& [line, message] : table) {
        INFO(line);
        const EventResult result = parse_event_line(line);
        CHECK_FALSE(result.event.has_value());
        REQUIRE(result.findings.size() == 1);
        CHECK(result.findings.front().text == message);
    }
}

TEST_CASE("every row of the table is complete")
{
    for (const FaultInfo& info : fault_table()) {
        INFO(info.words);
        CHECK(&fault_info(info.kind) == &info);
        CHECK(info.targets != 0);
        for (const std::string_view text :
             {info.does, info.sees, info.lines, info.live, info.in_virtual}) {
            CHECK_FALSE(text.empty());
        }
    }
    CHECK(usage(fault_info(FaultKind::return_code)) == "return CODE [times N | p P%] [for D]");
    CHECK(usage(fault_info(FaultKind::delay)) == "delay D [jitter D] [for D]");
    CHECK(usage(fault_info(FaultKind::cut_after)) == "cut after N bytes [for D]");
    CHECK(usage(fault_info(FaultKind::rolling_restart)) == "rolling restart [D] [pause D]");
}

TEST_CASE("docs/faults.md is what the table says")
{
    hasim::test::matches_golden("../../docs/faults.md", fault_manual());
}
