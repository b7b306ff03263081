// Goal: an edit changes what it must, and not one byte more; what cannot be written is refused.
#include "conf/edit.hpp"

#include <fmt/format.h>

#include "base/random.hpp"
#include "conf/load_document.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

using namespace hasim;
using conf::set_entry;
using conf::unset_entry;

namespace {

std::string set(std::string_view text, std::string_view section, std::string_view key,
                std::string_view value)
{
    const conf::Edited edited = set_entry(text, section, key, value);
    return edited.ok() ? edited.text : "problem: " + edited.problem;
}

std::string unset(std::string_view text, std::string_view section, std::string_view key)
{
    const conf::Edited edited = unset_entry(text, section, key);
    return edited.ok() ? edited.text : "problem: " + edited.problem;
}

/// The value in force; "(none)" without one.
std::string value_of(std::string_view text, std::string_view section, std::string_view key)
{
    conf::FindingList findings("");
    const conf::Document document = conf::load_document(text, findings);
    std::string value = "(none)";
    for (const conf::Entry& entry : document.entries) {
        if (document.sections[entry.section].name == section && entry.key == key) {
            value = entry.value;
        }
    }
    return value;
}

}  // namespace

TEST_CASE("a value is replaced where it stands, in whatever way it is written")
{
    const auto [before, after] = GENERATE(table<std::string, std::string>({
        {"S = {\n  a = 1; // one\n}\n", "S = {\n  a = two; // one\n}\n"},
        {"S={a=1;b=2;}", "S={a=two;b=2;}"},
        {"S = {\r\n\ta\t=\t1\t;\r\n}\r\n", "S = {\r\n\ta\t=\ttwo\t;\r\n}\r\n"},
        {"S = {\na = \"1\";\n}\n", "S = {\na = \"two\";\n}\n"},
        {"S = {\na = '1' ; # c\n}\n", "S = {\na = 'two' ; # c\n}\n"},
        {"S = {\na = ;\n}\n", "S = {\na = two;\n}\n"},
        {"S = {\na = 1\n}\n", "S = {\na = two\n}\n"},
        {"[S]\r\na=1\r\n; c\r\n", "[S]\r\na=two\r\n; c\r\n"},
        {"[S]\na=\n", "[S]\na=two\n"},
        {"\xef\xbb\xbf[S]\na=1", "\xef\xbb\xbf[S]\na=two"},
        {"S = {\na = 0;\na = 1;\n}\n", "S = {\na = 0;\na = two;\n}\n"},
        {"S = {\na = 0;\n}\nT = {\na = 5;\n}\nS = {\na = 1;\n}\n",
         "S = {\na = 0;\n}\nT = {\na = 5;\n}\nS = {\na = two;\n}\n"},
    }));
    CHECK(set(before, "S", "a", "two") == after);
}

TEST_CASE("a new key stands behind the section's last, in its manner, a new section at the end")
{
    const auto [before, after] = GENERATE(table<std::string, std::string>({
        {"S = {\n  a = 1; // one\n}\nT = {\nb=1;\n}\n",
         "S = {\n  a = 1; // one\n  k = v;\n}\nT = {\nb=1;\n}\n"},
        {"S={\na=1;\n}\n", "S={\na=1;\nk=v;\n}\n"},
        {"S = {\r\n\ta = 1;\r\n\r\n}\r\n", "S = {\r\n\ta = 1;\r\n\tk = v;\r\n\r\n}\r\n"},
        {"S = { a = 1; }\n", "S = { a = 1; k = v; }\n"},
        {"S = {\na = 1\n}\n", "S = {\na = 1;\nk = v;\n}\n"},
        {"S = {\n}\n", "S = {\n    k = v;\n}\n"},
        {"S = { // empty\n}\n", "S = { // empty\n    k = v;\n}\n"},
        {"[S]\r\na=1 ; c\r\n[T]\r\n", "[S]\r\na=1 ; c\r\nk=v\r\n[T]\r\n"},
        {"[S]\nb = 2", "[S]\nb = 2\nk = v"},
        {"[S]", "[S]\nk=v"},
        {"", "S = {\n    k = v;\n}\n"},
        {"# only this", "# only this\n\nS = {\n    k = v;\n}\n"},
        {"T = {\n  b=1;\n}\n", "T = {\n  b=1;\n}\n\nS = {\n  k=v;\n}\n"},
        {"[T]\r\nb=1\r\n", "[T]\r\nb=1\r\n\r\n[S]\r\nk=v\r\n"},
    }));
    CHECK(set(before, "S", "k", "v") == after);
}

TEST_CASE("every key of that name goes, and the rest of its line stays")
{
    const auto [before, after] = GENERATE(table<std::string, std::string>({
        {"S = {\n  a = 1;\n  b = 2;\n}\n", "S = {\n  b = 2;\n}\n"},
        {"S = {\n  a = 1; // one\n  b = 2;\n}\n", "S = {\n  // one\n  b = 2;\n}\n"},
        {"S={a=1;b=2;}", "S={b=2;}"},
        {"S = { a = 1; }", "S = { }"},
        {"S = {\r\na = 1;\r\nb = 2;\r\na = 3;\r\n}\r\n", "S = {\r\nb = 2;\r\n}\r\n"},
        {"[S]\na=1 ; c\nb=2\n", "[S]\n; c\nb=2\n"},
        {"[S]\na=1", "[S]\n"},
        {"S = {\nb = 2;\n}\n", "S = {\nb = 2;\n}\n"},
        {"T = {\na = 1;\n}\n", "T = {\na = 1;\n}\n"},
    }));
    CHECK(unset(before, "S", "a") == after);
}

TEST_CASE("what the grammar takes for something else is put in quotes, or refused")
{
    const std::string text = "S = {\na = 1;\n}\n";
    CHECK(set(text, "S", "a", "x;y") == "S = {\na = \"x;y\";\n}\n");
    CHECK(set(text, "S", "a", "x // y") == "S = {\na = \"x // y\";\n}\n");
    CHECK(set(text, "S", "a", "\"quoted\"") == "S = {\na = '\"quoted\"';\n}\n");
    CHECK(set(text, "S", "a", "C:\\dir with blanks") == "S = {\na = C:\\dir with blanks;\n}\n");
    CHECK(set(text, "S", "a", "") == "S = {\na = ;\n}\n");
    for (const auto& [section, key, value] :
         {std::tuple{"S", "a", "two\nlines"}, std::tuple{"S", "a", "'\";"},
          std::tuple{"S", "", "v"}, std::tuple{"S", "k = 1; l", "v"}, std::tuple{"S", "}", "v"},
          std::tuple{"", "k", "v"}, std::tuple{"T }", "k", "v"}, std::tuple{"S", " k", "v"},
          std::tuple{"S", "a", " blanks "}, std::tuple{"S", "k\nl", "v"}}) {
        CAPTURE(section, key, value);
        const std::string result = set(text, section, key, value);
        const bool refused = result.find("problem: ") == 0;
        CHECK((refused || value_of(result, section, key) == value));
    }
    CHECK_THAT(set(text, "S", "a", "two\nlines"), StartsWith("problem: a Chrystoki.conf cannot"));
}

TEST_CASE("a text that cannot be read is not edited")
{
    CHECK_THAT(set("S = {\nthis is nothing\n}\n", "S", "a", "1"), StartsWith("problem: line 2: "));
    CHECK_THAT(unset("S = {\nthis is nothing\na = 1;\n}\n", "S", "a"),
               StartsWith("problem: line 2: "));
}

TEST_CASE("groups keep their numbers, and the first free one is found")
{
    const std::string text =
        "VirtualToken = {\nVirtualToken00Label = one;\nVirtualToken02Label = two;\n"
        "VirtualToken01SN = 5;\n}\n";
    CHECK(conf::group_digits(text, "two") == "02");
    CHECK(conf::group_digits(text, "three") == std::nullopt);
    CHECK(conf::free_group_digits(text) == "03");
    CHECK(conf::free_group_digits("") == "00");
}

TEST_CASE(
    "whatever is set in the sample files is read back, and the rest is byte for byte the same")
{
    std::size_t edits = 0;
    Random random(7);
    const std::vector<std::string> values{
        "1", "", "a b", "x;y", "/tmp/a//b", "# no comment", "'q", "C:\\x y", "1, 2", "=", "{", "}"};
    for (const auto& file : std::filesystem::directory_iterator(test::source_dir() / "config")) {
        if (!file.is_regular_file()) {
            continue;
        }
        const std::string before = test::read_file(file.path());
        conf::FindingList findings("");
        const conf::Document document = conf::load_document(before, findings);
        for (const conf::Entry& entry : document.entries) {
            const std::string& value = values[random.below(values.size())];
            const std::string section(document.sections[entry.section].name);
            const conf::Edited edited = set_entry(before, section, entry.key, value);
            CAPTURE(file.path(), entry.key, value);
            REQUIRE(edited.ok());
            CHECK(value_of(edited.text, section, entry.key) == value);
            // From both ends the same but for the value and its quotes.
            const auto [a, b] =
                std::mismatch(before.begin(), before.end(), edited.text.begin(), edited.text.end());
            const auto [c, d] = std::mismatch(before.rbegin(), std::make_reverse_iterator(a),
                                              edited.text.rbegin(), std::make_reverse_iterator(b));
            const auto gone = static_cast<std::size_t>(c.base() - a);
            CHECK(gone <= entry.value.size() + 2);
            ++edits;
        }
    }
    CHECK(edits > 50);
}
