// Goal: `hasim test`: verdicts, the diff, --update, --junit, --filter, and its exit codes.
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

using namespace hasim::test;

namespace {

/// A scenario that writes one line, and expects `log` of it.
std::string scenario(const std::string& log)
{
    return "hasim 1\nconf <<\nVirtualToken = {\nVirtualToken00Label = g;\nVirtualToken00SN = 100;\n"
           "VirtualToken00Members = 11, 12;\n}\n>>\nstart 2017-10-04T00:00:00Z\nclient app pid "
           "9\nfor 50s\n"
           "load sign 10/s threads 1\n\nat 10s hsm2 ntls stop\n\nlog <<\n" +
           log + ">>\n";
}

const std::string kRight = "Wed Oct 4 00:00:10 2017 : [9] HA group: 100 has dropped member: 12\n";

}  // namespace

TEST_CASE("a scenario that holds passes, one that does not shows where and the difference")
{
    const TemporaryDirectory directory;
    write_file(directory.path() / "right.hasim", scenario(kRight));
    const Finished right = run_hasim({"test", directory.path().string()});
    CHECK(right.exit_code == 0);
    CHECK(right.out == "1 passed, 0 failed\n");
    const Finished named = run_hasim({"test", "-v", directory.path().string()});
    CHECK(named.out == "passed " + (directory.path() / "right.hasim").string() + "\n" + right.out);
    const Finished none = run_hasim({"test", directory.path().string(), "--filter", "elephant"});
    CHECK(none.exit_code == 2);
    CHECK_THAT(none.err, ContainsSubstring("has all words of --filter in its path"));

    const std::string wrong = (directory.path() / "wrong.hasim").string();
    write_file(wrong,
               scenario("Wed Oct 4 00:00:10 2017 : [9] HA group: 100 has dropped member: 11\n"));
    const Finished both = run_hasim({"test", directory.path().string()});
    CHECK(both.exit_code == 1);
    CHECK_THAT(both.out, ContainsSubstring("FAILED " + wrong));
    CHECK_THAT(both.out, ContainsSubstring(wrong + ":16:1: error: line 1 of the log should be "));
    CHECK_THAT(
        both.out,
        ContainsSubstring("\n-Wed Oct 4 00:00:10 2017 : [9] HA group: 100 has dropped member: 11\n"
                          "+Wed Oct 4 00:00:10 2017 : [9] HA group: 100 has dropped member: 12\n"));
    CHECK_THAT(both.out, EndsWith("1 passed, 1 failed\n"));
    CHECK(run_hasim({"test", directory.path().string(), "--filter", "right"}).exit_code == 0);
}

TEST_CASE("the update switch rewrites the log block and nothing else")
{
    const TemporaryDirectory directory;
    const auto file = directory.path() / "stale.hasim";
    write_file(file, scenario(""));
    CHECK(run_hasim({"test", file.string()}).exit_code == 1);
    const Finished updated = run_hasim({"test", "--update", file.string()});
    CHECK(updated.exit_code == 0);
    CHECK(read_file(file) == scenario(kRight));
    CHECK(run_hasim({"test", file.string()}).exit_code == 0);
}

TEST_CASE(
    "an update judges the expectations first, and leaves a file alone that expects what is false")
{
    const TemporaryDirectory directory;
    const auto file = directory.path() / "false.hasim";
    const std::string text = scenario("") + "expect ops lost 5\n";
    write_file(file, text);
    const Finished refused = run_hasim({"test", "--update", file.string()});
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.out, ContainsSubstring("`expect ops lost 5`: expected 5, and there were 0"));
    CHECK_THAT(refused.out, ContainsSubstring("the file is left as it is"));
    CHECK(read_file(file) == text);
}

TEST_CASE("a scenario that cannot fail is told, and fails with --strict")
{
    const TemporaryDirectory directory;
    const auto file = directory.path() / "weak.hasim";
    const std::string right = scenario(kRight);
    const std::string nothing = right.substr(0, right.find("log <<"));
    const auto check = [&](const std::string& text, const std::string& warning) {
        INFO(warning);
        write_file(file, text);
        const Finished told = run_hasim({"test", file.string()});
        CHECK(told.exit_code == 0);
        CHECK_THAT(told.out, ContainsSubstring(warning));
        const Finished strict = run_hasim({"test", "--strict", file.string()});
        CHECK(strict.exit_code == 1);
        CHECK_THAT(strict.out, ContainsSubstring(warning) && EndsWith("0 passed, 1 failed\n"));
    };
    check(nothing, "nothing is expected");
    check(nothing + "on state revoked member 12 hsm1 reset\n" + right.substr(right.find("log <<")),
          "this 'on' never came true");
    check(right + "expect no RECOVERED attempt 500\n", "there is no attempt 500: reconnAtt is 0");
    check(right + "expect no MEMBER_DEACTIVATED\n", "is written only with 'messages all'");
    check(nothing + "at 60s hsm1 reset\n" + right.substr(right.find("log <<")),
          "after the end of the run");
    write_file(file, right);
    CHECK(run_hasim({"test", "--strict", file.string()}).exit_code == 0);
}

TEST_CASE("over TCP the same scenario holds")
{
    const TemporaryDirectory directory;
    write_file(directory.path() / "right.hasim", scenario(kRight));
    const Finished live = run_hasim({"test", "--live", "--speed", "50", directory.path().string()});
    CAPTURE(live.out, live.err);
    CHECK(live.exit_code == 0);
}

TEST_CASE("a JUnit file has one case a scenario, with what failed")
{
    const TemporaryDirectory directory;
    write_file(directory.path() / "a.hasim", scenario(kRight));
    write_file(directory.path() / "b.hasim",
               scenario("Wed Oct 4 00:00:10 2017 : [9] HA group: 100 has dropped member: 11\n"));
    const auto junit = directory.path() / "results.xml";
    CHECK(run_hasim({"test", directory.path().string(), "--junit", junit.string()}).exit_code == 1);
    const std::string xml = read_file(junit);
    CHECK_THAT(xml, ContainsSubstring("tests=\"2\" failures=\"1\" errors=\"0\""));
    CHECK_THAT(xml, ContainsSubstring("should be `Wed Oct 4 00:00:10 2017 : [9]"));
}

TEST_CASE("files with errors, and paths with nothing to play, are exit code 2")
{
    const TemporaryDirectory directory;
    CHECK(run_hasim({"test", directory.path().string()}).exit_code == 2);
    CHECK(run_hasim({"test", (directory.path() / "none.hasim").string()}).exit_code == 2);
    write_file(directory.path() / "broken.hasim", "hasim 1\nat noon hsm2 cable out\n");
    const Finished broken = run_hasim({"test", directory.path().string()});
    CHECK(broken.exit_code == 2);
    CHECK_THAT(broken.out, ContainsSubstring("broken.hasim:2:4: error: "));
}

TEST_CASE("random scenarios over TCP are those of virtual time")
{
    const Finished finished =
        run_hasim({"swarm", "--conf", (source_dir() / "config/basic.conf").string(), "--live", "4",
                   "--for", "30s", "--speed", "40"});
    CAPTURE(finished.out, finished.err);
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, StartsWith("4 scenarios over TCP at --speed 40: "));
}
