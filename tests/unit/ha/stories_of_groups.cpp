// Calls and who serves them, standby members, groups that lost everybody, C_Finalize at any time.
#include "stories.hpp"

namespace hasim::test {
namespace {

using namespace std::chrono_literals;

ha::GroupConfig basic(ha::GroupConfig config)
{
    config.ha.recovery_mode = RecoveryMode::active_basic;
    return config;
}

const ha::GroupConfig kWithStandby = config_of({"101"}, {"201", "202"});

void add_calls(std::vector<Story>& stories)
{
    stories.push_back(
        logged_in("initialise, login, sign, logout, finalise, and again, without a line", kTwo)
            .sign().replies("101").returns(Code::ok)
            .sign().replies("102").returns(Code::ok)
            .logout().replies("101").replies("102").returns(Code::ok)
            .finalize().returns(Code::ok)
            .sign().returns(Code::cryptoki_not_initialized)
            .initialize().reached("101").reached("102").returns(Code::ok));
    stories.push_back(
        logged_in("the least busy member serves, then the one that waited longest", kTwo)
            .sign().sign().sign()
            .replies("101").returns(Code::ok)
            .replies("101").returns(Code::ok)
            .sign()
            .replies("101").returns(Code::ok)
            .replies("102").returns(Code::ok));
    stories.push_back(
        up("two logins: one at a time, and once", kTwo)
            .login()
            .login().returns(Code::operation_active)
            .logout().returns(Code::operation_active)
            .replies("101").replies("102").returns(Code::ok)
            .login().returns(Code::user_already_logged_in)
            .logout().replies("101")
            .login().returns(Code::operation_active)
            .replies("102").returns(Code::ok)
            .logout().returns(Code::user_not_logged_in)
            .login().replies("101").replies("102").returns(Code::ok));
    stories.push_back(
        Story("calls before C_Initialize returned", kTwo)
            .initialize()
            .initialize().returns(Code::cryptoki_already_initialized)
            .login().returns(Code::cryptoki_not_initialized)
            .sign().returns(Code::cryptoki_not_initialized)
            .reached("101").reached("102").returns(Code::ok)
            .initialize().returns(Code::cryptoki_already_initialized));
    stories.push_back(
        dropped("a member that is recovered during C_Login joins it", kTwo)
            .logout().replies("102").returns(Code::ok)
            .waits(60s).opened("101")
            .login()
            .replies("101").logs("recovery attempt 1 succeeded for member: 101")
            .replies("102")
            .replies("101").returns(Code::ok));
    // Its PIN was put right meanwhile: what it said before its connection broke does not count.
    stories.push_back(
        up("a member that refused C_Login is recovered meanwhile and accepts", kTwo)
            .waits(50s)
            .login()
            .replies("101", Code::pin_incorrect)
            .sign().closed("101").logs("has dropped member: 101")
            .waits(10s).reached("101").logs("recovery attempt 1 succeeded for member: 101")
            .replies("101")
            .replies("102").returns(Code::ok).state("101", MemberState::active)
            .replies("102").returns(Code::ok, 1));
    stories.push_back(
        dropped("a member that logs in again while the client logs out is logged out", kTwo)
            .waits(60s).reached("101")
            .logout().replies("102").returns(Code::ok)
            .replies("101").logs("recovery attempt 1 succeeded for member: 101")
            .login().replies("101").replies("102").returns(Code::ok));
}

void add_finalise(std::vector<Story>& stories)
{
    stories.push_back(
        up("finalise in the middle of everything", kTwo)
            .sign()
            .login()
            .closed("102")
            .logs("can not login to member: 102, autorecovery will be disabled. Code: 0xc0000504 : "
                "RC_SERVER_DISCONNECTED")
            .finalize()
            .returns(Code::cryptoki_not_initialized)
            .returns(Code::cryptoki_not_initialized)
            .returns(Code::ok)
            .group(GroupState::finalized)
            .finalize().returns(Code::cryptoki_not_initialized)
            .waits(300s)
            .initialize().reached("101").reached("102").returns(Code::ok));
    stories.push_back(
        Story("finalise while C_Initialize runs", kTwo)
            .initialize()
            .opened("101")
            .finalize().returns(Code::cryptoki_not_initialized).returns(Code::ok)
            .waits(60s)
            .initialize().reached("101").reached("102").returns(Code::ok));
    stories.push_back(
        dropped("finalise resets counts and a running attempt", kTwo)
            .waits(60s).refused("101")
            .logs("recovery attempt 1 failed for member: 101. Code: 0xc0001100 : "
                  "RC_UNABLE_TO_CONNECT.")
            .waits(60s).opened("101")
            .finalize().returns(Code::ok)
            .initialize().reached("102").refused("101").logs(kUnreachable101).returns(Code::ok)
            .waits(60s).reached("101").logs("recovery attempt 1 succeeded for member: 101"));
}

void add_standby(std::vector<Story>& stories)
{
    stories.push_back(
        logged_in("the first standby member serves while no active-role member can", kWithStandby)
            .sign().sign()
            .closed("101").logs("has dropped member: 101")
            .sign()
            .replies("201").returns(Code::ok, 1)
            .waits(20s).logs("has dropped member: 201")
            .replies("202").returns(Code::ok, 2)
            .replies("202").returns(Code::ok, 1)
            .waits(40s)
            .reached_with_login("101").logs("recovery attempt 1 succeeded for member: 101")
            .sign().replies("101").returns(Code::ok));
    stories.push_back(
        logged_in("a standby member steps back when an active-role member is back", kWithStandby)
            .sign().closed("101").logs("has dropped member: 101")
            .replies("201").returns(Code::ok, 1)
            .waits(60s)
            .sign()
            .reached_with_login("101").logs("recovery attempt 1 succeeded for member: 101")
            .sign()
            .replies("101").returns(Code::ok)
            .replies("201").returns(Code::ok));
    stories.push_back(
        up("C_Login that fails on a standby member", kWithStandby)
            .login()
            .replies("101").replies("202")
            .replies("201", Code::pin_incorrect)
            .logs("can not login to member: 201, autorecovery will be disabled. Code: 0x000000a0 : "
                "CKR_PIN_INCORRECT")
            .returns(Code::ok));
    stories.push_back(
        logged_in("a standby member is made an active-role member by the file, without a line",
                                    config_of({"101"}, {"201"}))
            .file("201 becomes a member", [](GroupSettings& file) {
                file.members = serials_of({"201", "101"});
                file.standby.clear();
            })
            .waits(60s)
            .sign().replies("201").returns(Code::ok)
            .sign().replies("101").returns(Code::ok));
}

Story all_lost(std::string title, const ha::GroupConfig& config)
{
    return logged_in(std::move(title), config)
        .sign()
        .closed("101").logs("has dropped member: 101")
        .closed("102").logs("has dropped member: 102").returns(Code::device_error, 2)
        .sign().returns(Code::device_error);
}

void add_all_lost(std::vector<Story>& stories)
{
    const std::string recovered = "recovery attempt 1 succeeded for member: 101";
    stories.push_back(
        all_lost("all lost, activeEnhanced: served again at the first recovery, logged in", kTwo)
            .group(GroupState::serving)
            .login().returns(Code::user_already_logged_in)
            .waits(60s)
            .reached_with_login("101").logs(recovered)
            .sign().replies("101").returns(Code::ok));
    stories.push_back(
        all_lost("all lost, activeBasic: latched until finalise and initialise", basic(kTwo))
            .group(GroupState::latched)
            .login().returns(Code::device_error)
            .waits(60s)
            .reached_with_login("101").logs(recovered)
            .sign().returns(Code::device_error)
            .finalize().returns(Code::ok)
            .initialize().reached("101").reached("102").returns(Code::ok)
            .login().replies("101").replies("102").returns(Code::ok)
            .sign().replies("101").returns(Code::ok));
    stories.push_back(
        Story("everything down at C_Initialize, activeBasic: served at the first recovery",
              basic(kTwo))
            .initialize()
            .refused("102")
            .refused("101").logs(kUnreachable101).logs(kUnreachable102).returns(Code::ok)
            .group(GroupState::serving)
            .sign().returns(Code::device_error)
            .login().returns(Code::device_error)
            .waits(60s)
            .reached("101").logs(recovered)
            .login().replies("101").returns(Code::ok)
            .sign().replies("101").returns(Code::ok));
    stories.push_back(
        up("C_Login meets nothing but closed connections", kTwo)
            .closed("102").closed("101")
            .login()
            .logs("can not login to member: 101, autorecovery will be disabled. Code: 0xc0000504 : "
                "RC_SERVER_DISCONNECTED")
            .logs("can not login to member: 102, autorecovery will be disabled. Code: 0xc0000504 : "
                "RC_SERVER_DISCONNECTED")
            .returns(Code::device_error)
            .waits(120s));
    stories.push_back(
        logged_in("commands without an answer on every member return when nobody is left", kTwo)
            .sign().sign()
            .waits(20s)
            .logs("has dropped member: 101").logs("has dropped member: 102")
            .returns(Code::device_error, 1).returns(Code::device_error, 2));
    ha::GroupConfig nobody = config_of({});
    stories.push_back(
        Story("a group without members", nobody)
            .initialize().returns(Code::ok)
            .login().returns(Code::device_error)
            .sign().returns(Code::device_error)
            .finalize().returns(Code::ok));
}

}  // namespace

std::vector<Story> stories_of_groups()
{
    std::vector<Story> stories;
    add_calls(stories);
    add_finalise(stories);
    add_standby(stories);
    add_all_lost(stories);
    return stories;
}

}  // namespace hasim::test
