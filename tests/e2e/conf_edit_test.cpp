// Goal: a user's Chrystoki.conf is edited without being spoilt, whatever goes wrong.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

using namespace hasim::test;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() { write_file(conf, before); }
    [[nodiscard]] Finished hasim(std::vector<std::string> words) const
    {
        words.insert(words.end(), {"--conf", conf});
        return run_hasim(words);
    }
    TemporaryDirectory folder;
    std::string conf = (folder.path() / "c.conf").string();
    std::string before = read_file(source_dir() / "config/Chrystoki.conf");
};

}  // namespace

TEST_CASE("conf set changes one value, conf unset takes one entry out, and nothing else is touched")
{
    const Folder folder;
    CHECK(folder.hasim({"conf", "set", "HAConfiguration", "reconnAtt", "-1"}).exit_code == 0);
    std::string after = folder.before;
    after.replace(after.find("reconnAtt = 120;"), 16, "reconnAtt = -1;");
    CHECK(read_file(folder.conf) == after);
    CHECK(folder.hasim({"conf", "unset", "HARecover", "haGroup1"}).exit_code == 0);
    after.erase(after.find("haGroup1 = 1; // Trigger"), 14);
    CHECK(read_file(folder.conf) == after);
    const Finished same = folder.hasim({"conf", "unset", "HARecover", "haGroup1"});
    CHECK(same.exit_code == 0);
    CHECK_THAT(same.err, EndsWith("nothing to change\n"));
}

TEST_CASE("an edit that makes the configuration wrong is refused, and a misspelt key is told")
{
    const Folder folder;
    const Finished wrong = folder.hasim({"conf", "set", "HAConfiguration", "logLen", "12"});
    CHECK(wrong.exit_code == 2);
    CHECK_THAT(wrong.err, ContainsSubstring("was not changed: ") && ContainsSubstring("logLen"));
    CHECK(read_file(folder.conf) == folder.before);
    CHECK(folder.hasim({"conf", "set", "HAConfiguration", "logLen", "12", "--force"}).exit_code ==
          0);
    // What was wrong before does not keep other edits out.
    const Finished misspelt = folder.hasim({"conf", "set", "HAConfiguration", "ReconnAtt", "5"});
    CHECK(misspelt.exit_code == 0);
    CHECK_THAT(misspelt.err, ContainsSubstring("did you mean 'reconnAtt'"));
}

TEST_CASE("what cannot be written is one line and exit code 3, and the old file is whole")
{
    const Folder folder;
    std::string conf = folder.conf;
    SECTION("read-only")
    {
        REQUIRE(::chmod(conf.c_str(), 0444) == 0);
    }
    SECTION("a link")
    {
        const std::string target = conf + ".target";
        fs::rename(conf, target);
        fs::create_symlink(target, conf);
    }
    SECTION("no room")
    {
        // A limit on the size of files fails as a full disk does.
        const Finished full = run_hasim({"-c",
                                         "ulimit -f 1; trap '' XFSZ; exec \"$0\" conf set "
                                         "HAConfiguration reconnAtt 7 --conf \"$1\"",
                                         binary().string(), conf},
                                        {.program = "/bin/sh"});
        CHECK(full.exit_code == 3);
        CHECK_THAT(full.err, ContainsSubstring("cannot be written"));
        CHECK(read_file(conf) == folder.before);
        return;
    }
    const Finished refused = folder.hasim({"conf", "set", "HAConfiguration", "reconnAtt", "7"});
    CHECK(refused.exit_code == 3);
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    CHECK_THAT(refused.err, ContainsSubstring(conf));
    CHECK(read_file(conf) == folder.before);
}

TEST_CASE("edits at the same time take turns, and none is lost")
{
    const Folder folder;
    std::vector<std::unique_ptr<Process>> editors;
    for (int i = 0; i < 12; ++i) {
        const std::string number = std::to_string(i);
        editors.push_back(std::make_unique<Process>(std::vector<std::string>{
            "conf", "set", "Misc", "key" + number, "x", "--conf", folder.conf, "-q"}));
        editors.push_back(std::make_unique<Process>(std::vector<std::string>{
            "lunacm", "-q", "--strict", "--conf", folder.conf, "hagroup", "recover", "-group",
            "haGroup1"}));
        editors.push_back(std::make_unique<Process>(std::vector<std::string>{
            "lunacm", "-q", "--strict", "--conf", folder.conf, "hagroup", "addmember", "-group",
            "haGroup1", "-serialnumber", "77" + number, "-password", "x"}));
    }
    for (const auto& editor : editors) {
        const Finished finished = editor->wait();
        INFO(finished.out + finished.err);
        CHECK(finished.exit_code == 0);
    }
    const std::string after = read_file(folder.conf);
    CHECK_THAT(after, ContainsSubstring("haGroup1 = 13; // Trigger"));
    for (int i = 0; i < 12; ++i) {
        CHECK_THAT(after, ContainsSubstring("key" + std::to_string(i) + " = x;") &&
                              ContainsSubstring(", 77" + std::to_string(i)));
    }
}

TEST_CASE("init writes a configuration that a run takes, and no file that is there already")
{
    const Folder folder;
    const std::string fresh = (folder.folder.path() / "new.conf").string();
    CHECK(run_hasim({"init", fresh, "--members", "3", "--standby", "1"}).exit_code == 0);
    const Finished check = run_hasim({"conf", "check", "--strict", fresh});
    CHECK(check.exit_code == 0);
    CHECK(check.out.empty());
    const Finished again = run_hasim({"init", fresh});
    CHECK(again.exit_code == 3);
    CHECK_THAT(again.err, ContainsSubstring("File exists"));
    CHECK(run_hasim({"init", "--print", "--members", "2", "--standby", "2"}).exit_code == 2);
    CHECK(run_hasim({"init", "--print", "--label", "a;b"}).exit_code == 2);
    const Finished run = run_hasim({"run", "--conf", fresh, "--virtual", "--for", "5m", "--log-dir",
                                    (folder.folder.path() / "log").string()});
    CHECK(run.exit_code == 0);
    const Finished ini = run_hasim({"init", (folder.folder.path() / "crystoki.ini").string()});
    CHECK(ini.exit_code == 0);
    CHECK_THAT(read_file(folder.folder.path() / "crystoki.ini"),
               ContainsSubstring("[HAConfiguration]\r\n"));
}
