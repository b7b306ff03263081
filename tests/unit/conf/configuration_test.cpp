// Goal: settings are exactly what the file says, or their documented default, and each knows where it comes from.
#include "conf/configuration.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/serial.hpp"
#include "unit/conf/sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

using namespace std::chrono_literals;
using hasim::RecoveryMode;
using hasim::Serial;
using hasim::Settings;
using hasim::conf::Configuration;
using hasim::test::findings_of;
using hasim::test::sample_conf;
using hasim::test::serial;

namespace {

using Lines = std::vector<std::string>;

Configuration read_sample(const std::string& name)
{
    const auto path = hasim::test::source_dir() / "config" / name;
    return hasim::conf::read(hasim::test::read_file(path), "config/" + name);
}

// "value @line" of a key, with line 0 for a default.
std::string origin(const Configuration& configuration, std::string_view section,
                   std::string_view key)
{
    const auto found =
        std::find_if(configuration.origins.begin(), configuration.origins.end(),
                     [&](const auto& each) { return each.section == section && each.key == key; });
    return found == configuration.origins.end() ? "none"
                                                : fmt::format("{} @{}", found->value, found->line);
}

std::string numbered(int first, int count, std::size_t digits)
{
    std::string list;
    for (int i = first; i < first + count; ++i) {
        list += fmt::format("{}{:0{}}", list.empty() ? "" : ", ", i, digits);
    }
    return list;
}

}  // namespace

TEST_CASE("the note's own example is accepted without a word, and means what its comments say")
{
    const Configuration configuration = read_sample("Chrystoki.conf");
    CHECK(findings_of(configuration) == Lines{});
    const Settings& settings = configuration.settings;
    REQUIRE(settings.groups.size() == 1);
    CHECK(settings.groups[0].label == "haGroup1");
    CHECK(settings.groups[0].serial == serial("11234840370164"));
    CHECK(settings.groups[0].members ==
          std::vector{serial("1234840370164"), serial("1234924189183")});
    CHECK(settings.groups[0].standby.empty());
    CHECK(settings.groups[0].synchronize);
    CHECK(settings.groups[0].recover == 1);
    CHECK(settings.ha.recovery_mode == RecoveryMode::active_enhanced);
    CHECK(settings.ha.ha_only);
    CHECK(settings.ha.log_path == "/tmp/halog");
    CHECK(settings.ha.log_enabled);
    CHECK(settings.ha.log_length == 100000000);
    CHECK(settings.ha.failover_on_deactivation);
    CHECK(settings.ha.recovery_attempts == 120);
    CHECK(settings.ha.recovery_interval == 60s);
    CHECK(settings.servers.empty());
    CHECK(settings.receive_timeout == 20s);
}

TEST_CASE("crystoki.ini means the same as Chrystoki.conf")
{
    const Configuration ini = read_sample("crystoki.ini");
    CHECK(findings_of(ini) == Lines{});
    CHECK(ini.settings == read_sample("Chrystoki.conf").settings);
}

TEST_CASE("a file that says only who the members are gets every default")
{
    const Configuration configuration = hasim::conf::read(
        "VirtualToken = {\nVirtualToken00Members = 2;\nVirtualToken00SN = 1;\n"
        "VirtualToken00Label = g;\n}\n",
        "f");
    REQUIRE(configuration.ok());
    Settings expected;
    expected.groups.push_back({"g", serial("1"), {serial("2")}, {}, false, 0});
    CHECK(configuration.settings == expected);
    CHECK(expected.ha.log_length == 262144);
    CHECK(expected.ha.recovery_attempts == 0);
    CHECK(expected.receive_timeout == 20000ms);
}

TEST_CASE("every other sample of config/ is free of errors and warnings")
{
    const std::string name =
        GENERATE(as<std::string>(), "basic.conf", "enhanced.conf", "no-recovery.conf",
                 "standby.conf", "two-groups.conf", "with-servers.conf");
    const Configuration configuration = read_sample(name);
    CAPTURE(name, findings_of(configuration));
    CHECK(std::all_of(
        configuration.findings.begin(), configuration.findings.end(),
        [](const hasim::Finding& each) { return each.severity == hasim::Severity::note; }));
    CHECK_FALSE(hasim::conf::missing_groups(configuration));
}

TEST_CASE("groups stand in the order of their number, whatever the order in the file")
{
    const Configuration configuration = read_sample("two-groups.conf");
    REQUIRE(configuration.settings.groups.size() == 2);
    CHECK(configuration.settings.groups[0].label == "signing");
    CHECK(configuration.settings.groups[0].synchronize);
    CHECK(configuration.settings.groups[1].label == "archive");
    CHECK_FALSE(configuration.settings.groups[1].synchronize);
    const Configuration turned = hasim::conf::read(
        "VirtualToken = {\nVirtualToken11Label=c;VirtualToken11SN=3;VirtualToken11Members=9;\n"
        "VirtualToken02Label=b;VirtualToken02SN=2;VirtualToken02Members=9;\n"
        "VirtualToken100Label=d;VirtualToken100SN=4;VirtualToken100Members=9;\n"
        "VirtualToken01Label=a;VirtualToken01SN=1;VirtualToken01Members=9;\n}\n",
        "f");
    REQUIRE(turned.settings.groups.size() == 4);
    CHECK(turned.settings.groups[0].label == "a");
    CHECK(turned.settings.groups[1].label == "b");
    CHECK(turned.settings.groups[2].label == "c");
    CHECK(turned.settings.groups[3].label == "d");
}

TEST_CASE("standby members are read under their group's label")
{
    const Configuration configuration = read_sample("standby.conf");
    REQUIRE(configuration.settings.groups.size() == 1);
    CHECK(configuration.settings.groups[0].members.size() == 2);
    CHECK(configuration.settings.groups[0].standby == std::vector{serial("1234924189199")});
    CHECK(configuration.settings.ha.recovery_attempts == -1);
}

TEST_CASE("servers are read with their ports, and the client's timeout and files")
{
    const Configuration configuration = read_sample("with-servers.conf");
    const Settings& settings = configuration.settings;
    REQUIRE(settings.servers.size() == 3);
    CHECK(settings.servers[0] == hasim::ServerSettings{"hsm-north.example", 1792});
    CHECK(settings.servers[2] == hasim::ServerSettings{"192.0.2.17", 1792});
    CHECK(settings.server_ca_file == "/usr/safenet/lunaclient/cert/server/CAFile.pem");
    CHECK(settings.client_cert_file == "/usr/safenet/lunaclient/cert/client/app.pem");
    CHECK(settings.client_key_file == "/usr/safenet/lunaclient/cert/client/appKey.pem");
    CHECK(origin(configuration, "LunaSA Client", "ServerPort01") == "1792 @34");
    CHECK(origin(configuration, "LunaSA Client", "ServerPort02") == "1792 @0");
}

TEST_CASE("leading zeros of serial numbers are kept, and no serial is derived from another")
{
    const Configuration configuration = hasim::conf::read(
        "VirtualToken = {\nVirtualToken00Label = g;\nVirtualToken00SN = 0000000042;\n"
        "VirtualToken00Members = 0042, 042, 0000000042;\n}\n",
        "f");
    REQUIRE(configuration.ok());
    CHECK(configuration.settings.groups[0].serial.text() == "0000000042");
    CHECK(configuration.settings.groups[0].members ==
          std::vector{serial("0042"), serial("042"), serial("0000000042")});
}

TEST_CASE("32 members of 20 digits fit into one line, quoted or not")
{
    const std::string list = numbered(1, 32, 20);
    const auto read_list = [](const std::string& members) {
        return hasim::conf::read(
            "VirtualToken = {\nVirtualToken00Label = g;\n"
            "VirtualToken00SN = 1;\nVirtualToken00Members = " +
                members + ";\n}\n",
            "f");
    };
    const Configuration configuration = read_list(list);
    REQUIRE(configuration.ok());
    REQUIRE(configuration.settings.groups[0].members.size() == 32);
    CHECK(configuration.settings.groups[0].members.back().text() == "00000000000000000032");
    CHECK(origin(configuration, "VirtualToken", "VirtualToken00Members") == list + " @4");
    CHECK(read_list("\"" + list + "\"").settings == configuration.settings);
    CHECK_FALSE(read_list(numbered(1, 33, 20)).ok());
}

TEST_CASE("100 groups are legal, 101 are not")
{
    const auto read_groups = [](int count) {
        std::string text = "VirtualToken = {\n";
        for (int i = 0; i < count; ++i) {
            text += fmt::format(
                "VirtualToken{0:02}Label = g{0}; VirtualToken{0:02}SN = 1{0:03}; "
                "VirtualToken{0:02}Members = {1};\n",
                i, numbered(1, 32, 20));
        }
        return hasim::conf::read(text + "}\n", "f");
    };
    const Configuration most = read_groups(100);
    CHECK(most.ok());
    CHECK(most.settings.groups.size() == 100);
    const Configuration too_many = read_groups(102);
    CHECK_FALSE(too_many.ok());
    CHECK(too_many.settings.groups.size() == 100);
    const auto complaints = std::count_if(
        too_many.findings.begin(), too_many.findings.end(),
        [](const auto& finding) { return finding.severity == hasim::Severity::error; });
    CHECK(complaints == 1);
}

TEST_CASE("of HARecover and HARecovery the larger counter counts")
{
    const auto recover = [](std::string_view sections) {
        const Configuration configuration = hasim::conf::read(sample_conf("", sections), "f");
        CHECK(findings_of(configuration) == Lines{});
        return fmt::format("{} {}", configuration.settings.groups.at(0).recover,
                           origin(configuration, "HARecovery", "haGroup1"));
    };
    CHECK(recover("") == "0 none");
    CHECK(recover("HARecover = { haGroup1 = 3; }\n") == "3 none");
    CHECK(recover("HARecovery = { haGroup1 = 4; }\n") == "4 4 @10");
    CHECK(recover("HARecover = { haGroup1 = 3; }\nHARecovery = { haGroup1 = 4; }\n") == "4 4 @11");
    CHECK(recover("HARecover = { haGroup1 = 5; }\nHARecovery = { haGroup1 = 4; }\n") == "5 none");
    CHECK(recover("HARecover = { haGroup1 = 9223372036854775807; }\n") ==
          "9223372036854775807 none");
}

TEST_CASE("numbers are right from their least to their most, and errors beyond")
{
    struct Case {
        std::string key;
        std::string value;
        bool good;
    };
    const auto test = GENERATE(values<Case>({
        {"logLen", "1024", true},
        {"logLen", "1023", false},
        {"logLen", "9223372036854775807", true},
        {"logLen", "9223372036854775808", false},
        {"logLen", "100M", false},
        {"logLen", "-1", false},
        {"AutoReconnectInterval", "60", true},
        {"AutoReconnectInterval", "1200", true},
        {"AutoReconnectInterval", "59", false},
        {"AutoReconnectInterval", "1201", false},
        {"AutoReconnectInterval", "60 seconds", false},
        {"haLogToStdout", "enabled", true},
        {"haLogToStdout", "1", false},
        {"HAOnly", "0", true},
        {"HAOnly", "1", true},
        {"HAOnly", "enabled", false},
        {"failover_on_deactivation", "01", false},
        {"haLogStatus", "disabled", true},
        {"haLogStatus", "0", false},
    }));
    CAPTURE(test.key, test.value);
    const auto configuration =
        hasim::conf::read(sample_conf(test.key + " = " + test.value + ";\n"), "f");
    CHECK(configuration.ok() == test.good);
    if (!test.good) {
        REQUIRE(configuration.findings.size() == 1);
        CHECK(configuration.findings[0].line == 9);
        CHECK(configuration.findings[0].column == test.key.size() + 4);
        CHECK_THAT(configuration.findings[0].text,
                   ContainsSubstring(test.key) && ContainsSubstring("'" + test.value + "'"));
    }
}

TEST_CASE("reconnAtt is -1 or more, ports are 1 to 65535, timeouts 1 or more")
{
    const auto good = [](const std::string& text) { return hasim::conf::read(text, "f").ok(); };
    const auto attempts = [&](const std::string& value) {
        return good("HAConfiguration = {\nreconnAtt = " + value + ";\n}\n");
    };
    CHECK(attempts("-1"));
    CHECK(attempts("0"));
    CHECK(attempts("2147483647"));
    CHECK_FALSE(attempts("-2"));
    CHECK_FALSE(attempts("2147483648"));
    CHECK_FALSE(attempts("+5"));
    const auto client = [&](const std::string& entries) {
        return good(sample_conf("", "LunaSA Client = {\nServerName00 = a;\n" + entries + "}\n"));
    };
    CHECK(client("ServerPort00 = 1;\n"));
    CHECK(client("ServerPort00 = 65535;\n"));
    CHECK_FALSE(client("ServerPort00 = 0;\n"));
    CHECK_FALSE(client("ServerPort00 = 65536;\n"));
    CHECK(client("ReceiveTimeout = 1;\n"));
    CHECK_FALSE(client("ReceiveTimeout = 0;\n"));
    CHECK_FALSE(client("ReceiveTimeout = 20s;\n"));
}

TEST_CASE("of a repeated key the last counts, with a warning that names the first")
{
    const auto configuration = hasim::conf::read(sample_conf("reconnAtt = 7;\n"), "f");
    CHECK(configuration.settings.ha.recovery_attempts == 7);
    CHECK(origin(configuration, "HAConfiguration", "reconnAtt") == "7 @9");
    CHECK(findings_of(configuration) ==
          Lines{"f:9:1: warning: 'reconnAtt' was given before, in line 8; this one counts"});
}

TEST_CASE("sections of one name are taken together, with a warning")
{
    const auto configuration =
        hasim::conf::read(sample_conf("", "HAConfiguration = {\nHAOnly = 1;\n}\n"), "f");
    CHECK(configuration.settings.ha.ha_only);
    CHECK(configuration.settings.ha.recovery_attempts == 5);
    CHECK(findings_of(configuration) ==
          Lines{"f:10:1: warning: section 'HAConfiguration' was opened before, in line 6; both are "
                "taken together"});
}

TEST_CASE("what is empty has its default, and says so where a value was to be expected")
{
    const auto configuration =
        hasim::conf::read(sample_conf("logLen = ;\nHAOnly = ;\n",
                                      "LunaSA Client = {\nServerCAFile = ;\nServerHtl00 = ;\n}\n"),
                          "f");
    CHECK(configuration.settings.ha.log_length == 262144);
    CHECK(origin(configuration, "HAConfiguration", "logLen") == "262144 @0");
    CHECK(findings_of(configuration) ==
          Lines{"f:9:1: warning: 'logLen' is empty, so its default holds: 262144",
                "f:10:1: warning: 'HAOnly' is empty, so its default holds: 0"});
}

TEST_CASE("a file without groups is a warning to the reader, and an error to a run")
{
    const Configuration configuration = read_sample("broken/no-groups.conf");
    CHECK(configuration.ok());
    const auto finding = hasim::conf::missing_groups(configuration);
    REQUIRE(finding);
    CHECK(finding->severity == hasim::Severity::error);
    CHECK(finding->file == "config/broken/no-groups.conf");
    CHECK_FALSE(hasim::conf::missing_groups(read_sample("Chrystoki.conf")));
}

TEST_CASE("every setting in force is told once, with its line or as a default")
{
    const Configuration configuration = read_sample("Chrystoki.conf");
    CHECK(origin(configuration, "VirtualToken", "VirtualToken00SN") == "11234840370164 @3");
    CHECK(origin(configuration, "HASynchronize", "haGroup1") == "1 @8");
    CHECK(origin(configuration, "HAConfiguration", "logLen") == "100000000 @14");
    CHECK(origin(configuration, "HAConfiguration", "AutoReconnectInterval") == "60 @0");
    CHECK(origin(configuration, "HARecover", "haGroup1") == "1 @19");
    CHECK(origin(configuration, "LunaSA Client", "ReceiveTimeout") == "20000 @0");
    auto keys = configuration.origins;
    std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) {
        return std::pair(a.section, a.key) < std::pair(b.section, b.key);
    });
    const auto twice = std::adjacent_find(
        keys.begin(), keys.end(),
        [](const auto& a, const auto& b) { return a.section == b.section && a.key == b.key; });
    CHECK(twice == keys.end());
    CHECK(keys.size() == 18);
}
