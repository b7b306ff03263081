// Goal: what the README and the manual show is what happens.
// Method: every fenced block marked `console` is run: a line that starts with "$ " is a shell command, with `hasim` in
// its path, in a copy of nothing but the checkout's examples and configurations; what follows must be its output,
// standard error behind standard output. "..." alone on a line stands for any lines.
#include <filesystem>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

using namespace hasim::test;

namespace {

struct Command {
    std::string place;
    std::string command;
    std::string output;
};

std::vector<Command> shown_in(const std::filesystem::path& page)
{
    std::vector<Command> all;
    const std::string text = read_file(page);
    bool inside = false;
    std::size_t line_number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at, end - at);
        at = end + 1;
        ++line_number;
        if (line.starts_with("```")) {
            inside = line == "```console";
        } else if (inside && line.starts_with("$ ")) {
            all.push_back(
                {page.filename().string() + ":" + std::to_string(line_number), line.substr(2), {}});
        } else if (inside && !all.empty()) {
            all.back().output += line + "\n";
        }
    }
    return all;
}

/// Whether `output` is `shown`, where a line "..." stands for any lines.
bool is_as_shown(std::string_view output, std::string_view shown)
{
    const std::size_t dots = shown.find("...\n");
    if (dots == std::string_view::npos || (dots != 0 && shown[dots - 1] != '\n')) {
        return output == shown;
    }
    if (!output.starts_with(shown.substr(0, dots))) {
        return false;
    }
    const std::string_view rest = shown.substr(dots + 4);
    for (std::size_t at = dots; at <= output.size(); ++at) {
        if ((at == dots || output[at - 1] == '\n') && is_as_shown(output.substr(at), rest)) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("the README links every page of the manual")
{
    const std::string readme = read_file(source_dir() / "README.md");
    std::size_t pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "docs")) {
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        CHECK_THAT(readme, ContainsSubstring("](docs/" + name + ")"));
        ++pages;
    }
    CHECK(pages > 10);
}

TEST_CASE("the example in the library's page is the one that is built and run")
{
    const std::string page = read_file(source_dir() / "docs/library.md");
    for (const char* const name : {"main.cpp", "CMakeLists.txt"}) {
        CAPTURE(name);
        CHECK_THAT(page,
                   ContainsSubstring("\n" + read_file(source_dir() / "examples/embedding" / name) +
                                     "```\n"));
    }
}

TEST_CASE("commands in the README and the manual print what is shown")
{
    std::vector<std::filesystem::path> pages{source_dir() / "README.md"};
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "docs")) {
        if (entry.path().extension() == ".md") {
            pages.push_back(entry.path());
        }
    }
    const TemporaryDirectory directory;
    for (const char* folder : {"config", "examples"}) {
        std::filesystem::copy(source_dir() / folder, directory.path() / folder,
                              std::filesystem::copy_options::recursive);
    }
    std::size_t commands = 0;
    for (const std::filesystem::path& page : pages) {
        for (const Command& shown : shown_in(page)) {
            ++commands;
            const std::string path = binary().parent_path().string() + ":/usr/bin:/bin";
            const Finished finished =
                run_hasim({"-c", shown.command}, {.program = "/bin/sh",
                                                  .directory = directory.path(),
                                                  .environment = {{"PATH", path}, {"TZ", "UTC"}}});
            CAPTURE(shown.place, shown.command, shown.output, finished.out, finished.err);
            CHECK(is_as_shown(finished.out + finished.err, shown.output));
        }
    }
    CHECK(commands >= 2);
}
