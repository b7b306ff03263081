// Goal: the grammar. Method: texts become a plain listing of entries, "section|key|value", and of complaints, so that
// a table of texts and listings says what is accepted.
#include "conf/load_document.hpp"

#include "support/catch.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using hasim::conf::Document;
using hasim::conf::Entry;
using hasim::conf::FindingList;
using hasim::conf::load_document;

namespace {

using Lines = std::vector<std::string>;

Lines entries_of(std::string_view text)
{
    FindingList findings("f");
    const Document document = load_document(text, findings);
    Lines lines;
    for (const Entry& entry : document.entries) {
        lines.push_back(fmt::format("{}|{}|{}", document.sections.at(entry.section).name, entry.key,
                                    entry.value));
    }
    return lines;
}

Lines complaints_of(std::string_view text)
{
    FindingList findings("f");
    const Document document = load_document(text, findings);
    Lines lines;
    for (const hasim::Finding& finding : findings.take()) {
        lines.push_back(to_text(finding));
    }
    return lines;
}

// What every accepted spelling of one section with two entries must come to.
const Lines kTwoEntries{"S|a|1", "S|b|x y"};

}  // namespace

TEST_CASE("every spelling of one section with two entries comes to the same")
{
    const std::string text = GENERATE(
        as<std::string>(), "S = {\na = 1;\nb = x y;\n}\n", "S={\na=1;\nb=x y;\n}",
        "   S\t=\t{\n\t\ta\t=\t1\t;\n        b =x y ;\n  }\n",
        "S = {\r\na = 1;\r\nb = x y;\r\n}\r\n", "\xef\xbb\xbfS = {\na = 1;\nb = x y;\n}\n",
        "S = {\na = 1;\nb = x y\n}\n", "S = { a = 1; b = x y; }", "S = { a = 1; b = x y }",
        "S =\n{\na = 1;\nb = x y;\n}\n", "S = // comment\n\n# comment\n  {\na = 1;\nb = x y;\n}\n",
        "S = { // comment\n\na = 1; // one\n# two; {\n// three = 3; }\nb = x y; # "
        "\xe2\x80\x9c\x93\n};\n",
        "S = {\na = \"1\";\nb = 'x y';\n}\n", "S = {\n'a' = 1;;\n\"b\" = x y;//comment\n}\n",
        "S = {\na = 1; }\nS = {\nb = x y // comment\n}\n", "[S]\na=1\nb=x y\n",
        "\xef\xbb\xbf[S]\r\na=1\r\nb=x y\r\n",
        "; comment\n[S] ; comment\n  a = 1 ; comment\n\t b = x y // comment",
        "[ S ] # comment\na=1;\nb=\"x y\";\n",
        "[S]\n;c=3\n#d=4\na=1 # comment\nb=x y; // comment\n", "[S]\na=1\nS = {\nb = x y;\n}\n");
    CAPTURE(text);
    CHECK(entries_of(text) == kTwoEntries);
    CHECK(complaints_of(text) == Lines{});
}

TEST_CASE("values are taken as they stand")
{
    const auto value = [](const std::string& text) {
        const Lines entries = entries_of("S = {\n" + text + "\n}\n");
        REQUIRE(entries.size() == 1);
        return entries[0];
    };
    CHECK(value("a = ;") == "S|a|");
    CHECK(value("a =;") == "S|a|");
    CHECK(value("a = // nothing") == "S|a|");
    CHECK(value("a = b = c;") == "S|a|b = c");
    CHECK(value("a = https://host/x#y; // address") == "S|a|https://host/x#y");
    CHECK(value("a = //server/share;") == "S|a|//server/share");
    CHECK(value("a = \"semi;colon }\";") == "S|a|semi;colon }");
    CHECK(value("a = '1', \"2;\", 3;") == "S|a|'1', \"2;\", 3");
    CHECK(value("a = o'neil;") == "S|a|o'neil");
    CHECK(value("my key = x;") == "S|my key|x");
    CHECK(value("caf\xe9 = \xe9;") == "S|caf\xe9|\xe9");
}

TEST_CASE("in an INI file a path may hold a semicolon and braces")
{
    CHECK(entries_of("[S]\na=C:\\Program Files;x\\{1}\r\n") ==
          Lines{"S|a|C:\\Program Files;x\\{1}"});
    CHECK(entries_of("[S]\na={1-2}\nb=}\n") == Lines{"S|a|{1-2}", "S|b|}"});
}

TEST_CASE("names and values far beyond inih's own limits come through")
{
    const std::string long_key(5000, 'k');
    const std::string long_value(60000, 'v');
    const std::string text = std::string(3000, ' ') + std::string(300, 'S') + " = {\n" + long_key +
                             " = " + long_value + "; // " + std::string(5000, 'c') + "\n}\n";
    CHECK(entries_of(text) ==
          Lines{fmt::format("{}|{}|{}", std::string(300, 'S'), long_key, long_value)});
}

TEST_CASE("thousands of entries keep their section")
{
    std::string text;
    for (int i = 0; i < 3000; ++i) {
        text += fmt::format("S{0} = {{ a{0} = {0}; }}\n", i);
    }
    const Lines entries = entries_of(text);
    REQUIRE(entries.size() == 3000);
    CHECK(entries[0] == "S0|a0|0");
    CHECK(entries[2999] == "S2999|a2999|2999");
}

TEST_CASE("places are those an editor shows, in bytes")
{
    const std::string text = "\xef\xbb\xbf// c\r\nS =\n  {\n\ta = \"v\"; b=2;\n}\n";
    FindingList findings("f");
    const Document document = load_document(text, findings);
    const auto at = [](hasim::conf::Place place) {
        return fmt::format("{}:{}", place.line, place.column);
    };
    REQUIRE(document.sections.size() == 1);
    CHECK(at(document.sections[0].place) == "2:1");
    REQUIRE(document.entries.size() == 2);
    CHECK(at(document.entries[0].key_place) == "4:2");
    CHECK(at(document.entries[0].value_place) == "4:7");
    CHECK(at(document.entries[1].key_place) == "4:11");
    CHECK(at(document.entries[1].value_place) == "4:13");
}

TEST_CASE("what cannot be understood is told with its place, and the rest is read all the same")
{
    struct Case {
        std::string text;
        Lines entries;
        Lines complaints;
    };
    const auto test = GENERATE(values<Case>({
        {"a = 1;\nS = {\nb = 2;\n}\n",
         {"S|b|2"},
         {"f:1:1: error: 'a' stands outside every section; move it into one"}},
        {"S = {\nwhat is this\nb = 2;\n}\n",
         {"S|b|2"},
         {"f:2:1: error: expected 'key = value', found 'what is this'; put // before a comment"}},
        {"S = {\na = 1; a comment\n}\n",
         {"S|a|1"},
         {"f:2:8: error: expected 'key = value', found 'a comment'; put // before a comment"}},
        {"S = {\na = \"1;\nb = 2;\n}\n",
         {"S|b|2"},
         {"f:2:5: error: the quote is not closed on its line"}},
        {"S = {\na = 1\nb = 2;\n}\n",
         {"S|a|1", "S|b|2"},
         {"f:2:6: warning: no semicolon behind the value; it was taken to end with its line"}},
        {"S = {\na = b #1;\nc = 2;\n}\n",
         {"S|a|b", "S|c|2"},
         {"f:2:7: warning: the comment begins before the semicolon, so the value is 'b'; if it "
          "should be longer, put it in quotes"}},
        {"S = {\n= 1;\n}\n", {}, {"f:2:1: error: no key before the =; an entry is 'key = value;'"}},
        {"S = {\na = 1;\n",
         {"S|a|1"},
         {"f:1:1: error: section 'S' is not closed; put a } behind its last entry"}},
        {"S = {\na = 1;\nT = {\nb = 2;\n}\n}\n",
         {"S|a|1", "T|b|2"},
         {"f:3:1: error: section 'T' begins inside section 'S' of line 1, which lacks its }; "
          "sections cannot be nested"}},
        {"S {\na = 1;\n}\n", {"S|a|1"}, {"f:1:3: warning: no = before the {; write 'S = {'"}},
        {"}\n",
         {},
         {"f:1:1: error: this } closes nothing; remove it, or open a section with "
          "'Name = {'"}},
        {"{\n}\n",
         {},
         {"f:1:1: error: a { without a section's name; a section is 'Name = {'",
          "f:2:1: error: this } closes nothing; remove it, or open a section with "
          "'Name = {'"}},
        {"[S\na=1\n",
         {},
         {"f:1:1: error: a section line needs its closing bracket: [Name]",
          "f:2:1: error: 'a' stands outside every section; move it into one"}},
        {"[S] a=1\nb=2\n",
         {"S|b|2"},
         {"f:1:5: error: text behind the section's name; start the entry on a line of its own"}},
    }));
    CAPTURE(test.text);
    CHECK(entries_of(test.text) == test.entries);
    CHECK(complaints_of(test.text) == test.complaints);
}
