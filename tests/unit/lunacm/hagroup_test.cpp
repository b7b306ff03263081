// Goal: each hagroup command changes what it must in the configuration, says so, and refuses what makes no sense.
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "unit/lunacm/paper.hpp"

#include <algorithm>

using namespace hasim;
using test::Paper;

namespace {

constexpr const char* kConf = R"(# ours
VirtualToken = {
    VirtualToken00Label = pair; // the pair
    VirtualToken00SN = 11234;
    VirtualToken00Members = 1234, 5678, 9012;
}
HASynchronize = {
    pair = 1;
}
HAConfiguration = {
    reconnAtt = 5; // five
}
)";

Settings settings_of(const Paper& paper)
{
    const conf::Configuration read = conf::read(paper.text, "c");
    REQUIRE(read.ok());
    return read.settings;
}

std::string members(const std::vector<Serial>& serials)
{
    std::string text;
    for (const Serial serial : serials) {
        text += (text.empty() ? "" : " ") + std::string(serial.text());
    }
    return text;
}

bool is_good(const std::string& out)
{
    return out.find("\nCommand Result : No Error\n\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a session of every command, and what it leaves of the configuration")
{
    Paper paper(kConf);
    paper.runs = Paper::Running{{*Serial::parse("1234"), *Serial::parse("9012")}, {}};
    std::string transcript;
    for (const char* const line :
         {"hagroup listgroups",
          "hagroup addmember -group pair -serialnumber 3456 -password x",
          "hagroup addstandby -group pair -serialnumber 9012",
          "hagroup creategroup -label \"second one\" -serialnumber 777 -password x",
          "hagroup removemember -group pair -serialnumber 1234",
          "hagroup recover -group pair",
          "hagroup retry -count -1",
          "hagroup interval -interval 120",
          "hagroup recoverymode -mode ACTIVEENHANCED",
          "hagroup halog -path /var/log/ha",
          "hagroup halog -maxlength 100000",
          "hagroup halog -enable",
          "hagroup halog -show",
          "hagroup haonly -enable",
          "hagroup haonly -show",
          "hagroup synchronize -group pair -disable",
          "slot list",
          "partition showinfo -slot 1",
          "hagroup listgroups -group \"second one\"",
          "hagroup deletegroup -label \"second one\" -force",
          "hagroup removestandby -group pair -serialnumber 9012",
          "help hagroup halog"}) {
        transcript += "lunacm:> " + std::string(line) + "\n" + paper.run(line);
    }
    test::matches_golden("lunacm/session.txt", transcript + "---- c.conf\n" + paper.text);
}

TEST_CASE("names are understood in any case, and by their shortcuts, which are exact")
{
    for (const char* const line :
         {"HAGROUP RETRY -COUNT 7", "ha rt -c 7", "haGroup Retry -Count 7"}) {
        Paper paper(kConf);
        CHECK(is_good(paper.run(line)));
        CHECK(settings_of(paper).ha.recovery_attempts == 7);
    }
    for (const char* const line :
         {"hag retry -count 7", "hagroup re -count 7", "hagroup retry -co 7",
          "hagroup retry count 7", "retry -count 7"}) {
        CAPTURE(line);
        Paper paper(kConf);
        CHECK_FALSE(is_good(paper.run(line)));
        CHECK(paper.text == kConf);
    }
}

TEST_CASE("members come, go and stand by, and comments and the rest stay")
{
    Paper paper(kConf);
    CHECK(is_good(paper.run("hagroup addmember -group 11234 -serialnumber 42 -password x")));
    CHECK(members(settings_of(paper).groups[0].members) == "1234 5678 9012 42");
    CHECK(is_good(paper.run("hagroup addstandby -group pair -serialnumber 5678")));
    CHECK(members(settings_of(paper).groups[0].members) == "1234 9012 42");
    CHECK(members(settings_of(paper).groups[0].standby) == "5678");
    CHECK(is_good(paper.run("hagroup removestandby -group pair -slot 3")));
    CHECK(members(settings_of(paper).groups[0].members) == "1234 9012 42 5678");
    CHECK(settings_of(paper).groups[0].standby.empty());
    CHECK(settings_of(paper).groups[0].serial.text() == "11234");
    // Without the partition that the group was made of its number is another.
    CHECK(is_good(paper.run("hagroup removemember -group pair -serialnumber 1234")));
    CHECK(settings_of(paper).groups[0].serial.text() == "19012");
    CHECK(paper.text.find(
              "# ours\nVirtualToken = {\n    VirtualToken00Label = pair; // the pair\n") == 0);
    CHECK(paper.text.find("reconnAtt = 5; // five\n") != std::string::npos);
}

TEST_CASE("a group that is deleted leaves nothing of itself")
{
    Paper paper(kConf);
    REQUIRE(is_good(paper.run("hagroup creategroup -label two -serialnumber 8 -password x")));
    REQUIRE(is_good(paper.run("hagroup addmember -group two -serialnumber 9 -password x")));
    REQUIRE(is_good(paper.run("hagroup addstandby -group two -serialnumber 9")));
    REQUIRE(is_good(paper.run("hagroup recover -group two")));
    CHECK(settings_of(paper).groups.size() == 2);
    CHECK(settings_of(paper).groups[1].recover == 1);
    CHECK(settings_of(paper).groups[1].synchronize);
    REQUIRE(is_good(paper.run("hagroup deletegroup -label two -force")));
    CHECK(settings_of(paper).groups.size() == 1);
    CHECK(paper.text.find("two") == std::string::npos);
    CHECK(paper.text.find("VirtualToken01") == std::string::npos);
}

TEST_CASE("what makes no sense is refused, with a reason, and changes nothing")
{
    Paper paper(kConf);
    for (const auto& [line, reason] :
         {std::pair{"hagroup creategroup -label pair -serialnumber 1 -password x",
                    "already been used"},
          std::pair{"hagroup creategroup -serialnumber 1 -password x", "-label is missing"},
          std::pair{"hagroup creategroup -label b -password x", "-slot or with -serialnumber"},
          std::pair{"hagroup creategroup -label b -slot 1 -serialnumber 1", "-slot or with"},
          std::pair{"hagroup creategroup -label b -slot 99 -password x", "holds no partition"},
          std::pair{"hagroup creategroup -label b -serialnumber 12a -password x", "is no serial"},
          std::pair{"hagroup creategroup -label b -serialnumber 5678 -password x",
                    "already part of an"},
          std::pair{"hagroup creategroup -label b -serialnumber 1", "nobody to ask"},
          std::pair{"hagroup addmember -group none -serialnumber 1 -password x",
                    "no HA group 'none'"},
          std::pair{"hagroup addmember -serialnumber 1 -password x", "-group is missing"},
          std::pair{"hagroup removemember -group pair -serialnumber 1", "is no member"},
          std::pair{"hagroup addstandby -group pair -serialnumber 1", "is no active member"},
          std::pair{"hagroup removestandby -group pair -serialnumber 5678", "is no standby member"},
          std::pair{"hagroup retry -count 501", "from -1 to 500"},
          std::pair{"hagroup retry -count x", "from -1 to 500"},
          std::pair{"hagroup retry", "from -1 to 500"},
          std::pair{"hagroup retry -count", "needs a value"},
          std::pair{"hagroup retry -count 1 -count 2", "given twice"},
          std::pair{"hagroup interval -interval 59", "from 60 to 1200"},
          std::pair{"hagroup interval -interval 1201", "from 60 to 1200"},
          std::pair{"hagroup recoverymode -mode passive", "activeBasic or activeEnhanced"},
          std::pair{"hagroup halog -maxlength 1023", "from 1024"},
          std::pair{"hagroup halog", "Give one of"},
          std::pair{"hagroup halog -enable -disable", "Give one of"},
          std::pair{"hagroup haonly", "Give one of"},
          std::pair{"hagroup deletegroup -label pair", "Nothing was done"},
          std::pair{"hagroup", "needs a command"},
          std::pair{"hagroup dance", "is not a command"},
          std::pair{"dance", "is not a command"},
          std::pair{"hagroup listgroups -what", "is no option"},
          std::pair{"partition showinfo -slot 77", "no slot"},
          std::pair{"help dance", "no command"}}) {
        CAPTURE(line);
        const std::string out = paper.run(line);
        CHECK_THAT(out, ContainsSubstring(reason));
        CHECK_FALSE(is_good(out));
        CHECK(paper.text == kConf);
    }
    CHECK(paper.run("   ").empty());
}

TEST_CASE("the last active member stays, and a group has at most 32")
{
    Paper paper(
        "VirtualToken = {\nVirtualToken00Label = g;\nVirtualToken00SN = 1;\n"
        "VirtualToken00Members = 100;\n}\n");
    CHECK_THAT(paper.run("hagroup removemember -group g -serialnumber 100"),
               ContainsSubstring("last active member"));
    CHECK_THAT(paper.run("hagroup addstandby -group g -serialnumber 100"),
               ContainsSubstring("last active member"));
    for (int i = 1; i < 32; ++i) {
        REQUIRE(is_good(paper.run("hagroup addmember -group g -serialnumber " +
                                  std::to_string(100 + i) + " -password x")));
    }
    CHECK_THAT(paper.run("hagroup addmember -group g -serialnumber 999 -password x"),
               ContainsSubstring("at most 32"));
    CHECK(settings_of(paper).groups[0].members.size() == 32);
}

TEST_CASE("a hundred groups are all that there may be, and none is written over")
{
    std::string conf = "VirtualToken = {\n";
    for (int i = 0; i < 100; ++i) {
        const std::string number = std::to_string(100 + i);
        conf += "VirtualToken" + number.substr(1) + "Label = g" + number + ";\nVirtualToken" +
                number.substr(1) + "SN = 1" + number + ";\nVirtualToken" + number.substr(1) +
                "Members = " + number + ";\n";
    }
    Paper paper(conf + "}\n");
    CHECK_THAT(paper.run("hagroup creategroup -label x -serialnumber 5 -password x"),
               ContainsSubstring("There are 100 groups already"));
    CHECK(paper.text == conf + "}\n");
}

TEST_CASE("a label counts before a number, and the number of a group is its own")
{
    Paper paper("VirtualToken = {\nVirtualToken00Label = 200;\nVirtualToken00SN = 100;\n"
                "VirtualToken00Members = 1, 2;\nVirtualToken01Label = 100;\n"
                "VirtualToken01SN = 17;\nVirtualToken01Members = 5, 6;\n}\n");
    CHECK(is_good(paper.run("hagroup removemember -group 100 -serialnumber 6")));
    CHECK(members(settings_of(paper).groups[0].members) == "1 2");
    CHECK_THAT(paper.run("hagroup creategroup -label 17 -serialnumber 9 -password x"),
               ContainsSubstring("already been used"));
    CHECK_THAT(paper.run("hagroup creategroup -label y -serialnumber 7 -password x"),
               ContainsSubstring("The number 17 for the new group"));
    CHECK_THAT(paper.run("hagroup creategroup -label y -serialnumber 12345678901234567890"),
               ContainsSubstring("is too long"));
}

TEST_CASE("what was changed meanwhile is taken in, and what is stale does not join a new group")
{
    Paper paper(kConf);
    int edits = 0;
    paper.before_edit = [&] {
        if (++edits == 1) {
            paper.text.replace(paper.text.find("5678, 9012"), 10, "5678, 9012, 4444");
        }
    };
    CHECK(is_good(paper.run("hagroup addmember -group pair -serialnumber 5555 -password x")));
    CHECK(members(settings_of(paper).groups[0].members) == "1234 5678 9012 4444 5555");
    CHECK(edits == 2);
    paper.before_edit = nullptr;
    paper.text = "HAConfiguration = {\nnewStandbyMembers = 9;\n}\nHARecover = {\nnew = 4;\n}\n";
    CHECK(is_good(paper.run("hagroup creategroup -label new -serialnumber 9 -password x")));
    CHECK(settings_of(paper).groups[0].standby.empty());
    CHECK(settings_of(paper).groups[0].recover == 0);
}

TEST_CASE("a partition that a running hasim has and no group names is a slot")
{
    Paper paper(kConf);
    paper.runs = Paper::Running{{}, {*Serial::parse("1234"), *Serial::parse("31")}};
    CHECK_THAT(paper.run("slot list"), ContainsSubstring("Serial Number ->        31\n"));
    CHECK(is_good(paper.run("hagroup addmember -group pair -slot 3 -password x")));
    CHECK(members(settings_of(paper).groups[0].members) == "1234 5678 9012 31");
}

TEST_CASE("a question is answered, or not")
{
    Paper paper(kConf);
    paper.answers = {"quit"};
    CHECK_FALSE(is_good(paper.run("hagroup deletegroup -label pair")));
    paper.answers = {"secret"};
    CHECK(is_good(paper.run("hagroup addmember -group pair -serialnumber 1")));
    paper.answers = {"proceed"};
    CHECK(is_good(paper.run("hagroup deletegroup -label pair")));
    CHECK(settings_of(paper).groups.empty());
}

TEST_CASE("an edit that fails is told, and a configuration that is wrong is not touched")
{
    Paper paper(kConf);
    paper.refuses = "c.conf: is read-only";
    const std::string out = paper.run("hagroup retry -count 3");
    CHECK_THAT(out, ContainsSubstring("Error:  c.conf: is read-only") &&
                        !ContainsSubstring("has been set"));
    Paper broken("HAConfiguration = {\nreconnAtt = many;\n}\n");
    for (const lunacm::CommandSpec& command : lunacm::commands()) {
        const std::string said =
            broken.run(std::string(command.family) + " " + std::string(command.name));
        CAPTURE(command.name);
        CHECK_THAT(said, ContainsSubstring("c.conf:2:13: error: "));
        CHECK_FALSE(is_good(said));
    }
}

TEST_CASE("completion knows commands and options")
{
    using Words = std::vector<std::string>;
    CHECK(lunacm::completions("") == Words{"exit", "hagroup", "help", "partition", "slot"});
    CHECK(lunacm::completions("HAG") == Words{"hagroup"});
    CHECK(lunacm::completions("hagroup re") ==
          Words{"recover", "recoverymode", "removemember", "removestandby", "retry"});
    CHECK(lunacm::completions("ha retry -") == Words{"-count"});
    CHECK(lunacm::completions("hagroup halog -m") == Words{"-maxlength"});
    CHECK(lunacm::completions("help sl") == Words{"slot"});
    CHECK(lunacm::completions("dance ").empty());
    CHECK(lunacm::completions("hagroup listgroups x").empty());
}

TEST_CASE("every command has a help of its own, and names no command twice")
{
    std::set<std::string> names;
    std::set<std::string> shortcuts;
    for (const lunacm::CommandSpec& command : lunacm::commands()) {
        const std::string name = std::string(command.family) + " " + std::string(command.name);
        Paper paper(kConf);
        CHECK_THAT(paper.run("help " + name), ContainsSubstring(std::string(command.help)));
        CHECK(names.insert(name).second);
        CHECK(shortcuts.insert(std::string(command.family) + " " + std::string(command.shortcut))
                  .second);
        std::set<std::string_view> options;
        for (const lunacm::OptionSpec& option : command.options) {
            CHECK(options.insert(option.name).second);
            CHECK(options.insert(option.shortcut).second);
        }
    }
}
