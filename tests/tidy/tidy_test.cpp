// Goal: the house rules hold in every file of the tree, and each check would notice if one did not.
// Method: the checks run over the tree, and over small texts with one planted defect each.
#include "checks.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

#include <algorithm>
#include <filesystem>

using namespace hasim::test;

namespace {

using Check = Findings (*)(const SourceFile&);

bool is_text(const std::filesystem::path& path)
{
    static const std::vector<std::string> kExtensions{".cpp",  ".hpp",   ".cmake", ".md", ".txt",
                                                      ".json", ".hasim", ".in",    ""};
    return std::ranges::find(kExtensions, path.extension().string()) != kExtensions.end();
}

// All text files that people write; not golden files and seeds, which hold whatever a program printed or read.
const std::vector<SourceFile>& tree()
{
    static const std::vector<SourceFile> files = [] {
        std::vector<SourceFile> found;
        const std::filesystem::path root = source_dir();
        for (const char* const folder : {"include", "src", "sim", "web", "tests", "bench", "cmake",
                                         "tools", "docs", "examples"}) {
            if (!std::filesystem::exists(root / folder)) {
                continue;
            }
            for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
                const std::string path = std::filesystem::relative(entry.path(), root).string();
                const bool data =
                    path.starts_with("tests/golden/") || path.starts_with("tests/fuzz/seeds/");
                if (entry.is_regular_file() && !data && is_text(entry.path())) {
                    found.push_back(make_source(path, read_file(entry.path())));
                }
            }
        }
        for (const char* const name : {"README.md", "CHANGELOG.md", "CMakeLists.txt"}) {
            if (std::filesystem::exists(root / name)) {
                found.push_back(make_source(name, read_file(root / name)));
            }
        }
        std::ranges::sort(found, {}, &SourceFile::path);
        return found;
    }();
    return files;
}

void holds_everywhere(Check check)
{
    REQUIRE(tree().size() > 20);
    std::string findings;
    for (const SourceFile& file : tree()) {
        for (const std::string& finding : check(file)) {
            findings += finding + '\n';
        }
    }
    INFO(findings);
    CHECK(findings.empty());
}

std::size_t found(Check check, const std::string& path, const std::string& text)
{
    return check(make_source(path, text)).size();
}

// g++ 12 sees a ghost of an overflow in operator+ here.
std::string wide_line(std::size_t columns, std::string_view end = "\n")
{
    std::string text(columns, 'x');
    text += end;
    return text;
}

std::string long_function(int lines)
{
    std::string text = "void f()\n{\n";
    for (int i = 0; i < lines; ++i) {
        text += "    g();\n";
    }
    return text + "}\n";
}

}  // namespace

TEST_CASE("pure folders touch no clock, socket, file, thread or random source")
{
    CHECK(found(check_pure, "src/ha/a.cpp", "#include <thread>\n") == 1);
    CHECK(found(check_pure, "sim/a.hpp", "#include <boost/asio/io_context.hpp>\n") == 1);
    CHECK(found(check_pure, "sim/a.cpp", "auto t = std::chrono::steady_clock::now();\n") == 1);
    CHECK(found(check_pure, "src/log/a.cpp", "std::unordered_map<int, int> m;\n") == 1);
    CHECK(found(check_pure, "sim/a.cpp", "auto t = world.now();  // no steady_clock\n") == 0);
    CHECK(found(check_pure, "src/live/a.cpp", "#include <thread>\n") == 0);
    CHECK(found(check_pure, "src/hat/a.cpp", "#include <thread>\n") == 0);
    holds_everywhere(check_pure);
}

TEST_CASE("folders depend only on those below them")
{
    CHECK(found(check_arrows, "src/ha/a.cpp", "#include \"sim/world.hpp\"\n") == 1);
    CHECK(found(check_arrows, "src/log/a.cpp", "#include \"cli/options.hpp\"\n") == 1);
    CHECK(found(check_arrows, "src/cli/a.cpp", "#include <CLI/CLI.hpp>\n") == 1);
    CHECK(found(check_arrows, "tests/unit/ha/a.cpp", "#include <catch2/catch.hpp>\n") == 1);
    CHECK(found(check_arrows, "sim/a.cpp",
                "#include \"ha/group.hpp\"\n#include \"hasim/ids.hpp\"\n") == 0);
    CHECK(found(check_arrows, "src/cli/parse.cpp", "#include <CLI/CLI.hpp>\n") == 0);
    holds_everywhere(check_arrows);
}

TEST_CASE("nothing goes past the functions that escape outside text")
{
    holds_everywhere(check_outputs);
    CHECK(found(check_outputs, "src/cli/a.cpp", "std::cout << name;\n") == 1);
    CHECK(found(check_outputs, "src/conf/a.cpp", "::write(STDERR_FILENO, a, b);\n") == 1);
    CHECK(found(check_outputs, "src/cli/console.cpp", "fmt::print(text);\n") == 1);
    CHECK(found(check_outputs, "src/cli/progress.cpp", "::write(STDERR_FILENO, a, b);\n") == 0);
    CHECK(found(check_outputs, "bench/a.cpp", "std::printf(text);\n") == 0);
}

TEST_CASE("lines keep to their width")
{
    CHECK(found(check_lines, "a.cpp", wide_line(101)) == 1);
    CHECK(found(check_lines, "a.cpp", wide_line(100)) == 0);
    CHECK(found(check_lines, "a.cpp", wide_line(100, "  // a comment\n")) == 0);
    CHECK(found(check_lines, "a.cpp", "// " + std::string(118, 'x') + "\n") == 1);
    CHECK(found(check_lines, "a.md", wide_line(200)) == 0);
    CHECK(found(check_lines, "a.md", "x \n") == 1);
    CHECK(found(check_lines, "a.cpp", "\tx\n") == 1);
    holds_everywhere(check_lines);
}

TEST_CASE("functions and files are short")
{
    CHECK(found(check_lengths, "a.cpp", long_function(71)) == 1);
    CHECK(found(check_lengths, "a.cpp", long_function(70)) == 0);
    CHECK(found(check_lengths, "a.cpp", std::string(501, '\n')) == 1);
    CHECK(found(check_lengths, "a.cpp", std::string(500, '\n')) == 0);
    holds_everywhere(check_lengths);
}

TEST_CASE("nothing is left over")
{
    CHECK(found(check_leftovers, "a.cpp", std::string("// TO") + "DO: later\n") == 1);
    CHECK(found(check_leftovers, "a.md", std::string("see /wo") + "rk/x\n") == 1);
    CHECK(found(check_leftovers, "a.cpp", "mkdtemp(\"aXXXXXX\");\n") == 0);
    CHECK(found(check_leftovers, "a.md", "network/worker/ design\n") == 0);
    holds_everywhere(check_leftovers);
}

TEST_CASE("headers say what they are for")
{
    CHECK(found(check_header, "a.hpp", "#pragma once\n") == 1);
    CHECK(found(check_header, "a.hpp", "/// A thing.\n") == 1);
    CHECK(found(check_header, "a.hpp", "/// A thing.\n#pragma once\n") == 0);
    holds_everywhere(check_header);
}

TEST_CASE("machines name every case")
{
    CHECK(found(check_switches, "src/ha/a.cpp", "switch (state) {\ndefault: break;\n") == 1);
    CHECK(found(check_switches, "src/ha/a.cpp", "switch (code) {\ndefault: break;\n") == 0);
    CHECK(found(check_switches, "src/ha/a.cpp", "A() = default;\n") == 0);
    holds_everywhere(check_switches);
}
