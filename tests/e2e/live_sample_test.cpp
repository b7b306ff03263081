// Goal: the scenarios of the library say the same over TCP as in virtual time. Method: play a sample that the day of
// the year chooses, so that each has its turn within three weeks; tools/test --live plays all of them.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

using namespace hasim::test;

namespace {

constexpr std::size_t kSample = 6;

std::vector<std::string> scenarios()
{
    std::vector<std::string> files;
    for (const char* folder : {"examples", "tests/scenarios"}) {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(source_dir() / folder)) {
            if (entry.path().extension() == ".hasim") {
                files.push_back(entry.path().string());
            }
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Days since 1970: neighbouring days have neighbouring samples, and nothing is left out at the end of a year.
std::size_t today()
{
    const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    return static_cast<std::size_t>(day.time_since_epoch().count());
}

}  // namespace

TEST_CASE("a sample of the library, by the day, holds over TCP")
{
    const std::vector<std::string> files = scenarios();
    REQUIRE(files.size() >= 100);
    std::vector<std::string> arguments{"test", "--live", "--speed", "20", "-j", "6"};
    for (std::size_t index = 0; index < kSample; ++index) {
        arguments.push_back(files[(today() * kSample + index) % files.size()]);
        WARN("over TCP: " << arguments.back());
    }
    const Finished finished = run_hasim(arguments);
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 0);
}
