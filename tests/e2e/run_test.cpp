// Goal: the main job, as a user runs it: the note's own configuration drives a group over TCP, an outage happens, and
// haErrorLog.txt holds exactly the documented lines. And what bad input gets.
// Method: the built program, real loopback sockets, at high speed; it is waited for by what it prints, never by time.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "samples.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

using namespace hasim::test;

namespace {

/// The texts of a log without their stamps.
std::string without_stamps(const std::string& log)
{
    std::string texts;
    std::size_t at = 0;
    while (at < log.size()) {
        const std::size_t end = log.find('\n', at);
        const std::size_t bracket = log.find('[', at);
        texts += log.substr(bracket, end + 1 - bracket);
        at = end + 1;
    }
    return texts;
}

/// A connection to that port that says nothing; -1 when there is none.
int connected_to(int port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

const std::string kFirstTexts =
    "[17469] HA group: 11234840370164 has dropped member: 1234924189183\n"
    "[17469] HA group: 11234840370164 recovery attempt 1 succeeded for member: 1234924189183\n";

}  // namespace

TEST_CASE("the note's configuration over TCP: one pulled cable, two right lines in the file")
{
    const TemporaryDirectory logs;
    const Finished finished = run_hasim({"--conf", sample_conf(), "--scenario", first_outage(),
                                         "--speed", "60", "--log-dir", logs.path().string()});
    CAPTURE(finished.err);
    CHECK(finished.exit_code == 0);
    const std::string log = read_file(logs.path() / "haErrorLog.txt");
    CHECK(without_stamps(log) == kFirstTexts);
    CHECK(finished.out == log);
    CHECK_THAT(finished.err,
               ContainsSubstring("all 3 expectations hold, and the log is the expected one"));
}

TEST_CASE("virtual time writes the same lines, with the stamps to the second")
{
    const TemporaryDirectory logs;
    const Finished finished = run_hasim(
        {"run", "--virtual", "--scenario", first_outage(), "--log-dir", logs.path().string()});
    CHECK(finished.exit_code == 0);
    CHECK(read_file(logs.path() / "haErrorLog.txt") ==
          "Wed Oct 4 16:29:41 2017 : [17469] HA group: 11234840370164 has dropped member: "
          "1234924189183\n"
          "Wed Oct 4 16:30:11 2017 : [17469] HA group: 11234840370164 recovery attempt 1 succeeded "
          "for member: "
          "1234924189183\n");
}

TEST_CASE(
    "hasim ctl breaks and heals a run, an edit of the file adds a member, Ctrl-C ends it with a "
    "summary")
{
    const TemporaryDirectory directory;
    const std::string conf = (directory.path() / "Chrystoki.conf").string();
    std::string text = read_file(sample_conf());
    write_file(conf, text);
    const std::vector<std::pair<std::string, std::string>> environment{
        {"XDG_RUNTIME_DIR", directory.path().string()}};
    Process running(
        {"run", "--conf", conf, "--speed", "25", "--log-dir", (directory.path() / "log").string(),
         "--load", "sign 20/s threads 2", "--pid", "4242"},
        {.environment = environment});
    const auto ctl = [&](const std::string& line) {
        return run_hasim({"ctl", line}, {.environment = environment});
    };
    // Before C_Login returned, a pulled cable is a member that C_Initialize cannot reach: another story.
    REQUIRE(running.wait_for("ready: every client is logged in to every group"));
    CHECK(ctl("hsm2 cable out").exit_code == 0);
    REQUIRE(running.wait_for("has dropped member: 1234924189183"));
    CHECK(ctl("hsm2 cable in").exit_code == 0);
    REQUIRE(running.wait_for("recovery attempt 1 succeeded for member: 1234924189183"));
    const std::string members = "1234840370164, 1234924189183";
    text.insert(text.find(members) + members.size(), ", 99000000000001");
    write_file(conf, text);
    REQUIRE(running.wait_for("detected new member member: 99000000000001"));
    const Finished wrong = ctl("hsm2 cabel out");
    CHECK(wrong.exit_code == 2);
    CHECK_THAT(wrong.err, ContainsSubstring("cable out"));
    write_file(conf, "VirtualToken = {\n");
    REQUIRE(running.wait_for("the last good settings stay in force"));
    write_file(conf, text);
    REQUIRE(running.wait_for("the file is good again, and says what is in force"));
    running.send_signal(SIGINT);
    const Finished finished = running.wait();
    CHECK(finished.exit_code == 130);
    CHECK_THAT(finished.err, ContainsSubstring("operations: "));
    CHECK_THAT(finished.out, !ContainsSubstring("edit"));
}

TEST_CASE("a scenario that does not hold is exit code 1, with the place of the expectation")
{
    const TemporaryDirectory directory;
    const std::string scenario = (directory.path() / "wrong.hasim").string();
    write_file(scenario, "hasim 1\nconf " + sample_conf() +
                             "\nfor 100s\n\nat 10s hsm2 cable out\n\nexpect 0s..5s DROPMEMBER "
                             "member 1234924189183\n");
    const Finished finished = run_hasim({"run", "--virtual", "--scenario", scenario, "--log-dir",
                                         (directory.path() / "log").string()});
    CHECK(finished.exit_code == 1);
    CHECK_THAT(finished.err,
               ContainsSubstring(scenario + ":7:1: error: `expect 0s..5s  DROPMEMBER member"));
}

TEST_CASE("input that cannot be run is exit code 2, says where and why, and writes nothing")
{
    struct Bad {
        std::string name;
        std::string conf;
        std::string says;
    };
    const std::string group =
        "VirtualToken00Label = g;\nVirtualToken00SN = 1;\nVirtualToken00Members = ";
    std::string many;
    for (int i = 1; i <= 33; ++i) {
        many += (many.empty() ? "" : ",") + std::to_string(1000 + i);
    }
    const auto bad = GENERATE_COPY(
        Bad{"empty", "", ""},
        Bad{"binary junk",
            std::string("\x7f"
                        "ELF\0\1\2\3",
                        8),
            "text"},
        Bad{"a line of 10 MB", std::string(10'000'000, 'x'), ""},
        Bad{"letters among the members", "VirtualToken = {\n" + group + "12a4;\n}\n", "12a4"},
        Bad{"33 members", "VirtualToken = {\n" + group + many + ";\n}\n", "32"},
        Bad{"two groups with one label",
            "VirtualToken = {\n" + group +
                "11;\nVirtualToken01Label = g;\nVirtualToken01SN = 2;\n"
                "VirtualToken01Members = 12;\n}\n",
            "label"},
        Bad{"no group", "HAConfiguration = {\nHAOnly = 1;\n}\n", "group"});
    const TemporaryDirectory directory;
    const std::string conf = (directory.path() / "Chrystoki.conf").string();
    write_file(conf, bad.conf);
    const Finished finished = run_hasim(
        {"run", "--conf", conf, "--log-dir", (directory.path() / "log").string(), "--for", "1s"});
    CAPTURE(bad.name, finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK_THAT(finished.err, ContainsSubstring("Chrystoki.conf"));
    CHECK_THAT(finished.err, ContainsSubstring(bad.says));
    CHECK_FALSE(std::filesystem::exists(directory.path() / "log"));
}

TEST_CASE("a configuration that is not there, or no configuration at all, is exit code 2")
{
    const Finished missing = run_hasim({"run", "--conf", "/nonexistent/Chrystoki.conf"});
    CHECK(missing.exit_code == 2);
    CHECK_THAT(missing.err, ContainsSubstring("/nonexistent/Chrystoki.conf"));
    const Finished none = run_hasim({"run"}, {.environment = {{"ChrystokiConfigurationPath", ""}}});
    CHECK(none.exit_code == 2);
    CHECK_THAT(none.err, ContainsSubstring("--conf"));
}

TEST_CASE("simulated drops never land in somebody else's log")
{
    const TemporaryDirectory logs;
    write_file(logs.path() / "haErrorLog.txt", "a production log\n");
    const Finished finished = run_hasim(
        {"run", "--virtual", "--scenario", first_outage(), "--log-dir", logs.path().string()});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.err, ContainsSubstring("--log-dir"));
    CHECK(read_file(logs.path() / "haErrorLog.txt") == "a production log\n");
}

TEST_CASE(
    "a log directory that cannot be made is said once, the client goes on, and the end is exit "
    "code 3")
{
    const Finished finished = run_hasim(
        {"run", "--virtual", "--scenario", first_outage(), "--log-dir", "/proc/no-such-place/log"});
    CHECK(finished.exit_code == 3);
    const std::size_t first = finished.err.find("/proc/no-such-place");
    CHECK(first != std::string::npos);
    CHECK_THAT(finished.out, ContainsSubstring("has dropped member"));
}

TEST_CASE("a port that was asked for and is taken is exit code 3")
{
    const TemporaryDirectory directory;
    Process first({"appliances", "--conf", sample_conf()},
                  {.environment = {{"XDG_RUNTIME_DIR", directory.path().string()}}});
    REQUIRE(first.wait_for("hsm2 "));
    const std::string& out = first.out();
    const std::size_t colon = out.find("127.0.0.1:") + 10;
    const std::string port = out.substr(colon, out.find_first_not_of("0123456789", colon) - colon);
    const Finished second = run_hasim({"appliances", "--conf", sample_conf(), "--port", port});
    CHECK(second.exit_code == 3);
    CHECK_THAT(second.err, ContainsSubstring(port));
    first.send_signal(SIGINT);
    CHECK(first.wait().exit_code == 130);
}

TEST_CASE("a speed that would measure the machine is refused, unless it is forced")
{
    const Finished finished = run_hasim(
        {"run", "--conf", sample_conf(), "--scenario", first_outage(), "--speed", "5000"});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.err, ContainsSubstring("--force"));
}

TEST_CASE("topology says who is where, and which slots there are")
{
    const Finished note = run_hasim({"topology", "--conf", sample_conf()});
    CHECK(note.exit_code == 0);
    CHECK_THAT(note.out, ContainsSubstring("0      HA Virtual Card Slot   haGroup1"));
    const Finished servers = run_hasim(
        {"topology", "--json", "--conf", (source_dir() / "config/with-servers.conf").string()});
    CHECK(servers.exit_code == 0);
    CHECK_THAT(servers.out, ContainsSubstring("\"appliances\":[{\"name\":"));
    const Finished json = run_hasim({"topology", "--json", "--conf", sample_conf()});
    CHECK_THAT(json.out, ContainsSubstring("{\"serial\":\"1234924189183\",\"role\":\"active\","
                                           "\"hsm\":\"hsm2\",\"appliance\":\"hsm2\"}"));
    CHECK_THAT(json.out, ContainsSubstring("\"slots\":[{\"slot\":0,"));
}

TEST_CASE("a wrong load and a wrong time zone say where they stand")
{
    const Finished load = run_hasim({"run", "--conf", sample_conf(), "--load", "sign 50"});
    CHECK(load.exit_code == 2);
    CHECK_THAT(load.err, StartsWith("--load: error: column 6: "));
    const TemporaryDirectory directory;
    const std::string scenario = (directory.path() / "mars.hasim").string();
    write_file(scenario, "hasim 1\n# timezone of nobody\nconf " + sample_conf() +
                             "\ntimezone  Mars/Phobos\nfor 1s\n");
    const Finished zone = run_hasim({"run", "--virtual", "--scenario", scenario});
    CHECK(zone.exit_code == 2);
    CHECK_THAT(zone.err,
               StartsWith(scenario + ":4:11: error: there is no time zone 'Mars/Phobos'"));
}

TEST_CASE("a run that is over at once ends at once")
{
    for (const char* length : {"0s", "1ns", "100us"}) {
        const TemporaryDirectory logs;
        const Finished finished = run_hasim(
            {"run", "--conf", sample_conf(), "--for", length, "--log-dir", logs.path().string()});
        CAPTURE(length, finished.err);
        CHECK_FALSE(finished.timed_out);
        CHECK(finished.exit_code == 0);
    }
}

TEST_CASE("closed standard streams get nothing of ours into the log, nor the log twice")
{
    const TemporaryDirectory logs;
    const std::string command = "exec '" + binary().string() + "' run --virtual --scenario '" +
                                first_outage() + "' --log-dir '" + logs.path().string() +
                                "' <&- >&- 2>&-";
    ProcessOptions shell;
    shell.program = "/bin/sh";
    static_cast<void>(run_hasim({"-c", command}, shell));
    CHECK(without_stamps(read_file(logs.path() / "haErrorLog.txt")) == kFirstTexts);
}

TEST_CASE("a limit on the size of files loses records, which is told, and ends nothing")
{
    const TemporaryDirectory logs;
    ProcessOptions shell;
    shell.program = "/bin/sh";
    const Finished finished = run_hasim(
        {"-c", "ulimit -f 0; exec '" + binary().string() + "' run --virtual --scenario '" +
                   first_outage() + "' --log-dir '" + logs.path().string() + "'"},
        shell);
    CAPTURE(finished.err);
    CHECK(finished.exit_code == 3);
    CHECK_THAT(finished.err, ContainsSubstring("not one line could be written"));
}

TEST_CASE("a PIN that no frame could carry is wrong input")
{
    const TemporaryDirectory logs;
    const Finished finished =
        run_hasim({"run", "--conf", sample_conf(), "--for", "1s", "--pin", std::string(70000, '1'),
                   "--log-dir", logs.path().string()});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.err, ContainsSubstring("a PIN has at most"));
    CHECK(finished.err.find("1111") == std::string::npos);
}

TEST_CASE("a hang-up ends a run with C_Finalize and its summary")
{
    const TemporaryDirectory logs;
    Process running({"run", "--conf", sample_conf(), "--log-dir", logs.path().string()});
    REQUIRE(running.wait_for("ready"));
    running.send_signal(SIGHUP);
    const Finished finished = running.wait();
    CHECK(finished.exit_code == 130);
    CHECK_THAT(finished.err, ContainsSubstring("operations:"));
}

TEST_CASE("a load that is more than the machine can do stops neither Ctrl-C nor ctl")
{
    const TemporaryDirectory directory;
    const std::vector<std::pair<std::string, std::string>> environment{
        {"XDG_RUNTIME_DIR", directory.path().string()}};
    Process running({"run", "--conf", (source_dir() / "config/basic.conf").string(), "--log-dir",
                     directory.path().string(), "--load", "sign 1000000/s threads 1024"},
                    {.environment = environment, .timeout = std::chrono::seconds(60)});
    REQUIRE(running.wait_for("ready"));
    CHECK(run_hasim({"ctl", "hsm1 reset"}, {.environment = environment}).exit_code == 0);
    running.send_signal(SIGINT);
    const Finished finished = running.wait();
    CHECK_FALSE(finished.timed_out);
    CHECK(finished.exit_code == 130);
}

TEST_CASE("a flood of one diagnostic is told once, and counted at the end")
{
    const TemporaryDirectory directory;
    const std::string scenario = (directory.path() / "flood.hasim").string();
    write_file(scenario, "hasim 1\nconf " + sample_conf() +
                             "\nfor 1h\nload sign 1/s threads 1\nat 10s hsm2 corrupt\n");
    const Finished flood = run_hasim({"run", "--virtual", "--scenario", scenario, "--log-dir",
                                      (directory.path() / "log").string()});
    CAPTURE(flood.err);
    const std::string text = "garbage from the appliance of member 1234924189183";
    std::size_t told = 0;
    for (std::size_t at = flood.err.find(text); at != std::string::npos;
         at = flood.err.find(text, at + 1)) {
        ++told;
    }
    CHECK(told >= 2);
    CHECK(told <= 12);  // of 59: what is wrong with a frame has a few texts, each twice at most
    CHECK_THAT(flood.err, ContainsSubstring(" times in all)"));
    const Finished quiet = run_hasim({"run", "-q", "--virtual", "--scenario", scenario, "--log-dir",
                                      (directory.path() / "log").string()});
    CHECK(quiet.err.empty());
    const Finished verbose = run_hasim({"run", "-v", "--virtual", "--scenario", scenario,
                                        "--log-dir", (directory.path() / "log").string()});
    CHECK_THAT(verbose.err, ContainsSubstring("hasim: debug: 10s  hsm2 corrupt\n"));
}

TEST_CASE("options that would do nothing together are an error")
{
    using Row = std::pair<std::vector<std::string>, std::string>;
    const auto [options, told] = GENERATE(
        as<Row>{}, Row{{"run", "--virtual", "--stay"}, "--stay and --virtual"},
        Row{{"run", "--virtual", "--speed", "60"}, "--speed and --virtual"},
        Row{{"run", "--every-call"}, "--every-call is for --virtual"},
        Row{{"test", "--live", "--every-call"}, "--every-call is for virtual time"},
        Row{{"test", "--speed", "5"}, "--speed is for --live"});
    std::vector<std::string> arguments = options;
    if (options.front() == "run") {
        arguments.emplace_back("--scenario");
    }
    arguments.push_back(first_outage());
    const Finished finished = run_hasim(arguments);
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.err, ContainsSubstring(told));
}

TEST_CASE("a run that stays goes on after the end that the scenario names")
{
    const TemporaryDirectory logs;
    const std::string scenario = (logs.path() / "short.hasim").string();
    write_file(scenario, "hasim 1\nconf " + sample_conf() + "\nfor 70s\n\nat 5s hsm2 cable out\n");
    Process running({"run", "--scenario", scenario, "--stay", "--speed", "25", "--log-dir",
                     logs.path().string()});
    REQUIRE(running.wait_for("recovery attempt 3 failed"));  // beyond 180 s
    running.send_signal(SIGINT);
    CHECK(running.wait().exit_code == 130);
}

TEST_CASE("a thousand idle strangers and few descriptors do not keep the client from its members")
{
    const TemporaryDirectory directory;
    ProcessOptions shell;
    shell.program = "/bin/sh";
    shell.environment = {{"XDG_RUNTIME_DIR", directory.path().string()}};
    // A free port may be taken by somebody else before hasim has it: then it says so, and the next one is tried.
    for (int port = 20000 + ::getpid() % 20000, tries = 0;; port += 7, ++tries) {
        REQUIRE(tries < 20);
        Process running({"-c", "ulimit -n 256; exec '" + binary().string() + "' run --conf '" +
                                   sample_conf() + "' --speed 25 --port " + std::to_string(port) +
                                   " --log-dir '" + directory.path().string() + "'"},
                        shell);
        if (!running.wait_for("ready")) {
            continue;
        }
        std::vector<int> strangers;
        for (int i = 0; i < 1100; ++i) {
            strangers.push_back(connected_to(port));
        }
        CHECK(running.wait_for("as many as the limit of open descriptors"));
        const auto ctl = [&](const std::string& line) {
            return run_hasim({"ctl", line}, {.environment = shell.environment}).exit_code;
        };
        CHECK(ctl("hsm1 ntls restart") == 0);
        CHECK(running.wait_for("has dropped member: 1234840370164"));
        CHECK(running.wait_for("recovery attempt 1 succeeded for member: 1234840370164"));
        running.send_signal(SIGINT);
        CHECK(running.wait().exit_code == 130);
        for (const int stranger : strangers) {
            ::close(stranger);
        }
        return;
    }
}
