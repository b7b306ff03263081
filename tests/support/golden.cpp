#include "support/golden.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"

#include <cstdlib>

namespace hasim::test {
namespace {

// Takes the first line off `text`, with its end, so that a missing last newline shows as a difference.
std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    text.remove_prefix(line.size());
    return line;
}

std::string shown(std::string_view line)
{
    if (line.empty()) {
        return "<end of text>";
    }
    std::string text(line);
    if (text.back() == '\n') {
        text.pop_back();
        return text;
    }
    return text + "<no newline>";
}

}  // namespace

std::string first_difference(std::string_view expected, std::string_view actual)
{
    for (int number = 1; !expected.empty() || !actual.empty(); ++number) {
        const std::string_view wanted = take_line(expected);
        const std::string_view got = take_line(actual);
        if (wanted != got) {
            return "line " + std::to_string(number) + "\n  golden: " + shown(wanted) +
                   "\n  actual: " + shown(got);
        }
    }
    return {};
}

void matches_golden(std::string_view name, std::string_view text)
{
    const std::filesystem::path path = source_dir() / "tests" / "golden" / name;
    const char* const update = std::getenv("HASIM_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        std::filesystem::create_directories(path.parent_path());
        write_file(path, text);
        SUCCEED("golden file written");
        return;
    }
    if (!std::filesystem::exists(path)) {
        FAIL_CHECK("no golden file " << path.string() << "; HASIM_UPDATE_GOLDEN=1 writes it");
        return;
    }
    const std::string difference = first_difference(read_file(path), text);
    if (difference.empty()) {
        SUCCEED("same as golden file");
    } else {
        FAIL_CHECK("tests/golden/" << name << " differs, " << difference
                                   << "\nHASIM_UPDATE_GOLDEN=1 takes the actual text over");
    }
}

}  // namespace hasim::test
