// Goal: an application finds in its lab's folder what the lab wrote, one lab has a folder, and none is left behind.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "conf/configuration.hpp"
#include "lab/child.hpp"
#include "lab/derived_conf.hpp"
#include "lab/lab_directory.hpp"
#include "lab/lab_file.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;
using namespace hasim::lab;
namespace fs = std::filesystem;

TEST_CASE("a lab file is read as it was written")
{
    const test::TemporaryDirectory folder;
    LabFile file;
    file.control = "/tmp/with a blank/control";
    file.speed = 2.5;
    file.steady_at_start = 123;
    file.wall_at_start = 456;
    file.placements = {{{}, *Serial::parse("007"), 3}, {{}, *Serial::parse("8"), 1}};
    std::ofstream(folder.path() / kLabFileName) << text_of(file);
    const LabFile read = read_lab_file(folder.path().string());
    CHECK(read.control == file.control);
    CHECK(read.speed == file.speed);
    CHECK(read.steady_at_start == 123);
    CHECK(read.wall_at_start == 456);
    CHECK(read.placements == file.placements);
}

TEST_CASE("without a lab file, or with nonsense in it, there is no lab")
{
    const test::TemporaryDirectory folder;
    const auto is_none = [&] {
        const LabFile read = read_lab_file(folder.path().string());
        return read.control.empty() && read.placements.empty() && read.speed == 1 &&
               read.steady_at_start == 0;
    };
    CHECK(is_none());
    std::ofstream(folder.path() / kLabFileName)
        << "speed -3\nspeed 1e99\nspeed\nclock\nclock 1\nclock x y\nplace 12\nplace x 1\n"
           "place 12 0\nplace 12 99999999999\nnothing\n\n";
    CHECK(is_none());
}

TEST_CASE("the configuration that is made for applications says what the user's says")
{
    const std::string source = test::source_dir().string();
    for (const char* name : {"Chrystoki.conf", "enhanced.conf", "standby.conf", "two-groups.conf",
                             "no-recovery.conf", "with-servers.conf", "basic.conf"}) {
        INFO(name);
        std::ifstream in(source + "/config/" + name);
        const std::string text(std::istreambuf_iterator<char>(in), {});
        const conf::Configuration user = conf::read(text, name);
        REQUIRE(user.ok());
        const conf::Configuration made =
            conf::read(derived_conf(user.settings, {1001, 1002}, "/tmp/log"), "made");
        for (const Finding& finding : made.findings) {
            CHECK(finding.severity == Severity::note);  // what is chosen, not what is wrong
        }
        Settings expected = user.settings;
        expected.ha.log_path = "/tmp/log";
        expected.servers = {{"127.0.0.1", 1001}, {"127.0.0.1", 1002}};
        expected.server_ca_file.clear();
        expected.client_cert_file.clear();
        expected.client_key_file.clear();
        CHECK(made.settings == expected);
    }
}

TEST_CASE("a folder has one lab at a time")
{
    const test::TemporaryDirectory folder;
    const std::string path = (folder.path() / "lab").string();
    {
        auto first = LabDirectory::at(path);
        REQUIRE(std::holds_alternative<LabDirectory>(first));
        auto second = LabDirectory::at(path);
        REQUIRE(std::holds_alternative<std::string>(second));
        CHECK(std::get<std::string>(second).find("in use by another lab") != std::string::npos);
    }
    CHECK(fs::exists(path));
    CHECK(std::holds_alternative<LabDirectory>(LabDirectory::at(path)));
}

TEST_CASE("a folder of one command goes with it, and what a killed one left goes with the next")
{
    const test::TemporaryDirectory folder;
    ::setenv("TMPDIR", folder.path().c_str(), 1);
    const fs::path left = folder.path() / "hasim-lab-left";
    const fs::path other = folder.path() / "hasim-lab-without-a-lock";
    fs::create_directory(left);
    std::ofstream(left / "lock") << "";
    fs::create_directory(other);
    std::string path;
    {
        auto made = LabDirectory::temporary();
        REQUIRE(std::holds_alternative<LabDirectory>(made));
        path = std::get<LabDirectory>(made).path();
        CHECK(fs::exists(path));
        CHECK_FALSE(fs::exists(left));
        CHECK(fs::exists(other));
        auto second = LabDirectory::temporary();
        CHECK(fs::exists(path));
    }
    CHECK_FALSE(fs::exists(path));
    ::unsetenv("TMPDIR");
}

TEST_CASE("a command ends with its exit code, or with the signal that ended it")
{
    const auto run = [](const std::vector<std::string>& command) {
        auto started = Child::start(command, {{"HASIM_TEST_VALUE", "7"}});
        REQUIRE(std::holds_alternative<Child>(started));
        return std::get<Child>(started).exit_code();
    };
    CHECK(run({"true"}) == 0);
    CHECK(run({"sh", "-c", "exit $HASIM_TEST_VALUE"}) == 7);
    CHECK(run({"sh", "-c", "kill -TERM $$"}) == 128 + SIGTERM);
    const auto none = Child::start({"no-such-command-anywhere"}, {});
    REQUIRE(std::holds_alternative<Child::Failure>(none));
    CHECK(std::get<Child::Failure>(none).text ==
          "no-such-command-anywhere cannot be started: No such file or directory");
    CHECK(std::get<Child::Failure>(none).exit_code == 127);
    const auto folder = Child::start({"/"}, {});
    REQUIRE(std::holds_alternative<Child::Failure>(folder));
    CHECK(std::get<Child::Failure>(folder).exit_code == 126);
}

TEST_CASE("a command that is still running ends with its lab")
{
    pid_t pid = 0;
    {
        auto started = Child::start({"sleep", "1000"}, {});
        REQUIRE(std::holds_alternative<Child>(started));
        pid = std::get<Child>(started).pid();
        CHECK(::kill(pid, 0) == 0);
    }
    CHECK(::kill(pid, 0) != 0);
}
