// Goal: an expectation that cannot fail is an error. Method: each kind of it, beside its neighbour that can.
#include <string>

#include "hasim/scenario.hpp"
#include "support/catch.hpp"

using namespace hasim;

namespace {

std::string found(const std::string& expectation)
{
    const ScenarioResult parsed =
        parse_scenario("test.hasim", "hasim 1\nfor 100s\nat 10s hsm1 reset\n" + expectation + "\n");
    return parsed.findings.empty() ? std::string() : to_text(parsed.findings.front());
}

}  // namespace

TEST_CASE("expectations that hold whatever happens are findings")
{
    for (const std::string line :
         {"expect ops lost at least 0", "expect ops done at least 0", "expect stall below 101s",
          "expect stall below 1000d", "expect 0s..0s no DROPMEMBER",
          "expect 101s..200s no DROPMEMBER", "expect no MEMBER_DEACTIVATED",
          "expect 0s..0s ops done 0", "expect 0s..0s ops retried at most 3"}) {
        INFO(line);
        CHECK_THAT(found(line), ContainsSubstring("holds whatever happens"));
    }
    for (const std::string line :
         {"expect ops lost at least 1", "expect ops lost 0", "expect stall below 100s",
          "expect 0s..1s no DROPMEMBER", "expect 0s..0s no DROPUNRECOVERABLE",
          "expect 100s..200s no DROPMEMBER", "expect no DROPMEMBER", "expect 0s..1s ops done 0",
          "expect 0s..0s ops done 1", "expect 0s..0s ops lost 0"}) {
        INFO(line);
        CHECK(found(line) == "");
    }
}
