// Goal: scripts and people who know LunaCM set up groups with hasim lunacm, beside a hasim that runs with the same
// configuration or without one.
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"
#include "support/terminal.hpp"

using namespace hasim::test;
namespace fs = std::filesystem;

namespace {

class Desk {
public:
    Desk()
    {
        fs::copy_file(source_dir() / "config/Chrystoki.conf", conf());
        fs::create_symlink(binary(), link());
    }
    [[nodiscard]] std::string conf() const { return (folder_.path() / "c.conf").string(); }
    [[nodiscard]] fs::path link() const { return folder_.path() / "lunacm"; }
    [[nodiscard]] std::string log() const { return (folder_.path() / "log").string(); }
    [[nodiscard]] std::string text() const { return read_file(conf()); }

    using Environment = std::vector<std::pair<std::string, std::string>>;
    [[nodiscard]] Environment environment() const
    {
        return {{"XDG_RUNTIME_DIR", folder_.path().string()}};
    }

    /// The link named lunacm, as scripts call it.
    [[nodiscard]] Finished lunacm(std::vector<std::string> words, std::string input = {}) const
    {
        words.insert(words.begin(), {"--conf", conf(), "-q"});
        return run_hasim(
            words, {.program = link(), .environment = environment(), .input = std::move(input)});
    }

private:
    TemporaryDirectory folder_;
};

}  // namespace

TEST_CASE("published ways to call LunaCM: words, -c, one quoted command, a pipe")
{
    const Desk desk;
    const Finished plain = desk.lunacm({"hagroup", "listgroups"});
    CHECK(plain.exit_code == 0);
    CHECK_THAT(plain.out, ContainsSubstring("HA Group Number:  11234840370164") &&
                              EndsWith("\nCommand Result : No Error\n\n"));
    CHECK(desk.lunacm({"-c", "hagroup", "listgroups"}).out == plain.out);
    CHECK(desk.lunacm({"-c", "hagroup listgroups"}).out == plain.out);
    CHECK(desk.lunacm({}, "hagroup listgroups\r\nexit\nnever read\n").out == plain.out);
    // echo 'copy' | lunacm -c hagroup createGroup ...
    const Finished created = desk.lunacm({"-c", "hagroup", "createGroup", "-label", "new",
                                          "-serialNumber", "42", "-password", "p@ss$ \"word\""},
                                         "copy\n");
    CHECK_THAT(created.out, ContainsSubstring("HA Group Number:  142\n"));
    CHECK_THAT(desk.text(), ContainsSubstring("VirtualToken01Label = new;"));
}

TEST_CASE("the exit code is the product's, or tells with --strict")
{
    const Desk desk;
    CHECK(desk.lunacm({"hagroup", "dance"}).exit_code == 0);
    CHECK(desk.lunacm({"--strict", "hagroup", "dance"}).exit_code == 1);
    CHECK(desk.lunacm({"--strict", "hagroup", "listgroups"}).exit_code == 0);
    CHECK(desk.lunacm({"--strict"}, "hagroup dance\nhagroup listgroups\n").exit_code == 1);
    CHECK(desk.lunacm({"-c"}).exit_code == 2);
    const Finished none = run_hasim({"lunacm", "hagroup", "listgroups"},
                                    {.environment = {{"ChrystokiConfigurationPath", ""}}});
    CHECK(none.exit_code == 2);
    CHECK_THAT(none.err, ContainsSubstring("--conf FILE"));
}

TEST_CASE("who is alive is what a hasim says that runs with this configuration")
{
    const Desk desk;
    const auto members = [&] { return desk.lunacm({"hagroup", "listgroups"}).out; };
    CHECK_THAT(members(), !ContainsSubstring("alive"));
    Process run({"run", "--conf", desk.conf(), "--speed", "10", "--log-dir", desk.log()},
                {.environment = desk.environment()});
    REQUIRE(run.wait_for("ready"));
    CHECK_THAT(members(), !ContainsSubstring("down"));
    REQUIRE(run_hasim({"ctl", "hsm2 ntls stop"}, {.environment = desk.environment()}).exit_code ==
            0);
    CHECK_THAT(members(), ContainsSubstring("------  1234840370164") &&
                              ContainsSubstring("1234840370164     alive\n") &&
                              ContainsSubstring("------------      down\n"));
    // Another configuration is another matter.
    fs::copy_file(desk.conf(), desk.conf() + ".other");
    const Finished other =
        run_hasim({"lunacm", "-q", "--conf", desk.conf() + ".other", "hagroup", "listgroups"},
                  {.environment = desk.environment()});
    CHECK_THAT(other.out, !ContainsSubstring("alive"));
    run.send_signal(SIGINT);
    CHECK(run.wait().exit_code == 130);
}

TEST_CASE(
    "a member that lunacm adds is detected by the hasim that runs, one that it recovers is retried")
{
    const Desk desk;
    Process run({"run", "--conf", desk.conf(), "--speed", "60", "--log-dir", desk.log()},
                {.environment = desk.environment()});
    REQUIRE(run.wait_for("ready"));
    CHECK(desk.lunacm({"--strict", "hagroup", "addmember", "-group", "haGroup1", "-serialnumber",
                       "1235008008202", "-password", "x"})
              .exit_code == 0);
    CHECK(run.wait_for("detected new member member: 1235008008202"));
    REQUIRE(run_hasim({"ctl", "hsm1 ntls stop"}, {.environment = desk.environment()}).exit_code ==
            0);
    CHECK(run.wait_for("has dropped member: 1234840370164"));
    CHECK(desk.lunacm({"--strict", "hagroup", "recover", "-group", "haGroup1"}).exit_code == 0);
    CHECK_THAT(desk.text(), ContainsSubstring("haGroup1 = 2; // Trigger manual recovery"));
    run.send_signal(SIGINT);
    CHECK(run.wait().exit_code == 130);
}

TEST_CASE("on a terminal lunacm greets, completes, remembers, and hides what is secret")
{
    const Desk desk;
    const std::string next = "\r\n\r\nCommand Result : No Error\r\n\r\nlunacm:> ";
    const Shown shown = run_on_terminal(
        {"lunacm", "--conf", desk.conf()}, 100,
        {{"lunacm:> ", "hagr\tret\t-c\t3\r"},
         {"has been set to 3" + next,
          "\x1b[A\x7f"
          "5\r"},
         {"has been set to 5" + next, "hagroup addmember -group haGroup1 -serialnumber 77\r"},
         {"Enter the password: ", "topsecret\r"},
         {"down" + next, "exit\r"}});
    CAPTURE(shown.raw);
    CHECK(shown.same_terminal);
    CHECK_THAT(shown.raw, ContainsSubstring("no Luna is near") &&
                              ContainsSubstring("Available HSMs:") &&
                              !ContainsSubstring("topsecret"));
    CHECK_THAT(desk.text(), ContainsSubstring("reconnAtt = 5;") && ContainsSubstring(", 77;"));
}

TEST_CASE("Ctrl-C at the password prompt ends lunacm, changes nothing and gives the terminal back")
{
    const Desk desk;
    const std::string before = desk.text();
    const Shown shown =
        run_on_terminal({"lunacm", "--conf", desk.conf()}, 100,
                        {{"lunacm:> ", "hagroup addmember -group haGroup1 -serialnumber 77\r"},
                         {"Enter the password: ", "topsec\x03"}});
    CAPTURE(shown.raw);
    CHECK(WIFSIGNALED(shown.status));
    CHECK(WTERMSIG(shown.status) == SIGINT);
    CHECK(shown.same_terminal);
    CHECK_THAT(shown.raw, !ContainsSubstring("topsec"));
    CHECK(desk.text() == before);
}
