// Goal: the examples are canonical, free of contradictions, and fit the configuration they name. Method: read, check
// and print each; what they expect is shown by playing them, elsewhere.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "conf/configuration.hpp"
#include "hasim/scenario.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;

TEST_CASE("every example is canonical and fits its configuration")
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(test::source_dir() / "examples")) {
        if (entry.path().extension() == ".hasim") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 7);
    for (const auto& file : files) {
        const std::string name = file.filename().string();
        const std::string text = test::read_file(file);
        const ScenarioResult result = parse_scenario(name, text);
        INFO(name << (result.findings.empty() ? "" : ": " + to_text(result.findings.front())));
        CHECK(result.findings.empty());
        CHECK(print(result.scenario) == text);
        CHECK_FALSE(result.scenario.opening.empty());
        CHECK(result.scenario.log.has_value());
        const auto* const conf = std::get_if<ConfPath>(&result.scenario.conf);
        REQUIRE(conf != nullptr);
        const auto settings =
            conf::read(test::read_file(file.parent_path() / conf->path), conf->path);
        const auto findings = check(result.scenario, settings.settings, name);
        INFO((findings.empty() ? "" : to_text(findings.front())));
        CHECK(findings.empty());
    }
}
