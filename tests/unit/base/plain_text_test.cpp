// Goal: what is no text is told with its place, and what goes into a message or JSON is valid and harmless.
#include "base/plain_text.hpp"

#include "support/catch.hpp"

#include <string>

using hasim::in_quotes;
using hasim::not_plain_text;
using hasim::printable;

TEST_CASE("text of any encoding, with tabs and both line ends, is plain")
{
    CHECK_FALSE(not_plain_text("", "f"));
    CHECK_FALSE(not_plain_text("a\tb\r\nc\n", "f"));
    CHECK_FALSE(not_plain_text("na\xc3\xafve \x93quotes\x94", "f"));
}

TEST_CASE("a control character is told with its place")
{
    const std::string nul_in_second_line("ab\ncd\0e", 7);
    const auto finding = not_plain_text(nul_in_second_line, "f");
    REQUIRE(finding);
    CHECK(to_text(*finding) == "f:2:3: error: byte 0x00 is not text; is this the right file?");
    const auto first = not_plain_text("\x7f", "f");
    REQUIRE(first);
    CHECK(to_text(*first) == "f:1:1: error: byte 0x7f is not text; is this the right file?");
}

TEST_CASE("UTF-16 is called by its name")
{
    const auto finding = not_plain_text(std::string("\xff\xfe[\0", 4), "f");
    REQUIRE(finding);
    CHECK(to_text(*finding) == "f: error: the file is in UTF-16; save it as UTF-8 or plain ASCII");
    CHECK(not_plain_text(std::string("\xfe\xff\0[", 4), "f"));
}

TEST_CASE("a quoted text is short and harmless")
{
    CHECK(in_quotes("") == "''");
    CHECK(in_quotes("haGroup1") == "'haGroup1'");
    CHECK(in_quotes("a\x1b[31m") == "'a\\x1b[31m'");
    CHECK(in_quotes(std::string(59, 'x')) == "'" + std::string(59, 'x') + "'");
    CHECK(in_quotes(std::string(1000, 'x')) == "'" + std::string(60, 'x') + "...'");
}

TEST_CASE("what is printable is valid UTF-8 and complete")
{
    CHECK(printable("na\xc3\xafve \xe2\x80\x9c") == "na\xc3\xafve \xe2\x80\x9c");
    CHECK(printable("\x93") == "\\x93");
    CHECK(printable("\xc3") == "\\xc3");           // cut off
    CHECK(printable("\xc2\x9b") == "\\xc2\\x9b");  // a control character that terminals obey
    CHECK(printable("\xc3(") == "\\xc3(");
    CHECK(printable(std::string(1000, 'x')) == std::string(1000, 'x'));
}

TEST_CASE("bytes that Unicode calls ill-formed, and C1 controls however written, are escaped")
{
    CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // half of a surrogate pair
    CHECK(printable("\xe0\x80\x9b") == "\\xe0\\x80\\x9b");           // U+009B in three bytes
    CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
    CHECK(printable("\xf0\x80\x80\x9b") == "\\xf0\\x80\\x80\\x9b");
    CHECK(printable("\xef\xbf\xbf") == "\\xef\\xbf\\xbf");  // no XML holds it
    CHECK(printable("\xc2\x9b") == "\\xc2\\x9b");
    const std::string good =
        "\xed\x9f\xbf\xee\x80\x80\xe0\xa0\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbd\xef\xbf\xbd";
    CHECK(printable(good) == good);
}

TEST_CASE(
    "lines that may hold outside text keep their line feeds and tabs, and nothing else that a "
    "terminal obeys")
{
    CHECK(hasim::printable_lines("a\tb\n\x1b[2J\r\xc2\x9b") == "a\tb\n\\x1b[2J\\x0d\\xc2\\x9b");
}
