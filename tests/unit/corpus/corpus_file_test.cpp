// Goal: files of a corpus are read line by line with their places, whatever is in them.
#include "corpus/corpus_file.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim::corpus;
using namespace hasim::test;

namespace {

using Line = std::tuple<std::uint64_t, std::uint64_t, std::string, bool>;

std::vector<Line> lines_of(const std::string& text)
{
    const TemporaryDirectory directory;
    const auto path = directory.path() / "file";
    write_file(path, text);
    LineFile file(path.string());
    std::vector<Line> lines;
    while (file.next()) {
        lines.emplace_back(file.number(), file.offset(), std::string(file.text()),
                           file.has_newline());
    }
    return lines;
}

}  // namespace

TEST_CASE("lines come with number and offset, the last one also without its newline")
{
    CHECK(lines_of("").empty());
    CHECK(lines_of("\n") == std::vector<Line>{{1, 0, "", true}});
    CHECK(lines_of("one\n\nthree") ==
          std::vector<Line>{{1, 0, "one", true}, {2, 4, "", true}, {3, 5, "three", false}});
}

TEST_CASE("lines longer than a block, and many blocks, keep their places")
{
    const std::string longest(700000, 'x');
    std::string text;
    for (int i = 0; i < 5; ++i) {
        text += longest + "\nshort\n";
    }
    const std::vector<Line> lines = lines_of(text);
    REQUIRE(lines.size() == 10);
    std::uint64_t offset = 0;
    for (const auto& [number, at, line, newline] : lines) {
        CHECK(at == offset);
        CHECK(line == (number % 2 == 1 ? longest : "short"));
        CHECK(newline);
        offset += line.size() + 1;
    }
}

TEST_CASE("what is missing, or no regular file, has no lines and no digest")
{
    for (const char* path : {"/nowhere/at/all", "/dev/zero", "/tmp"}) {
        CHECK_FALSE(LineFile(path).next());
        CHECK_FALSE(digest_of(path));
    }
}
