// Goal: of an edit, members, standby members and recovery counters take effect at once, and nothing else does; what
// waits is told by name.
#include "conf/runtime_change.hpp"

#include "support/catch.hpp"
#include "unit/conf/sample.hpp"

#include <chrono>

using namespace std::chrono_literals;
using hasim::GroupSettings;
using hasim::Serial;
using hasim::Settings;
using hasim::conf::runtime_change;

namespace {

using Lines = std::vector<std::string>;

Serial serial_of(std::string_view digits)
{
    return *Serial::parse(digits);
}

Settings two_groups()
{
    Settings settings;
    settings.groups.push_back(
        {"a", serial_of("101"), {serial_of("1"), serial_of("2")}, {}, false, 0});
    settings.groups.push_back({"b", serial_of("102"), {serial_of("3")}, {serial_of("4")}, true, 7});
    return settings;
}

}  // namespace

TEST_CASE("nothing changed is nothing to do")
{
    const auto change = runtime_change(two_groups(), two_groups());
    CHECK(change.settings == two_groups());
    CHECK(change.at_once == Lines{});
    CHECK(change.waiting == Lines{});
}

TEST_CASE("members, standby members and counters take effect at once")
{
    Settings edited = two_groups();
    edited.groups[0].members = {serial_of("2"), serial_of("5")};
    edited.groups[1].standby = {};
    edited.groups[1].recover = 8;
    const auto change = runtime_change(two_groups(), edited);
    CHECK(change.settings == edited);
    CHECK(change.at_once == Lines{"group 'a': members changed from 1, 2 to 2, 5",
                                  "group 'b': standby members changed from 4 to none",
                                  "group 'b': HARecover changed from 7 to 8"});
    CHECK(change.waiting == Lines{});
}

TEST_CASE("every other setting waits, and is told by the name it has in the file")
{
    struct Case {
        void (*edit)(Settings&);
        std::string told;
    };
    const auto test = GENERATE(values<Case>({
        {[](Settings& s) { s.ha.recovery_mode = hasim::RecoveryMode::active_enhanced; },
         "VirtualTokenActiveRecovery changed from activeBasic to activeEnhanced"},
        {[](Settings& s) { s.ha.ha_only = true; }, "HAOnly changed from 0 to 1"},
        {[](Settings& s) { s.ha.log_path = "x"; }, "haLogPath changed from '' to 'x'"},
        {[](Settings& s) { s.ha.log_enabled = false; },
         "haLogStatus changed from enabled to disabled"},
        {[](Settings& s) { s.ha.log_length = 1024; }, "logLen changed from 262144 to 1024"},
        {[](Settings& s) { s.ha.log_to_stdout = true; },
         "haLogToStdout changed from disabled to enabled"},
        {[](Settings& s) { s.ha.failover_on_deactivation = true; },
         "failover_on_deactivation changed from 0 to 1"},
        {[](Settings& s) { s.ha.recovery_attempts = -1; }, "reconnAtt changed from 0 to -1"},
        {[](Settings& s) { s.ha.recovery_interval = 90s; },
         "AutoReconnectInterval changed from 60 s to 90 s"},
        {[](Settings& s) {
             s.servers.push_back({"hsm", 1792});
         },
         "the servers (ServerNameNN, ServerPortNN) changed"},
        {[](Settings& s) { s.receive_timeout = 5ms; },
         "ReceiveTimeout changed from 20000 ms to 5 ms"},
        {[](Settings& s) { s.server_ca_file = "x"; }, "ServerCAFile changed from '' to 'x'"},
        {[](Settings& s) { s.client_cert_file = "x"; }, "ClientCertFile changed from '' to 'x'"},
        {[](Settings& s) { s.client_key_file = "x"; }, "ClientPrivKeyFile changed from '' to 'x'"},
        {[](Settings& s) { s.groups[1].label = "c"; }, "group 'b': label changed from 'b' to 'c'"},
        {[](Settings& s) { s.groups[1].serial = serial_of("9"); },
         "group 'b': serial number changed from 102 to 9"},
        {[](Settings& s) { s.groups[1].synchronize = false; },
         "group 'b': HASynchronize changed from 1 to 0"},
        {[](Settings& s) { s.groups.pop_back(); }, "group 'b' is gone"},
        {[](Settings& s) {
             s.groups.push_back({"c", serial_of("103"), {serial_of("9")}, {}, false, 0});
         },
         "group 'c' is new"},
    }));
    Settings edited = two_groups();
    test.edit(edited);
    const auto change = runtime_change(two_groups(), edited);
    CHECK(change.settings == two_groups());
    CHECK(change.at_once == Lines{});
    CHECK(change.waiting == Lines{test.told});
}

TEST_CASE("a group is known again by its label when groups change places")
{
    Settings edited = two_groups();
    std::swap(edited.groups[0], edited.groups[1]);
    edited.groups[1].recover = 1;
    const auto change = runtime_change(two_groups(), edited);
    CHECK(change.settings.groups[0].label == "a");
    CHECK(change.settings.groups[0].recover == 1);
    CHECK(change.at_once == Lines{"group 'a': HARecover changed from 0 to 1"});
    CHECK(change.waiting == Lines{});
}

TEST_CASE("a group that got another label is known by its serial number, and its members count")
{
    Settings edited = two_groups();
    edited.groups[0].label = "z";
    edited.groups[0].members.push_back(serial_of("9"));
    const auto change = runtime_change(two_groups(), edited);
    CHECK(change.settings.groups[0].label == "a");
    CHECK(change.settings.groups[0].members.size() == 3);
    CHECK(change.waiting == Lines{"group 'a': label changed from 'a' to 'z'"});
}
