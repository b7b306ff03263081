// Goal: the table at the end of a run has a row for each member, in the order in which its reader knows them.
#include "play/summary.hpp"

#include <sstream>
#include <string>
#include <vector>

#include "cli/play_inputs.hpp"
#include "play/play.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;

namespace {

constexpr const char* kThreeMembers = R"(LunaSA Client = { ReceiveTimeout = 20000; }
VirtualToken = {
  VirtualToken00Label = group; VirtualToken00SN = 11234840370164;
  VirtualToken00Members = 300, 100, 200;
  VirtualTokenActiveRecovery = activeEnhanced;
}
HASynchronize = { group = 1; }
HAConfiguration = { reconnAtt = -1; groupStandbyMembers = 50; }
)";

/// The second column that is a number: the members, from above.
std::vector<std::string> members_of(const std::string& table)
{
    std::vector<std::string> members;
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string group;
        std::string member;
        if (words >> group >> member && group == "group" && member != "member") {
            members.push_back(member);
        }
    }
    return members;
}

}  // namespace

TEST_CASE("members stand in the order of the configuration, and behind them those that left it")
{
    const test::TemporaryDirectory folder;
    test::write_file(folder.path() / "c.conf", kThreeMembers);
    const cli::PlayInputs inputs =
        cli::read_play_inputs({}, "test",
                              "hasim 1\nconf c.conf\nfor 300s\nload sign 1/s\n"
                              "at 10s group \"group\" remove member 100\n",
                              folder.path().string());
    REQUIRE(inputs.ok());
    play::VirtualPlay play(inputs.options);
    play::Summary summary(play.play().world());
    play.play().world().watch(summary);
    const Instant before = kStart + std::chrono::seconds(5);
    play.run_until(before);
    CHECK(members_of(summary.text(before)) == std::vector<std::string>{"300", "100", "200", "50"});
    const Instant end = end_of(inputs.options.scenario);
    play.run_until(end);
    CHECK(members_of(summary.text(end)) == std::vector<std::string>{"300", "200", "50", "100"});
}
