// Goal: what is published of LunaCM's output is met byte for byte. Each sample names its source; docs/lunacm.md has the
// list.
#include "lunacm/print.hpp"

#include "support/catch.hpp"
#include "support/golden.hpp"
#include "unit/lunacm/paper.hpp"

using namespace hasim;
using lunacm::GroupText;

TEST_CASE("hagroup listgroups prints the vendor's sample")
{
    // Luna HSM documentation 7.2 and 7.3, "Replacing an HA group member".
    HaSettings ha;
    ha.recovery_attempts = 500;
    ha.recovery_mode = RecoveryMode::active_enhanced;
    ha.log_enabled = false;
    ha.ha_only = true;
    const GroupText group{
        "myHAgroup",
        "1154438865287",
        "5",
        true,
        {"154438865287", "1238700701509"},
        {},
        {{std::nullopt, "154438865287", "par0", true}, {std::nullopt, "1238700701509", "", false}}};
    test::matches_golden("lunacm/listgroups-7.3.txt",
                         lunacm::print_global(ha) + "\n" + print_group(group));
}

TEST_CASE("hagroup retry says what the vendor's sample says")
{
    // SafeNet HSM documentation 6.0, "Using HA auto-recovery": lunacm:> ha rt -c 3
    test::Paper paper("HAConfiguration = {\n}\n");
    CHECK(paper.run("ha rt -c 3") ==
          "\n        HA Auto Recovery Count has been set to 3\n\nCommand Result : No Error\n\n");
}

TEST_CASE("what published scripts look for is there")
{
    // An Ansible role and the release of a credential store call LunaCM so, and search its output for these words.
    test::Paper paper("HAConfiguration = {\n}\n");
    const std::string create =
        "hagroup createGroup -label some-partition -serialNumber 111111 -password secret";
    const std::string created = paper.run(create);
    CHECK_THAT(created, ContainsSubstring("HA Group Number:  1111111\n") &&
                            ContainsSubstring("HA Group Slot ID:  1\n") &&
                            ContainsSubstring("Command Result : No Error"));
    CHECK_THAT(paper.run(create), ContainsSubstring("for the new group has already been used") &&
                                      !ContainsSubstring("Command Result : No Error"));
    const std::string add =
        "haGroup addMember -group 1111111 -serialNumber 222222 -password secret";
    CHECK_THAT(paper.run(add), ContainsSubstring("Command Result : No Error"));
    CHECK_THAT(paper.run(add),
               ContainsSubstring("The member you specified is already part of an") &&
                   ContainsSubstring("Error:"));
    CHECK_THAT(paper.run("haGroup listGroups -group \"some-partition\" -password \"\""),
               ContainsSubstring("some-partition") && ContainsSubstring("111111, 222222"));
    CHECK_THAT(paper.run("haGroup synchronize -group 1111111 -password secret"),
               ContainsSubstring("Command Result : No Error"));
}

TEST_CASE("lunacm asks before listgroups as the vendor's sample does, when somebody sits there")
{
    // The same page as the first sample.
    test::Paper paper(
        "VirtualToken = {\nVirtualToken00Label = myHAgroup;\n"
        "VirtualToken00SN = 1154438865287;\nVirtualToken00Members = 154438865287;\n}\n");
    paper.terminal = true;
    paper.answers = {"secret"};
    CHECK_THAT(
        paper.run("hagroup listgroups"),
        StartsWith("\n        If you would like to see synchronization data for group myHAgroup,\n"
                   "        please enter the password for the group members. Sync info\n"
                   "        not available in HA Only mode.\n"
                   "\n        Enter the password: "));
    paper.terminal = false;
    CHECK_THAT(paper.run("hagroup listgroups"), !ContainsSubstring("password"));
}
