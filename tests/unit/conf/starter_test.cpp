#include "conf/starter.hpp"

#include "conf/configuration.hpp"
#include "support/catch.hpp"

using namespace hasim;

TEST_CASE(
    "a starter configuration has the members that were asked for, and nothing to complain about")
{
    const auto form = GENERATE(conf::Form::braces, conf::Form::ini);
    for (std::size_t members = 2; members <= kMaxMembers; ++members) {
        for (const std::size_t standby : {std::size_t{0}, std::size_t{1}, members - 1}) {
            CAPTURE(members, standby);
            const conf::Configuration read =
                conf::read(conf::starter_text({"pair", members, standby, form}), "c");
            REQUIRE(read.ok());
            REQUIRE(read.settings.groups.size() == 1);
            const GroupSettings& group = read.settings.groups.front();
            CHECK(group.label == "pair");
            CHECK(group.members.size() == members - standby);
            CHECK(group.standby.size() == standby);
            CHECK(read.settings.servers.size() == members);
            CHECK(read.findings.empty());
        }
    }
}
