// Goal: `hasim conf check` and `hasim conf show` say on the right stream what the reader found, with the right
// exit code.
#include "cli/application.hpp"

#include "cli/commands.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"

#include <boost/json/parse.hpp>

#include <sstream>
#include <string>

using hasim::cli::ExitCode;

namespace {

struct Checked {
    ExitCode code;
    std::string results;
    std::string diagnostics;
};

Checked run_conf(const std::vector<std::string>& arguments)
{
    std::ostringstream results;
    std::ostringstream diagnostics;
    hasim::cli::Console console(results, diagnostics);
    const ExitCode code =
        hasim::cli::run_application(arguments, hasim::cli::all_commands(), console);
    return {code, results.str(), diagnostics.str()};
}

// Golden texts must not name the place of the source tree.
std::string without_source_dir(std::string text)
{
    const std::string root = hasim::test::source_dir().string() + "/";
    for (auto at = text.find(root); at != std::string::npos; at = text.find(root, at)) {
        text.erase(at, root.size());
    }
    return text;
}

std::string config(const std::string& name)
{
    return (hasim::test::source_dir() / "config" / name).string();
}

}  // namespace

TEST_CASE("conf check of a good file prints no finding and exits with 0")
{
    const Checked outcome = run_conf({"conf", "check", config("Chrystoki.conf")});
    CHECK(outcome.code == ExitCode::done);
    CHECK(outcome.results.empty());
    CHECK_THAT(outcome.diagnostics, EndsWith("Chrystoki.conf: nothing to complain about\n"));
}

TEST_CASE("conf check prints findings as results: 0 with warnings, 1 with errors")
{
    const Checked warned = run_conf({"conf", "check", config("broken/misspelt-keys.conf")});
    CHECK(warned.code == ExitCode::done);
    CHECK(warned.diagnostics.empty());
    hasim::test::matches_golden("conf-check/misspelt-keys.txt", without_source_dir(warned.results));
    const Checked failed = run_conf({"conf", "check", config("broken/bad-values.conf")});
    CHECK(failed.code == ExitCode::does_not_hold);
    CHECK(failed.diagnostics.empty());
    hasim::test::matches_golden("conf-check/bad-values.txt", without_source_dir(failed.results));
}

TEST_CASE("conf check --strict takes a warning for an error, and no note")
{
    CHECK(run_conf({"conf", "check", config("broken/misspelt-keys.conf"), "--strict"}).code ==
          ExitCode::does_not_hold);
    CHECK_THAT(
        run_conf({"conf", "check", config("broken/misspelt-keys.conf"), "--strict", "--json"})
            .results,
        ContainsSubstring("\"ok\": false"));
    const Checked noted = run_conf({"conf", "check", config("no-recovery.conf"), "--strict"});
    CHECK_THAT(noted.results, ContainsSubstring(": note: "));
    CHECK(noted.code == ExitCode::done);
}

TEST_CASE("conf check exits with 2 when there is nothing to read")
{
    const hasim::test::TemporaryDirectory folder;
    const std::string empty = (folder.path() / "empty.conf").string();
    hasim::test::write_file(empty, " \n");
    const std::string large = (folder.path() / "large.conf").string();
    hasim::test::write_file(large, std::string(10'000'000, 'x'));
    for (const std::string& path : {empty, large, config("no-such.conf"), config("broken"),
                                    config("broken/control-character.conf")}) {
        CAPTURE(path);
        for (const char* const command : {"check", "show"}) {
            const Checked outcome = run_conf({"conf", command, path});
            CHECK(outcome.code == ExitCode::usage);
            CHECK(outcome.results.empty());
            CHECK_THAT(outcome.diagnostics, StartsWith(path) && ContainsSubstring("error: "));
        }
    }
    CHECK(run_conf({"conf", "check"}).code == ExitCode::usage);
}

TEST_CASE("conf check --json holds the same findings")
{
    const Checked outcome = run_conf({"conf", "check", "--json", config("broken/bad-groups.conf")});
    CHECK(outcome.code == ExitCode::does_not_hold);
    const auto json = boost::json::parse(outcome.results);
    CHECK_FALSE(json.at("ok").as_bool());
    const auto& findings = json.at("findings").as_array();
    REQUIRE(!findings.empty());
    CHECK(findings[0].at("line").to_number<int>() == 5);
    CHECK(findings[0].at("severity").as_string() == "error");
}

TEST_CASE("conf show prints every setting with its place")
{
    const Checked note = run_conf({"conf", "show", config("Chrystoki.conf")});
    CHECK(note.code == ExitCode::done);
    CHECK(note.diagnostics.empty());
    hasim::test::matches_golden("conf-show/note.txt", without_source_dir(note.results));
    const Checked json = run_conf({"conf", "show", "--json", config("standby.conf")});
    CHECK(json.code == ExitCode::done);
    CHECK(boost::json::parse(json.results).at("settings").as_array().size() == 19);
    hasim::test::matches_golden("conf-show/standby.json", without_source_dir(json.results));
}

TEST_CASE("conf show of a broken file shows no settings but what is wrong")
{
    const Checked outcome = run_conf({"conf", "show", config("broken/bad-groups.conf")});
    CHECK(outcome.code == ExitCode::does_not_hold);
    CHECK(outcome.results.empty());
    CHECK_THAT(outcome.diagnostics, ContainsSubstring("bad-groups.conf:5:27: error: "));
}
