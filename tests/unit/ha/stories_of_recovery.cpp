// How often a member is tried, by whose hand, and members that come and go while the application runs.
#include "stories.hpp"

namespace hasim::test {
namespace {

using namespace std::chrono_literals;

ha::GroupConfig with_attempts(ha::GroupConfig config, std::int32_t attempts)
{
    config.ha.recovery_attempts = attempts;
    return config;
}

ha::GroupConfig with_timeout(ha::GroupConfig config, Duration timeout)
{
    config.receive_timeout = timeout;
    return config;
}

const ha::GroupConfig kTwo = config_of({"101", "102"});

std::string attempt(int number, std::string_view outcome)
{
    return fmt::format("recovery attempt {} {}", number, outcome);
}
const std::string kRefused = "failed for member: 101. Code: 0xc0001100 : RC_UNABLE_TO_CONNECT.";
const std::string kSucceeded = "succeeded for member: 101";
const std::string kExceeded =
    "exceeded maximum number of autorecovery attempts for member: 101. Autorecovery will be "
    "disabled";

void add_counts(std::vector<Story>& stories)
{
    Story unlimited = dropped("reconnAtt -1: attempts without end", with_attempts(kTwo, -1));
    for (int number = 1; number <= 5; ++number) {
        unlimited.waits(60s).refused("101").logs(attempt(number, kRefused))
            .state("101", MemberState::dropped);
    }
    stories.push_back(unlimited.waits(60s).reached_with_login("101").logs(attempt(6, kSucceeded)));
    stories.push_back(
        dropped("reconnAtt 0: no attempt, but one by hand, which fails quietly",
                with_attempts(kTwo, 0))
            .waits(301s).state("101", MemberState::dropped)
            .recover().waits(59s)
            .refused("101").logs(attempt(1, kRefused)).state("101", MemberState::exhausted)
            .waits(120s));
    stories.push_back(
        dropped("ticks that nothing waits for keep their times, and take what comes at that moment",
                with_attempts(kTwo, 0))
            .waits(240s).recover().waits(0s)
            .refused("101").logs(attempt(1, kRefused)).state("101", MemberState::exhausted)
            .waits(100s).recover()
            .waits(19s)
            .waits(1s).reached_with_login("101").logs(attempt(1, kSucceeded)));
    stories.push_back(
        dropped("the count begins anew with every drop", kTwo)
            .waits(60s).refused("101").logs(attempt(1, kRefused))
            .waits(60s).reached_with_login("101").logs(attempt(2, kSucceeded))
            .sign().closed("101").logs("has dropped member: 101")
            .replies("102").returns(Code::ok, 1)
            .waits(60s).reached_with_login("101").logs(attempt(1, kSucceeded)));
    stories.push_back(
        dropped("an attempt that still runs at the next tick goes on", with_timeout(kTwo, 70s))
            .waits(60s)
            .waits(65s)
            .reached_with_login("101").logs(attempt(1, kSucceeded)));
    stories.push_back(
        dropped("a deactivated partition is tried again until it is activated",
                with_attempts(kTwo, -1))
            .waits(60s).reached("101")
            .replies("101", Code::partition_not_activated)
            .logs(attempt(1, "failed for member: 101. Code: 0xc0001001 : "
                             "RC_PARTITION_NOT_ACTIVATED."))
            .state("101", MemberState::dropped)
            .waits(60s).reached_with_login("101").logs(attempt(2, kSucceeded)));
}

void add_manual(std::vector<Story>& stories)
{
    stories.push_back(
        dropped("manual recovery after exhaustion counts from 1", with_attempts(kTwo, 1))
            .waits(60s).refused("101").logs(attempt(1, kRefused)).logs(kExceeded)
            .state("101", MemberState::exhausted)
            .recover()
            .sign().state("101", MemberState::dropped)
            .replies("102").returns(Code::ok)
            .refused("101").logs(attempt(1, kRefused)).logs(kExceeded));
    stories.push_back(
        dropped("a smaller HARecover asks for nothing and is the new baseline", kTwo)
            .recover()
            .sign().replies("102").returns(Code::ok)
            .refused("101").logs(attempt(1, kRefused))
            .file("HARecover is 0", [](GroupSettings& file) { file.recover = 0; })
            .sign().replies("102").returns(Code::ok)
            .recover()
            .sign().replies("102").returns(Code::ok)
            .reached_with_login("101").logs(attempt(1, kSucceeded)));
    ha::GroupConfig counted = with_attempts(kTwo, 0);
    counted.group.recover = 5;
    stories.push_back(
        dropped("the value of HARecover at C_Initialize asks for nothing", counted)
            .file("something else changes", [](GroupSettings& file) { file.synchronize = true; })
            .sign().replies("102").returns(Code::ok)
            .waits(60s)
            .recover()
            .waits(60s)
            .reached_with_login("101").logs(attempt(1, kSucceeded)));
    stories.push_back(
        dropped("an attempt that runs keeps its number through manual recovery",
                with_attempts(kTwo, 3))
            .waits(60s).refused("101").logs(attempt(1, kRefused))
            .waits(60s)
            .recover()
            .sign().replies("102").returns(Code::ok)
            .refused("101").logs(attempt(2, kRefused))
            .waits(60s).refused("101").logs(attempt(1, kRefused))
            .waits(60s).refused("101").logs(attempt(2, kRefused))
            .waits(60s).refused("101").logs(attempt(3, kRefused)).logs(kExceeded));
    stories.push_back(
        dropped("manual recovery is not lost on an attempt that finds the partition revoked", kTwo)
            .waits(60s).opened("101")
            .recover()
            .sign().replies("102").returns(Code::ok)
            .replies("101", Code::partition_not_assigned).logs("member: 101 revoked")
            .state("101", MemberState::dropped)
            .waits(60s).reached_with_login("101").logs(attempt(1, kSucceeded)));
    stories.push_back(
        up("manual recovery brings back a member whose login failed", kTwo)
            .login()
            .replies("101", Code::pin_locked)
            .replies("102")
            .logs("can not login to member: 101, autorecovery will be disabled. Code: 0x000000a4 : "
                "CKR_PIN_LOCKED")
            .returns(Code::ok)
            .recover().waits(60s)
            .reached_with_login("101").logs(attempt(1, kSucceeded)));
}

void add_members(std::vector<Story>& stories)
{
    const auto only_102 = [](GroupSettings& file) { file.members = serials_of({"102"}); };
    const auto both = [](GroupSettings& file) { file.members = serials_of({"101", "102"}); };
    stories.push_back(
        logged_in("a removed member answers what is under way and is then left, without a line",
                  kTwo)
            .waits(50s)
            .sign()
            .file("101 is removed", only_102).waits(10s).state("101", MemberState::removed)
            .sign()
            .replies("101").returns(Code::ok)
            .replies("102").returns(Code::ok)
            .file("101 is added", both).waits(60s).logs("detected new member member: 101")
            .reached_with_login("101").logs(attempt(1, kSucceeded)));
    stories.push_back(
        logged_in("a removed member that fails hands its commands on, without a line", kTwo)
            .waits(50s)
            .sign()
            .file("101 is removed", only_102).waits(10s)
            .closed("101")
            .replies("102").returns(Code::ok, 1));
    stories.push_back(
        dropped("a member removed while an attempt runs writes nothing any more",
                with_timeout(kTwo, 70s))
            .waits(60s)
            .file("101 is removed", only_102).waits(60s).state("101", MemberState::removed)
            .waits(120s));
    // With a ReceiveTimeout this long a command outlives two ticks: its member leaves and comes back meanwhile.
    stories.push_back(
        logged_in("a member that is back hands its old commands on to one further down",
                  with_timeout(kTwo, 100s))
            .waits(50s)
            .sign()
            .file("101 is removed", only_102).waits(10s).state("101", MemberState::removed)
            .file("101 is added", both).waits(60s).logs("detected new member member: 101")
            .replies("102").returns(Code::ok, 1)
            .reached_with_login("101").logs(attempt(1, kSucceeded)));
    stories.push_back(
        up("reconnAtt 0: a new member has one attempt all the same", with_attempts(kTwo, 0))
            .file("103 is added", [](GroupSettings& file) {
                file.members.push_back(serial_of("103"));
            })
            .waits(60s).logs("detected new member member: 103")
            .refused("103")
            .logs("recovery attempt 1 failed for member: 103. Code: 0xc0001100 : "
                  "RC_UNABLE_TO_CONNECT.")
            .state("103", MemberState::exhausted));
    stories.push_back(
        up("a serial that the file names twice is one member", kTwo)
            .file("101 stands there twice", [](GroupSettings& file) {
                file.members = serials_of({"101", "102", "101"});
                file.standby = serials_of({"102"});
            })
            .waits(60s)
            .sign().replies("101").returns(Code::ok)
            .sign().replies("102").returns(Code::ok));
    stories.push_back(
        Story("settings that change while C_Initialize runs wait for the first tick after it",
              with_timeout(kTwo, 70s))
            .initialize()
            .reached("102")
            .file("101 is removed, 103 is added",
                  [](GroupSettings& file) { file.members = serials_of({"102", "103"}); })
            .waits(60s).state("101", MemberState::connecting)
            .waits(10s).logs(kUnreachable101).returns(Code::ok)
            .waits(50s).logs("detected new member member: 103").state("101", MemberState::removed)
            .reached("103").logs("recovery attempt 1 succeeded for member: 103"));
}

}  // namespace

std::vector<Story> stories_of_recovery()
{
    std::vector<Story> stories;
    add_counts(stories);
    add_manual(stories);
    add_members(stories);
    return stories;
}

}  // namespace hasim::test
