// Goal: the commands that read HA logs, as a user runs them: exit codes, streams, rotated sets, standard input.
#include <sys/stat.h>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>

using namespace hasim::test;
namespace fs = std::filesystem;

namespace {

const std::string kDrop =
    "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 has dropped member: "
    "1234924189183\n";
std::string succeeded(int attempt)
{
    return "Wed Oct 4 16:30:21 2017 : [17469] HA group: 11234840370164 recovery attempt " +
           std::to_string(attempt) + " succeeded for member: 1234924189183\n";
}

Finished log_tool(std::vector<std::string> arguments, const std::string& input = {})
{
    arguments.insert(arguments.begin(), "log");
    return run_hasim(arguments, {.input = input});
}

}  // namespace

TEST_CASE("log parse counts, and prints rows, from standard input")
{
    const Finished counts = log_tool({"parse", "-"}, kDrop + "what?\n" + succeeded(1));
    CHECK(counts.exit_code == 0);
    CHECK_THAT(counts.out,
               ContainsSubstring("1  HALOG_DROPMEMBER") && ContainsSubstring("1  unknown lines"));
    CHECK(counts.err == "3 lines: 2 records, 1 unknown, 0 torn, 0 empty\n");
    const Finished json = log_tool({"parse", "--json", "-"}, kDrop + kDrop.substr(0, 50));
    CHECK_THAT(json.out,
               StartsWith("{\"kind\":\"record\",\"file\":\"(standard input)\",\"line\":1,") &&
                   ContainsSubstring("{\"kind\":\"torn\""));
    CHECK_THAT(log_tool({"parse", "--json", "--csv", "-"}).err,
               ContainsSubstring("exclude each other"));
}

TEST_CASE("log check tells errors, notes and nothing by its exit code")
{
    const Finished fine = log_tool({"check", "--strict", "-"}, kDrop + succeeded(1));
    CHECK(fine.exit_code == 0);
    CHECK(fine.out.empty());
    const Finished wrong = log_tool({"check", "-"}, kDrop + succeeded(3));
    CHECK(wrong.exit_code == 1);
    CHECK_THAT(wrong.out, StartsWith("(standard input):2: error: HALOG_RECOVERED of attempt 3"));
    const Finished noted = log_tool({"check", "-"}, kDrop + kDrop);
    CHECK(noted.exit_code == 0);
    CHECK_THAT(noted.out, ContainsSubstring(":2: note: "));
    CHECK(log_tool({"check", "--strict", "-"}, kDrop + kDrop).exit_code == 1);
}

TEST_CASE("a rotated set is one log, oldest first")
{
    const TemporaryDirectory directory;
    write_file(directory.path() / "haErrorLog.txt", succeeded(1));
    write_file(directory.path() / "haErrorLog_20171004T162921Z.txt", kDrop);
    for (const std::string& name :
         {directory.path().string(), (directory.path() / "haErrorLog.txt").string()}) {
        CHECK(log_tool({"check", "--strict", name}).exit_code == 0);
        const Finished stats = log_tool({"stats", "--json", name});
        CHECK(stats.exit_code == 0);
        CHECK_THAT(stats.out, ContainsSubstring("\"mean_recovery_s\": 60"));
    }
}

TEST_CASE("log explain explains, and exits with 1 for what it cannot explain")
{
    CHECK(log_tool({"explain", kDrop}).exit_code == 0);
    const Finished unknown = log_tool({"explain", "elephant"});
    CHECK(unknown.exit_code == 1);
    CHECK_THAT(unknown.out, ContainsSubstring("at column 1"));
}

TEST_CASE("log explain reads standard input, explains codes, and has JSON")
{
    const std::string failed =
        "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 unable to reach member: "
        "1234924189183. Manual Recover or Auto Recovery will be able to recover this member\n";
    const Finished text = run_hasim({"log", "explain", "-"}, {.input = kDrop + failed});
    CAPTURE(text.out);
    CHECK(text.exit_code == 0);
    CHECK_THAT(text.out, ContainsSubstring("HALOG_DROPMEMBER") &&
                             ContainsSubstring("\n\nHALOG_DROPUNRECOVERABLE"));
    const Finished json =
        run_hasim({"log", "explain", "--json", "-"}, {.input = kDrop + "elephant\n"});
    CHECK(json.exit_code == 1);
    CHECK_THAT(json.out, StartsWith("{\"kind\":\"record\",\"message\":\"HALOG_DROPMEMBER\""));
    CHECK_THAT(json.out, ContainsSubstring("\n{\"kind\":\"unknown\",\"matched\":0,"));
    const Finished code = run_hasim(
        {"log", "explain", "--json",
         "Wed Oct 4 16:29:21 2017 : [17469] HA group: 1 recovery attempt 1 failed for member: 2. "
         "Code: 0xc0001100 : RC_UNABLE_TO_CONNECT"});
    CHECK_THAT(code.out, ContainsSubstring("\"code_means\":\"no connection to the appliance"));
}

TEST_CASE("log parse on a directory of logs says which directory to name")
{
    const TemporaryDirectory directory;
    std::filesystem::create_directory(directory.path() / "ws-0002");
    std::filesystem::create_directory(directory.path() / "ws-0001");
    write_file(directory.path() / "ws-0001/haErrorLog.txt", kDrop);
    write_file(directory.path() / "ws-0002/haErrorLog.txt", kDrop);
    const std::string root = directory.path().string();
    const Finished finished = log_tool({"parse", root});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.err,
               ContainsSubstring("name the files, or a directory with a log, such as " + root +
                                 "/ws-0001"));
    const TemporaryDirectory nothing;
    CHECK_THAT(log_tool({"parse", nothing.path().string()}).err, EndsWith("name the files\n"));
}

TEST_CASE("log report writes one page that refers to nothing outside")
{
    const TemporaryDirectory directory;
    const std::string log = (directory.path() / "log.txt").string();
    const std::string page = (directory.path() / "page.html").string();
    write_file(log, kDrop + "</script><script>alert(1)</script>\n" + succeeded(1));
    const Finished finished = log_tool({"report", log, "-o", page});
    CHECK(finished.exit_code == 0);
    const std::string html = read_file(page);
    CHECK_THAT(html, StartsWith("<!DOCTYPE html>") && EndsWith("</html>\n"));
    CHECK_THAT(html, ContainsSubstring("default-src 'none'") &&
                         ContainsSubstring("has dropped member: 1234924189183"));
    CHECK(html.find("<script>alert") == std::string::npos);
    CHECK(html.find("http") == html.find("http-equiv"));
    CHECK(html.find("src=") == std::string::npos);
    CHECK(log_tool({"report", log, "-o", "-"}).out == html);
    CHECK(log_tool({"report", log, "-o", "/no/such/directory/page.html"}).exit_code == 3);
}

TEST_CASE("what cannot be read is exit code 2 with its name")
{
    for (const char* command : {"parse", "check", "stats", "report"}) {
        const Finished finished = log_tool({command, "/no/such/log"});
        CHECK(finished.exit_code == 2);
        CHECK_THAT(finished.err, ContainsSubstring("/no/such/log: no such file"));
    }
}

TEST_CASE("log format writes a definition for each tool it names, and refuses others")
{
    CHECK_THAT(log_tool({"format", "--to", "liblognorm"}).out, StartsWith("version=2\n"));
    CHECK(log_tool({"format", "--to", "sed"}).exit_code == 2);
}

TEST_CASE("rows of every kind of line are what the JSON schema says, and the schema refuses others")
{
    const TemporaryDirectory directory;
    const fs::path corpus = directory.path() / "c";
    REQUIRE(run_hasim({"corpus", "--out", corpus.string(), "--profile", "everything", "--lines",
                       "400", "--messages", "all", "--noise", "heavy"})
                .exit_code == 0);
    write_file(directory.path() / "schema.json",
               run_hasim({"log", "format", "--to", "json-schema"}).out);
    const Finished rows =
        run_hasim({"log", "parse", "--json", (corpus / "ws-0001/haErrorLog.txt").string()});
    CHECK_THAT(rows.out, ContainsSubstring("\"torn\"") && ContainsSubstring("\"unknown\""));
    write_file(directory.path() / "check.py", R"(
import json, sys, jsonschema
validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
rows = [json.loads(line) for line in sys.stdin]
for row in rows:
    validator.validate(row)
record = next(row for row in rows if row["kind"] == "record")
wrong = {"pid": -1, "group": "x", "message": "HALOG", "more": 1, "kind": "torn"}
for key, value in wrong.items():
    assert not validator.is_valid({**record, key: value}), key
print(len(rows))
)");
    const Finished checked = run_hasim(
        {(directory.path() / "check.py").string(), (directory.path() / "schema.json").string()},
        {.program = "/usr/bin/python3", .input = rows.out});
    CAPTURE(checked.err);
    CHECK(checked.exit_code == 0);
    CHECK(std::stol(checked.out) == std::count(rows.out.begin(), rows.out.end(), '\n'));
}

TEST_CASE("a pipe with the log's name is told, not waited for")
{
    const TemporaryDirectory logs;
    REQUIRE(::mkfifo((logs.path() / "haErrorLog.txt").c_str(), 0600) == 0);
    const Finished finished = run_hasim({"log", "parse", logs.path().string()});
    CHECK_FALSE(finished.timed_out);
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.err, ContainsSubstring("not a regular file"));
}

TEST_CASE("a report is not written over the log it is made from")
{
    const TemporaryDirectory logs;
    const auto log = logs.path() / "haErrorLog.txt";
    const std::string line =
        "Wed Oct 4 16:29:41 2017 : [1] HA group: 1100 has dropped member: 100\n";
    write_file(log, line);
    const Finished finished = run_hasim({"log", "report", log.string(), "-o", log.string()});
    CHECK(finished.exit_code == 2);
    CHECK(read_file(log) == line);
}

namespace {

std::string dropped(int member)
{
    return "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 has dropped member: " +
           std::to_string(member) + "\n";
}

}  // namespace

TEST_CASE("rows leave when input pauses")
{
    // The second line comes only when the reader has seen the row of the first.
    const TemporaryDirectory directory;
    write_file(directory.path() / "in", dropped(1) + "Wed Oct");
    const Finished finished = run_hasim(
        {"-c", "mkfifo pipe; exec 3<>pipe; (cat in; read -r seen <&3; echo ' 4 again') | " +
                   binary().string() +
                   " log parse --json - | while read -r row; do echo \"$row\"; echo "
                   "seen >&3; done"},
        {.program = "/bin/bash", .directory = directory.path()});
    CHECK_FALSE(finished.timed_out);
    CHECK_THAT(finished.out, ContainsSubstring("\"member\":\"1\"") &&
                                 ContainsSubstring("\"text\":\"Wed Oct 4 again\""));
}

TEST_CASE("log stats says how many lines it read, none too")
{
    const TemporaryDirectory directory;
    const std::string empty = (directory.path() / "empty.txt").string();
    write_file(empty, "");
    const Finished none = run_hasim({"log", "stats", empty});
    CHECK(none.exit_code == 0);
    CHECK(none.err == "0 lines: 0 records, 0 unknown, 0 torn, 0 empty\n");
    CHECK(run_hasim({"log", "stats", "-q", empty}).err.empty());
}

TEST_CASE("log parse --follow reads on through rotations, until it is asked to stop")
{
    const TemporaryDirectory directory;
    const fs::path log = directory.path() / "haErrorLog.txt";
    write_file(log, dropped(1));
    Process following({"log", "parse", "--json", "--follow", log.string()});
    REQUIRE(following.wait_for("\"member\":\"1\""));
    write_file(directory.path() / "more", dropped(2) + dropped(3));
    (void)run_hasim({"-c", "cat more >> haErrorLog.txt"},
                    {.program = "/bin/sh", .directory = directory.path()});
    REQUIRE(following.wait_for("\"member\":\"3\""));
    // Two rotations at once: the file in between is read, too, and each line once.
    write_file(directory.path() / "new", dropped(6));
    fs::rename(log, directory.path() / "haErrorLog_20171004T162921Z.txt");
    write_file(directory.path() / "haErrorLog_20171004T162921Z_001.txt", dropped(4) + dropped(5));
    fs::rename(directory.path() / "new", log);
    REQUIRE(following.wait_for("\"member\":\"6\""));
    // Cut, as by a copytruncate: from the beginning.
    write_file(log, "again\n");
    REQUIRE(following.wait_for("\"text\":\"again\""));
    following.send_signal(SIGTERM);
    const Finished finished = following.wait();
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.err, EndsWith("7 lines: 6 records, 1 unknown, 0 torn, 0 empty\n"));
    for (const char* member : {"2", "4", "5"}) {
        CHECK_THAT(finished.out, ContainsSubstring(std::string("\"member\":\"") + member + "\""));
    }
    CHECK(run_hasim({"log", "parse", "--follow", log.string()}).exit_code == 2);
    for (const char* format : {"--json", "--csv", "--tsv"}) {
        const Finished refused = run_hasim({"log", "parse", format, "-j", "2", log.string()});
        CHECK(refused.exit_code == 2);
        CHECK_THAT(refused.err, ContainsSubstring("-j goes with counts"));
    }
    CHECK(run_hasim({"log", "parse", "--json", "--counts", "-j", "2", log.string()}).exit_code ==
          0);
}

TEST_CASE("stats and report tell the same outages, with a configuration too")
{
    const TemporaryDirectory directory;
    const std::string log = (directory.path() / "log.txt").string();
    write_file(log, kDrop + succeeded(1));
    const std::string conf = (source_dir() / "config/Chrystoki.conf").string();
    const Finished page = log_tool({"report", log, "-o", "-"});
    CHECK(page.out.find("all members") == std::string::npos);
    CHECK(page.out.find("0.000 %") == std::string::npos);
    const Finished known = log_tool({"report", log, "--conf", conf, "-o", "-"});
    CHECK_THAT(known.out, ContainsSubstring("all members down</dt><dd>0s"));
    CHECK_THAT(known.out, ContainsSubstring("100.000 %"));
    const Finished stats = log_tool({"stats", "--json", "--conf", conf, log});
    CHECK_THAT(stats.out, ContainsSubstring("\"label\": \"haGroup1\"") &&
                              ContainsSubstring("\"all_down_s\": 0,"));
    const Finished wrong = log_tool({"stats", "--conf", "/no/such.conf", log});
    CHECK(wrong.exit_code == 2);
    CHECK_THAT(wrong.err, ContainsSubstring("/no/such.conf"));
    CHECK(log_tool({"check", "--timezone", "Mars/Phobos", log}).exit_code == 2);
    CHECK(log_tool({"format", "--to", "lnav", "--timezone", "UTC"}).exit_code == 2);
    CHECK_THAT(log_tool({"format", "--to", "splunk", "--timezone", "Europe/Berlin"}).out,
               ContainsSubstring("\nTZ = Europe/Berlin\n"));
}

TEST_CASE("a log whose clock was set back is read in the order in which it was written")
{
    const TemporaryDirectory directory;
    std::string conf = read_file(source_dir() / "config/Chrystoki.conf");
    const std::size_t length = conf.find("logLen");
    conf.replace(length, conf.find(';', length) - length, "logLen = 1024");
    write_file(directory.path() / "client.conf", conf);
    const std::string scenario = (directory.path() / "back.hasim").string();
    write_file(scenario,
               "hasim 1\nstart 2017-10-04T16:29:11Z\nconf \"client.conf\"\nfor 2h\nload sign 1/s\n"
               "every 3m hsm2 ntls stop for 90s\nat 40m clock jump -20m\n");
    const std::string logs = (directory.path() / "logs").string();
    REQUIRE(run_hasim({"run", "--virtual", "--scenario", scenario, "--log-dir", logs}).exit_code ==
            0);
    const Finished checked = log_tool({"check", logs});
    CHECK(checked.exit_code == 0);
    CHECK_THAT(checked.out,
               ContainsSubstring("note: time goes back by") && !ContainsSubstring("error"));
    // All of it, in the order in which one file holds it.
    conf.replace(conf.find("logLen = 1024"), 13, "logLen = 1000000");
    write_file(directory.path() / "client.conf", conf);
    const std::string whole = (directory.path() / "whole").string();
    REQUIRE(run_hasim({"run", "--virtual", "--scenario", scenario, "--log-dir", whole}).exit_code ==
            0);
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(logs)) {
        files.push_back(entry.path().filename().string());
    }
    std::sort(files.begin(), files.end());
    std::string text;
    for (const std::string& file : files) {
        const bool rotated = file.starts_with("haErrorLog_");
        text += rotated ? read_file(fs::path(logs) / file) : "";
    }
    CHECK(files.size() > 4);
    const fs::path last = fs::path(logs) / "haErrorLog.txt";
    text += fs::exists(last) ? read_file(last) : "";
    CHECK(text == read_file(fs::path(whole) / "haErrorLog.txt"));
}

TEST_CASE("no line is impossible when each process is process 1, as in containers")
{
    const TemporaryDirectory directory;
    const std::string profile = GENERATE("everything", "login-lockout", "datacentre-loss");
    const fs::path corpus = directory.path() / "c";
    REQUIRE(run_hasim({"corpus", "--out", corpus.string(), "--profile", profile, "--processes", "4",
                       "--groups", "2", "--span", "20d", "--seed", "5"})
                .exit_code == 0);
    std::string text = read_file(corpus / "ws-0001/haErrorLog.txt");
    for (std::size_t at = 0; (at = text.find(" : [", at)) != std::string::npos; ++at) {
        text.replace(at + 4, text.find(']', at) - at - 4, "1");
    }
    const Finished checked = log_tool({"check", "-"}, text);
    CAPTURE(checked.out.substr(0, 1000));
    CHECK(checked.exit_code == 0);
    CHECK_THAT(checked.err, ContainsSubstring(" 0 errors") || ContainsSubstring("\n0 errors"));
    CHECK_THAT(checked.out, ContainsSubstring("another process has the process id 1"));
}
