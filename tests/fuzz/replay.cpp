// Runs a fuzz harness over files: the seed inputs as an ordinary test, or one input that a fuzzer found.
// usage: hasim_replay HARNESS FILE-OR-FOLDER...
#include "harness.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

void replay(hasim::fuzz::Harness harness, const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> read{std::istreambuf_iterator<char>(file), {}};
    // A copy of the exact size, so that a sanitizer sees a read past its end.
    const std::vector<std::uint8_t> input(read.begin(), read.end());
    harness(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv)
{
    const auto harness = hasim::fuzz::harnesses().find(argc > 1 ? argv[1] : "");
    if (harness == hasim::fuzz::harnesses().end()) {
        std::fputs("usage: hasim_replay HARNESS FILE-OR-FOLDER...\nharnesses:", stderr);
        for (const auto& [name, entry] : hasim::fuzz::harnesses()) {
            std::fprintf(stderr, " %s", name.data());
        }
        std::fputs("\n", stderr);
        return 2;
    }
    int replayed = 0;
    for (int i = 2; i < argc; ++i) {
        if (!std::filesystem::is_directory(argv[i])) {
            replay(harness->second, argv[i]);
            ++replayed;
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
            replay(harness->second, entry.path());
            ++replayed;
        }
    }
    std::printf("%d inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1;
}
