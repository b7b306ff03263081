// Goal: several threads count what one counts, whatever the files. Method: files of drawn lines, cut into pieces of
// every size; the pieces must be the file, and end with whole lines.
#include "logtools/count_logs.hpp"

#include "log/catalogue.hpp"
#include "memory_source.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;
using namespace hasim::logtools;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;

namespace {

std::string drawn_text(std::uint64_t seed, int lines)
{
    std::string text;
    for (int i = 0; i < lines; ++i) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        const auto draw = static_cast<std::size_t>(seed >> 40U);
        switch (draw % 16) {
        case 0: text += "\n"; break;
        case 1: text += "no record\r\n"; break;
        case 2: text += std::string(draw % 9000, 'x') + "\n"; break;
        default: text += std::string(log::kCatalogue[draw % log::kCatalogue.size()].sample) + "\n";
        }
    }
    return text;
}

std::string text_of_piece(const FilePiece& piece)
{
    auto opened = open_piece(piece);
    REQUIRE(std::holds_alternative<std::unique_ptr<ByteSource>>(opened));
    std::string text;
    std::array<char, 1000> bytes{};
    while (const std::size_t got = std::get<0>(opened)->read(bytes)) {
        text.append(bytes.data(), got);
    }
    return text;
}

std::string text_of_pieces(const std::vector<FilePiece>& pieces)
{
    std::string text;
    for (const FilePiece& piece : pieces) {
        text += text_of_piece(piece);
        CHECK((&piece == &pieces.back() || text.ends_with('\n')));
    }
    return text;
}

}  // namespace

TEST_CASE("pieces of a file are the file, each of whole lines and none too small")
{
    const TemporaryDirectory folder;
    const std::string path = (folder.path() / "log").string();
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const std::string text = drawn_text(seed, 400) + (seed % 2 == 0 ? "no newline" : "");
        write_file(path, text);
        for (const std::uint64_t least : {1U, 100U, 5000U, 200'000U}) {
            const std::vector<FilePiece> pieces = pieces_of(path, seed, least);
            CHECK(pieces.size() <= seed);
            CHECK((least > 1 || pieces.size() + 2 >= seed));  // a long line may swallow a cut
            CHECK((least < 200'000 || pieces.size() == 1));
            CHECK(text_of_pieces(pieces) == text);
            for (const FilePiece& piece : pieces) {
                CHECK((pieces.size() == 1 || text_of_piece(piece).size() >= least));
            }
        }
    }
}

TEST_CASE("what cannot be cut is one piece: a line of its own, a packed file, none at all")
{
    const TemporaryDirectory folder;
    const std::string path = (folder.path() / "log").string();
    for (const std::string& text :
         {std::string(100'000, 'x'), std::string(100'000, 'x') + "\n",
          "\x1f\x8b" + drawn_text(1, 100), "BZh9" + drawn_text(1, 100), std::string()}) {
        write_file(path, text);
        CHECK(pieces_of(path, 8, 1) == std::vector<FilePiece>{{path}});
    }
    CHECK(pieces_of(path + "-missing", 8, 1).size() == 1);
    CHECK(pieces_of(folder.path().string(), 8, 1).size() == 1);
    CHECK(pieces_of("-", 8, 1).size() == 1);
    CHECK(pieces_of("/dev/zero", 8, 1).size() == 1);
}

TEST_CASE(
    "a piece of a file that was replaced or went since is an error, not lines of another file")
{
    const TemporaryDirectory folder;
    const std::string path = (folder.path() / "log").string();
    write_file(path, drawn_text(1, 400));
    const std::vector<FilePiece> pieces = pieces_of(path, 4, 1);
    REQUIRE(pieces.size() > 1);
    std::filesystem::rename(path, path + "_rotated");
    for (const FilePiece& piece : pieces) {
        CHECK(std::holds_alternative<Finding>(open_piece(piece)));
    }
    write_file(path, drawn_text(2, 400));
    for (const FilePiece& piece : pieces) {
        CHECK(std::holds_alternative<Finding>(open_piece(piece)));
    }
}

TEST_CASE("any number of threads counts the same, over any files")
{
    const TemporaryDirectory folder;
    std::vector<std::string> files;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        files.push_back((folder.path() / std::to_string(seed)).string());
        write_file(files.back(), (seed == 3 ? "\xef\xbb\xbf" : "") + drawn_text(seed, 600));
    }
    const LogCount one = count_logs(files, 1);
    CHECK(one.counts.all() == 3000);
    CHECK(one.counts.records() > 2000);
    CHECK(one.counts.unknown > 100);
    CHECK(one.counts.empty > 100);
    for (const std::uint64_t jobs : {2U, 3U, 16U}) {
        const LogCount more = count_logs(files, jobs, 64);
        CHECK(more.counts == one.counts);
        CHECK_FALSE(more.failure);
    }
    // A file that is not there ends the count, with what stands before it.
    files.insert(files.begin() + 2, (folder.path() / "missing").string());
    const LogCount broken = count_logs(files, 4, 64);
    CHECK(broken.counts == count_logs({files[0], files[1]}, 1).counts);
    REQUIRE(broken.failure);
    CHECK(broken.failure->file == files[2]);
}
