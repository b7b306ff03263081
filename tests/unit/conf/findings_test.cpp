// Goal: each broken file under config/broken gets the findings that its golden file holds, which is what `hasim conf
// check` prints; and hostile input costs neither time nor pages.
#include "conf/configuration.hpp"

#include "conf/finding_list.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"
#include "unit/conf/sample.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <string>

using hasim::conf::Configuration;
using hasim::test::findings_of;
using hasim::test::sample_conf;

namespace {

using Lines = std::vector<std::string>;

std::string joined(const Lines& lines)
{
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

// The one complaint about an entry of HAConfiguration.
std::string about(const std::string& entry)
{
    const auto configuration = hasim::conf::read(sample_conf(entry + "\n"), "f");
    return joined(findings_of(configuration));
}

}  // namespace

TEST_CASE("each broken sample gets exactly its golden findings")
{
    const auto folder = hasim::test::source_dir() / "config" / "broken";
    std::set<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        names.insert(file.path().stem().string());
    }
    REQUIRE(names.size() >= 8);
    for (const std::string& name : names) {
        CAPTURE(name);
        const std::string text = hasim::test::read_file(folder / (name + ".conf"));
        const auto configuration = hasim::conf::read(text, "config/broken/" + name + ".conf");
        hasim::test::matches_golden("conf-check/" + name + ".txt",
                                    joined(findings_of(configuration)));
    }
}

TEST_CASE("an unknown key says what may have been meant")
{
    CHECK(about("ReconnAtt = 20;") ==
          "f:9:1: warning: unknown key 'ReconnAtt' is ignored; did you mean 'reconnAtt'?\n");
    CHECK(about("HALogPath = x;") ==
          "f:9:1: warning: unknown key 'HALogPath' is ignored; did you mean 'haLogPath'?\n");
    CHECK(about("RecieveTimeout = 1;") ==
          "f:9:1: warning: unknown key 'RecieveTimeout' is ignored; did you mean 'ReceiveTimeout' "
          "in section 'LunaSA Client'?\n");
    CHECK(about("ReceiveTimeout = 1;") ==
          "f:9:1: warning: 'ReceiveTimeout' is ignored here; it belongs into section 'LunaSA "
          "Client'\n");
    CHECK(about("VirtualToken01Label = x;") ==
          "f:9:1: warning: 'VirtualToken01Label' is ignored here; it belongs into section "
          "'VirtualToken'\n");
    CHECK(about("StandbyMembers = 1;") ==
          "f:9:1: warning: 'StandbyMembers' is ignored without a group; put the group's label in "
          "front: 'haGroup1StandbyMembers'\n");
    CHECK(about("Shoesize = 43;") == "f:9:1: warning: unknown key 'Shoesize' is ignored\n");
}

TEST_CASE("keys of other Luna components are known and silent")
{
    const auto configuration = hasim::conf::read(
        sample_conf("",
                    "Chrystoki2 = { LibUNIX64 = /x; }\nLuna = { CommandTimeoutPedSet = 1; }\n"
                    "CkLog2 = { Enabled = 1; File = /tmp/x; }\nXTC = { Whatever = 1; }\n"
                    "Secure Trusted Channel = { SoftTokenDir = /x; }\n"
                    "REST = { AuthTokenConfigURI = https://example/x; }\n"
                    "Presentation = { File = x; }\n"),
        "f");
    CHECK(findings_of(configuration) == Lines{});
}

TEST_CASE("hasim's keys are missed in the sections of other components too")
{
    const auto configuration =
        hasim::conf::read(sample_conf("", "Presentation = { reconnAtt = 1; }\n"), "f");
    CHECK(findings_of(configuration) ==
          Lines{"f:10:18: warning: 'reconnAtt' is ignored here; it belongs into section "
                "'HAConfiguration'"});
}

TEST_CASE("a TAB is noted once")
{
    const auto configuration =
        hasim::conf::read(sample_conf("\tHAOnly = 1;\n\tlogLen=1024;\n"), "f");
    REQUIRE(configuration.findings.size() == 1);
    CHECK_THAT(findings_of(configuration)[0], StartsWith("f:9:1: note: "));
    CHECK(configuration.settings.ha.ha_only);
}

TEST_CASE("an empty text is an error, and blank ones are the same")
{
    const std::string text = GENERATE(as<std::string>(), "", "\n", " \t\r\n\n", "\xef\xbb\xbf\n");
    CHECK(hasim::conf::is_blank(text));
    CHECK(findings_of(hasim::conf::read(text, "f")) == Lines{"f: error: the file is empty"});
    CHECK_FALSE(hasim::conf::is_blank("// comment"));
}

TEST_CASE("binary junk is one error with its place")
{
    const auto configuration = hasim::conf::read(std::string("S = {\n\x7f"
                                                             "ELF\0\1\2",
                                                             13),
                                                 "f");
    CHECK(findings_of(configuration) ==
          Lines{"f:2:1: error: byte 0x7f is not text; is this the right file?"});
}

TEST_CASE("a file or a line beyond the limits is refused, at the limit it is read")
{
    const std::string ten_megabytes(10'000'000, 'x');
    CHECK(findings_of(hasim::conf::read(ten_megabytes, "f")) ==
          Lines{"f: error: the file has 10000000 bytes, and 1048576 is the limit; is this the "
                "right file?"});
    const std::string long_line = sample_conf("// " + std::string(65533, 'x') + "\n");
    CHECK(hasim::conf::read(long_line, "f").ok());
    const std::string longer_line = sample_conf("// " + std::string(65534, 'x') + "\n");
    CHECK(findings_of(hasim::conf::read(longer_line, "f")) ==
          Lines{"f:9: error: the line has 65537 bytes, and 65536 is the limit; nothing was read"});
}

TEST_CASE("findings are bounded: the first hundred of a kind, and how many more there are")
{
    std::string errors;
    std::string unknown;
    for (int i = 0; i < 20000; ++i) {
        errors += "?\n";
        unknown += fmt::format("Unknown{} = 1;\n", i);
    }
    const auto configuration = hasim::conf::read(sample_conf(unknown + errors), "f");
    const Lines lines = findings_of(configuration);
    REQUIRE(lines.size() == 202);
    CHECK(lines[200] == "f: error: and 19900 more errors");
    CHECK(lines[201] == "f: warning: and 19900 more warnings");
    CHECK_FALSE(configuration.ok());
}

TEST_CASE("the largest legal file of nothing but one thing is read in linear time")
{
    // Each of these would take minutes in a reader that looks beyond the line, or for near words of all.
    const std::string piece =
        GENERATE(as<std::string>(), "a\n", "[\n", "a=\n", "\"\n", "=\"\n", "{\n", "}\n", "[a]\n",
                 "a={\n", "a=1;", "#\n", "VirtualToken00Labl=1\n");
    std::string text = "VirtualToken = {\n";
    while (text.size() + piece.size() <= 64 * 1024) {
        text += piece;
    }
    while (text.size() * 2 <= hasim::conf::kMaxFileBytes && piece.back() == '\n') {
        text += text;
    }
    const auto configuration = hasim::conf::read(text, "f");
    CHECK(configuration.findings.size() <= 3 * hasim::conf::FindingList::kMaxOfEachSeverity + 2);
}

TEST_CASE("a known key in a wrong section says where it belongs, whatever that section is")
{
    CHECK(findings_of(hasim::conf::read(
              sample_conf("", "HASynchronize = {\nHAOnly = 1;\nnobody = 1;\n}\n"), "f")) ==
          Lines{"f:11:1: warning: 'HAOnly' is ignored here; it belongs into section "
                "'HAConfiguration'",
                "f:12:1: warning: no group has the label 'nobody', so this is ignored"});
    // As scripts leave it that call a configurator with the key where the section goes.
    CHECK(
        findings_of(hasim::conf::read(
            sample_conf("", "VirtualToken00SN = {\nVirtualToken00Label = x;\n}\n"), "f")) ==
        Lines{"f:10:1: warning: unknown section 'VirtualToken00SN', what it holds is ignored; that "
              "is the name of a key, which belongs into section 'VirtualToken'",
              "f:11:1: warning: 'VirtualToken00Label' is ignored here; it belongs into section "
              "'VirtualToken'"});
    // A misspelt section is told once: its keys are where they belong.
    CHECK(
        findings_of(
            hasim::conf::read(sample_conf("", "HAConfigurations = {\nHAOnly = 1;\n}\n"), "f")) ==
        Lines{"f:10:1: warning: unknown section 'HAConfigurations', what it holds is ignored; did "
              "you mean 'HAConfiguration'?"});
}

TEST_CASE("a group of one member, and ProbeTimeout, are noted and no more")
{
    const std::string one =
        "VirtualToken = {\nVirtualToken00Label = g;\nVirtualToken00SN = 1;\n"
        "VirtualToken00Members = 11;\n}\nHAConfiguration = {\nhaLogPath = /tmp/x;\nreconnAtt = "
        "5;\n";
    const auto alone = hasim::conf::read(one + "ProbeTimeout = 3;\n}\n", "f");
    CHECK(alone.ok());
    CHECK(findings_of(alone) ==
          Lines{"f:4:25: note: group 'g' has one member, so no command can move on to another; a "
                "group is of use with two or more",
                "f:9:1: note: hasim ignores ProbeTimeout: what the product does with it is not "
                "public; ReceiveTimeout alone says how long hasim waits"});
    CHECK(findings_of(hasim::conf::read(one + "gStandbyMembers = 12;\n}\n", "f")).empty());
}

TEST_CASE("a number that is too large is told how large it may be")
{
    CHECK_THAT(
        about("reconnAtt = 2147483648;"),
        ContainsSubstring("must be a number of attempts up to 2147483647, 0 for none or -1"));
    CHECK_THAT(joined(findings_of(hasim::conf::read(
                   sample_conf("", "LunaSA Client = {\nReceiveTimeout = 4294967296;\n}\n"), "f"))),
               ContainsSubstring("must be a number of milliseconds, 1 to 2147483647, not"));
    CHECK_THAT(about("logLen = 9223372036854775808;"),
               ContainsSubstring("1024 to 9223372036854775807"));
}

TEST_CASE("a missing { is said where it is missing, and only there")
{
    const auto findings = [](const std::string& text) {
        const auto configuration = hasim::conf::read(text, "f");
        return joined(findings_of(configuration));
    };
    const std::string group =
        "  VirtualToken00Label = g;\n  VirtualToken00SN = 1;\n  VirtualToken00Members = 2,3;\n}\n";
    const std::string whole = findings("VirtualToken = {\n" + group);
    CHECK(findings("VirtualToken\n" + group) ==
          "f:1:13: error: section 'VirtualToken' lacks its {; write 'VirtualToken = {'\n" + whole);
    CHECK(findings("VirtualToken =\n" + group) ==
          "f:1:15: error: section 'VirtualToken' lacks its {; write 'VirtualToken = {'\n" + whole);
    // The brace may stand on the next line; and a word that is no section is none.
    CHECK(findings("VirtualToken =\n{\n" + group) == findings("\nVirtualToken = {\n" + group));
    CHECK_THAT(findings("Elephant\n" + group), ContainsSubstring("f:1:1: error: expected 'key"));
}
