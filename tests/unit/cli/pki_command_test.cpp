// Goal: `hasim pki` makes its files, says which, and never writes over what is there unless that is asked for.
#include <sys/stat.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "cli/application.hpp"
#include "cli/commands.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

namespace fs = std::filesystem;
using hasim::cli::ExitCode;
using hasim::test::read_file;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;

namespace {

struct Made {
    ExitCode code;
    std::string results;
    std::string diagnostics;
};

Made run_pki(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), "pki");
    std::ostringstream results;
    std::ostringstream diagnostics;
    hasim::cli::Console console(results, diagnostics);
    const ExitCode code =
        hasim::cli::run_application(arguments, hasim::cli::all_commands(), console);
    return {code, results.str(), diagnostics.str()};
}

std::size_t files_in(const fs::path& folder)
{
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("pki makes a directory with eight files, and keys are for their owner alone")
{
    const TemporaryDirectory folder;
    const fs::path directory = folder.path() / "deep" / "pki";
    const Made made = run_pki({directory.string()});
    CHECK(made.code == ExitCode::done);
    CHECK(made.diagnostics.empty());
    CHECK(files_in(directory) == 8);
    for (const auto& entry : fs::directory_iterator(directory)) {
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        CHECK_THAT(made.results, ContainsSubstring(name + " "));
        struct stat status {};
        REQUIRE(::stat(entry.path().c_str(), &status) == 0);
        const bool key = name.ends_with("-key.pem");
        CHECK(((status.st_mode & 0777) == 0600) == key);
        CHECK_THAT(read_file(entry.path()), StartsWith(key ? "-----BEGIN PRIVATE KEY-----\n"
                                                           : "-----BEGIN CERTIFICATE-----\n"));
    }
    CHECK_THAT(
        made.results,
        EndsWith("    ServerCAFile = " + (directory / "ca.pem").string() +
                 ";\n    ClientCertFile = " + (directory / "client.pem").string() +
                 ";\n    ClientPrivKeyFile = " + (directory / "client-key.pem").string() + ";\n"));
}

TEST_CASE("pki says absolute paths for a relative directory")
{
    const TemporaryDirectory folder;
    const fs::path relative = fs::relative(folder.path()) / "pki" / "..";
    CHECK_THAT(run_pki({relative.string()}).results,
               ContainsSubstring("ServerCAFile = " + (folder.path() / "ca.pem").string() + ";"));
}

TEST_CASE("pki keeps what is there, and makes nothing then")
{
    const TemporaryDirectory folder;
    write_file(folder.path() / "client-key.pem", "mine");
    const Made made = run_pki({folder.path().string()});
    CHECK(made.code == ExitCode::usage);
    CHECK(made.results.empty());
    CHECK(made.diagnostics == "hasim: error: " + (folder.path() / "client-key.pem").string() +
                                  ": exists already; name another directory, or give --force to "
                                  "replace what is there\n");
    CHECK(files_in(folder.path()) == 1);
    CHECK(read_file(folder.path() / "client-key.pem") == "mine");
    CHECK(run_pki({folder.path().string(), "--force"}).code == ExitCode::done);
    CHECK(files_in(folder.path()) == 8);
    const std::string key = read_file(folder.path() / "client-key.pem");
    CHECK(key != "mine");
    CHECK(run_pki({folder.path().string()}).code == ExitCode::usage);
    CHECK(read_file(folder.path() / "client-key.pem") == key);
}

TEST_CASE("pki refuses what it cannot use before it makes anything")
{
    const TemporaryDirectory folder;
    const std::string directory = (folder.path() / "pki").string();
    write_file(folder.path() / "file", "mine");
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{},
                                               {""},
                                               {directory, "--days", "0"},
                                               {directory, "--days", "36501"},
                                               {directory, "--client", ""},
                                               {directory, "--client", std::string(65, 'x')},
                                               {directory, "--client", "two\nlines"},
                                               {(folder.path() / "file").string(), "--force"}}) {
        CAPTURE(arguments);
        const Made made = run_pki(arguments);
        CHECK(made.code == ExitCode::usage);
        CHECK(made.results.empty());
        CHECK_THAT(made.diagnostics, StartsWith("hasim: error: "));
    }
    CHECK(files_in(folder.path()) == 1);
    const Made blocked = run_pki({(folder.path() / "file" / "pki").string()});
    CHECK(blocked.code == ExitCode::environment);
    CHECK_THAT(blocked.diagnostics, ContainsSubstring("cannot be made: "));
}
