// For each line form the situation that the note names for it, and those that hasim chose.
#include "stories.hpp"

namespace hasim::test {
namespace {

using namespace std::chrono_literals;

ha::GroupConfig with_all_messages(ha::GroupConfig config)
{
    config.messages = MessageSet::all;
    return config;
}

ha::GroupConfig with_failover_on_deactivation(ha::GroupConfig config)
{
    config.ha.failover_on_deactivation = true;
    return config;
}

const ha::GroupConfig kThree = config_of({"101", "102", "103"});

void add_drops(std::vector<Story>& stories)
{
    stories.push_back(
        logged_in("HALOG_DROPMEMBER is written when the connection ends under commands, once", kTwo)
            .sign().sign().sign()
            .closed("101").logs("has dropped member: 101").state("101", MemberState::dropped)
            .replies("102").returns(Code::ok)
            .replies("102").returns(Code::ok, 1)
            .replies("102").returns(Code::ok, 1));
    stories.push_back(
        logged_in("HALOG_DROPMEMBER is written when a command has no answer in ReceiveTimeout",
                  kTwo)
            .sign()
            .waits(19s)
            .waits(1s).logs("has dropped member: 101")
            .replies("102").returns(Code::ok, 1));
    stories.push_back(
        logged_in("HALOG_DROPMEMBER is written when a command meets a connection seen closed", kTwo)
            .closed("101").state("101", MemberState::lost)
            .waits(5s)
            .sign().logs("has dropped member: 101").state("101", MemberState::dropped)
            .replies("102").returns(Code::ok));
    stories.push_back(
        logged_in("HALOG_DROPMEMBER is written when a command finds the partition not assigned",
                  kTwo)
            .sign()
            .replies("101", Code::partition_not_assigned).logs("has dropped member: 101")
            .replies("102").returns(Code::ok, 1));
    stories.push_back(
        logged_in("HALOG_DROPMEMBER is written when C_Logout meets the closed connection", kTwo)
            .closed("101")
            .logout().logs("has dropped member: 101")
            .replies("102").returns(Code::ok));
    stories.push_back(
        Story("HALOG_DROPUNRECOVERABLE is written when C_Initialize cannot reach a member", kThree)
            .initialize()
            .refused("103").state("103", MemberState::connecting)
            .reached("102")
            .waits(20s)
            .logs(kUnreachable101)
            .logs("unable to reach member: 103. Manual Recover or Auto Recovery will be able to "
                "recover this member")
            .returns(Code::ok)
            .state("101", MemberState::dropped)
            .state("102", MemberState::active));
}

void add_logins(std::vector<Story>& stories)
{
    const std::string failed = "can not login to member: 101, autorecovery will be disabled. "
                               "Code: ";
    stories.push_back(
        up("HALOG_LOGINFAILED is written when the connection ends during C_Login", kTwo)
            .login()
            .closed("101").logs(failed + "0xc0000504 : RC_SERVER_DISCONNECTED")
            .state("101", MemberState::login_failed)
            .replies("102").returns(Code::ok)
            .waits(120s));
    stories.push_back(
        up("HALOG_LOGINFAILED is written when C_Login has no answer, commands or not", kTwo)
            .login()
            .sign()
            .replies("102")
            .waits(20s).logs(failed + "0xc0000303 : RC_OPERATION_TIMED_OUT").returns(Code::ok)
            .replies("102").returns(Code::ok, 1));
    stories.push_back(
        up("HALOG_LOGINFAILED is written when C_Login meets a connection seen closed", kTwo)
            .closed("101")
            .login().logs(failed + "0xc0000504 : RC_SERVER_DISCONNECTED")
            .replies("102").returns(Code::ok));
    stories.push_back(
        up("HALOG_LOGINFAILED is written when a member refuses a login that another accepts", kTwo)
            .login()
            .replies("101", Code::pin_incorrect)
            .replies("102").logs(failed + "0x000000a0 : CKR_PIN_INCORRECT").returns(Code::ok)
            .state("101", MemberState::login_failed)
            .waits(120s));
    stories.push_back(
        up("HALOG_LOGINFAILED is written when C_Login finds the partition not assigned", kTwo)
            .login()
            .replies("101", Code::partition_not_assigned)
            .logs(failed + "0xc0000104 : RC_TOKEN_NOT_PRESENT")
            .replies("102").returns(Code::ok));
    // Nobody accepts: the application's mistake, not a member's.
    stories.push_back(
        up("no line when every member refuses the login", kTwo)
            .login()
            .replies("101", Code::pin_incorrect)
            .replies("102", Code::pin_incorrect).returns(Code::pin_incorrect)
            .state("101", MemberState::active).state("102", MemberState::active)
            .login().replies("101").replies("102").returns(Code::ok));
    // 101 has no answer in time and 102 refused; both lines come at one instant, and 102's command with them.
    stories.push_back(
        up("lines of one C_Login stand in configured order", kThree)
            .login()
            .sign().sign()
            .replies("102", Code::pin_locked)
            .replies("103")
            .waits(20s)
            .logs(failed + "0xc0000303 : RC_OPERATION_TIMED_OUT")
            .logs("can not login to member: 102, autorecovery will be disabled. Code: 0x000000a4 : "
                "CKR_PIN_LOCKED")
            .returns(Code::ok)
            .replies("103").returns(Code::ok, 1)
            .replies("103").returns(Code::ok, 1));
}

void add_deactivations(std::vector<Story>& stories)
{
    const ha::GroupConfig failover = with_failover_on_deactivation(kTwo);
    stories.push_back(
        logged_in("HALOG_MEMBER_DEACTIVATED is written when a command fails over for it (all "
                  "messages)",
                                    with_all_messages(failover))
            .sign()
            .replies("101", Code::partition_not_activated).logs("member: 101 deactivated")
            .state("101", MemberState::dropped)
            .replies("102").returns(Code::ok, 1));
    stories.push_back(
        logged_in("HALOG_DROPMEMBER is written when a command fails over for deactivation",
                  failover)
            .sign()
            .replies("101", Code::partition_not_activated).logs("has dropped member: 101")
            .replies("102").returns(Code::ok, 1));
    stories.push_back(
        logged_in("HALOG_MEMBER_DEACTIVATED is written when a command finds it, once until it is "
                  "over",
                                    with_all_messages(kTwo))
            .sign()
            .replies("101", Code::partition_not_activated).logs("member: 101 deactivated")
            .returns(Code::partition_not_activated)
            .state("101", MemberState::active)
            .sign().replies("102").returns(Code::ok)
            .sign().replies("101", Code::partition_not_activated)
            .returns(Code::partition_not_activated)
            .sign().replies("102").returns(Code::ok)
            .sign().replies("101").returns(Code::ok)
            .sign().replies("102").returns(Code::ok)
            .sign().replies("101", Code::partition_not_activated).logs("member: 101 deactivated")
            .returns(Code::partition_not_activated));
    stories.push_back(
        logged_in("HALOG_MEMBER_DEACTIVATED is written when it is found after a recovery "
                  "(all messages)",
                  with_all_messages(kTwo))
            .sign().replies("101", Code::partition_not_activated)
            .logs("member: 101 deactivated").returns(Code::partition_not_activated)
            .closed("101")
            .sign().logs("has dropped member: 101").replies("102").returns(Code::ok)
            .waits(60s)
            .reached_with_login("101").logs("recovery attempt 1 succeeded for member: 101")
            .sign().replies("101", Code::partition_not_activated)
            .logs("member: 101 deactivated").returns(Code::partition_not_activated));
    stories.push_back(
        logged_in("no line when a command finds the partition deactivated and does not fail over",
                  kTwo)
            .sign()
            .replies("101", Code::partition_not_activated).returns(Code::partition_not_activated)
            .state("101", MemberState::active));
    stories.push_back(
        logged_in("no line when a command has a code of its own", kTwo)
            .sign().replies("101", Code::device_error).returns(Code::device_error)
            .sign().replies("102", Code::token_not_present).returns(Code::token_not_present)
            .state("101", MemberState::active).state("102", MemberState::active));
}

void add_attempts(std::vector<Story>& stories)
{
    const std::string failed = "failed for member: 101. Code: 0xc0001100 : RC_UNABLE_TO_CONNECT.";
    stories.push_back(
        dropped("HALOG_MEMBER_REVOKED is written when an attempt finds the partition not assigned",
                kTwo)
            .waits(60s)
            .opened("101")
            .replies("101", Code::partition_not_assigned).logs("member: 101 revoked")
            .state("101", MemberState::revoked)
            .waits(121s)
            .recover().waits(59s)
            .reached_with_login("101").logs("recovery attempt 1 succeeded for member: 101"));
    stories.push_back(
        up("HALOG_NEWMEMBER is written when a tick finds a new serial in the file", kTwo)
            .file("103 is added", [](GroupSettings& file) {
                file.members = serials_of({"101", "102", "103"});
            })
            .waits(59s)
            .waits(1s).logs("detected new member member: 103").state("103", MemberState::dropped)
            .reached("103").logs("recovery attempt 1 succeeded for member: 103")
            .state("103", MemberState::active));
    stories.push_back(
        dropped("HALOG_RECOVERED is written when an attempt makes the member valid", kTwo)
            .waits(60s)
            .reached_with_login("101").logs("recovery attempt 1 succeeded for member: 101")
            .state("101", MemberState::active)
            .sign().replies("101").returns(Code::ok));
    stories.push_back(
        dropped("HALOG_RECOVERYFAILED is written when an attempt fails, and again when it was the "
                "last",
                                  kTwo)
            .waits(60s)
            .refused("101").logs("recovery attempt 1 " + failed).state("101", MemberState::dropped)
            .waits(60s)
            .waits(20s)
            .logs("recovery attempt 2 " + failed)
            .logs("exceeded maximum number of autorecovery attempts for member: 101. Autorecovery "
                  "will "
                "be disabled")
            .state("101", MemberState::exhausted)
            .waits(180s));
    stories.push_back(
        dropped("HALOG_REENABLEMEMBER is written when manual recovery is asked for (all messages)",
                                  with_all_messages(kTwo))
            .recover()
            .sign().logs("Re-enable auto recovery process for member: 101")
            .replies("102").returns(Code::ok)
            .reached_with_login("101").logs("recovery attempt 1 succeeded for member: 101"));
    stories.push_back(
        dropped("HALOG_UNRECOVERABLE is written when an attempt finds the PIN refused (all "
                "messages)",
                                  with_all_messages(kTwo))
            .waits(60s)
            .reached("101")
            .replies("101", Code::pin_incorrect)
            .logs("recovery attempt 1 failed for member: 101. Manual Recover or Auto Recovery "
                  "will not "
                "be able to recover this member. Code: 0x000000a0 : CKR_PIN_INCORRECT")
            .state("101", MemberState::ineligible)
            .waits(120s));
    stories.push_back(
        dropped("HALOG_RECOVERYFAILED is written when an attempt finds the partition zeroised",
                kTwo)
            .waits(60s)
            .opened("101")
            .replies("101", Code::token_not_present)
            .logs("recovery attempt 1 failed for member: 101. Code: 0x000000e0 : "
                  "CKR_TOKEN_NOT_PRESENT.")
            .state("101", MemberState::ineligible)
            .waits(120s));
}

}  // namespace

std::vector<Story> stories_of_messages()
{
    std::vector<Story> stories;
    add_drops(stories);
    add_logins(stories);
    add_deactivations(stories);
    add_attempts(stories);
    return stories;
}

}  // namespace hasim::test
