// Goal: every event in every state of a member, and every call in every state of a group, has the result that somebody
// has looked at. The matrices are golden files.
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/ha_bench.hpp"

using namespace hasim;
using namespace hasim::test;
using namespace std::chrono_literals;

namespace {

const Serial kMember101 = serial_of("101");
const Serial kMember102 = serial_of("102");

struct Situation {
    std::string name;
    std::function<void(HaBench&)> bring_about;
};
struct Happening {
    std::string name;
    std::function<ha::Effects(HaBench&)> apply;
};

/// A ReceiveTimeout above AutoReconnectInterval, so that a tick is seen with requests still under way.
ha::GroupConfig config_of_matrix()
{
    ha::GroupConfig config = config_of({"101", "102"});
    config.receive_timeout = 70s;
    return config;
}

// ---- Situations -------------------------------------------------------------------------------------------------

void up(HaBench& bench)
{
    bench.initialize();
    bench.everybody_answers();
}
void logged_in(HaBench& bench)
{
    up(bench);
    bench.login();
    bench.everybody_answers();
}
void drop(HaBench& bench)
{
    logged_in(bench);
    bench.sign();
    bench.closed(kMember101);
    bench.everybody_answers();
}
void attempt(HaBench& bench)
{
    drop(bench);
    bench.pass(60s);
}
void exhaust(HaBench& bench)
{
    attempt(bench);
    bench.refused(kMember101);
    bench.pass(60s);
    bench.refused(kMember101);
}
void remove(HaBench& bench)
{
    bench.file().members = {kMember102};
    bench.file_changed();
    bench.pass(60s);
}

std::vector<Situation> member_situations()
{
    return {
        {"connecting", [](HaBench& bench) { bench.initialize(); }},
        {"connecting, partition asked for",
         [](HaBench& bench) {
             bench.initialize();
             bench.opened(kMember101);
         }},
        {"connecting, failed while the other one is not decided",
         [](HaBench& bench) {
             bench.initialize();
             bench.refused(kMember101);
         }},
        {"active", logged_in},
        {"active, nobody logged in", up},
        {"active, command under way",
         [](HaBench& bench) {
             logged_in(bench);
             bench.sign();
         }},
        {"active, C_Login under way",
         [](HaBench& bench) {
             up(bench);
             bench.login();
         }},
        {"active, C_Logout under way",
         [](HaBench& bench) {
             logged_in(bench);
             bench.logout();
         }},
        {"lost",
         [](HaBench& bench) {
             logged_in(bench);
             bench.closed(kMember101);
         }},
        {"dropped", drop},
        {"dropped, attempt connects", attempt},
        {"dropped, attempt asks for the partition",
         [](HaBench& bench) {
             attempt(bench);
             bench.opened(kMember101);
         }},
        {"dropped, attempt logs in",
         [](HaBench& bench) {
             attempt(bench);
             bench.opened(kMember101);
             bench.replies(kMember101);
         }},
        {"login_failed",
         [](HaBench& bench) {
             up(bench);
             bench.login();
             bench.closed(kMember101);
             bench.everybody_answers();
         }},
        {"exhausted", exhaust},
        {"revoked",
         [](HaBench& bench) {
             attempt(bench);
             bench.opened(kMember101);
             bench.replies(kMember101, Code::partition_not_assigned);
         }},
        {"ineligible",
         [](HaBench& bench) {
             attempt(bench);
             bench.opened(kMember101);
             bench.replies(kMember101, Code::token_not_present);
         }},
        {"removed",
         [](HaBench& bench) {
             logged_in(bench);
             remove(bench);
         }},
        {"removed, command under way",
         [](HaBench& bench) {
             logged_in(bench);
             bench.sign();
             remove(bench);
         }},
    };
}

std::vector<Situation> group_situations()
{
    return {
        {"finalized", [](HaBench&) {}},
        {"initializing",
         [](HaBench& bench) {
             bench.initialize();
             bench.opened(kMember101);
         }},
        {"serving", up},
        {"serving, C_Login under way",
         [](HaBench& bench) {
             up(bench);
             bench.login();
         }},
        {"serving, logged in", logged_in},
        {"serving, command under way",
         [](HaBench& bench) {
             logged_in(bench);
             bench.sign();
         }},
        {"serving, C_Logout under way",
         [](HaBench& bench) {
             logged_in(bench);
             bench.logout();
         }},
        {"serving, nobody left (activeEnhanced)",
         [](HaBench& bench) {
             drop(bench);
             bench.sign();
             bench.closed(kMember102);
         }},
        {"serving, everybody lost",
         [](HaBench& bench) {
             logged_in(bench);
             bench.closed(kMember101);
             bench.closed(kMember102);
         }},
    };
}

// ---- Happenings -------------------------------------------------------------------------------------------------

Happening event(std::string name, std::function<ha::Event(HaBench&)> make)
{
    return {std::move(name), [make](HaBench& bench) { return bench.apply(make(bench)); }};
}

Happening reply(Code code)
{
    return event("reply " + to_text(code), [code](HaBench& bench) {
        const std::optional<Request> request = bench.asked(kMember101);
        return ha::ReplyArrived{bench.last_link(kMember101),
                                Reply{request ? request->id : RequestId{}, code, "signature"}};
    });
}

/// At the next tick; changes of the file take effect then.
ha::Effects tick(HaBench& bench)
{
    const Duration since = bench.now().time_since_epoch();
    bench.stall(60s - since % 60s);
    return bench.apply(ha::DeadlineReached{});
}

std::vector<Happening> calls()
{
    return {
        event("C_Initialize",
              [](HaBench& bench) {
                  return ha::Initialize{bench.fresh_call(), bench.config()};
              }),
        event("C_Finalize", [](HaBench& bench) { return ha::Finalize{bench.fresh_call()}; }),
        event("C_Login",
              [](HaBench& bench) {
                  return ha::Login{bench.fresh_call(), "userpin"};
              }),
        event("C_Logout", [](HaBench& bench) { return ha::Logout{bench.fresh_call()}; }),
        event("C_Sign",
              [](HaBench& bench) {
                  return ha::Command{bench.fresh_call(), "data"};
              }),
        {"HARecover, then C_Sign",
         [](HaBench& bench) {
             ++bench.file().recover;
             bench.file_changed();
             return bench.apply(ha::Command{bench.fresh_call(), "data"});
         }},
        event("file changed",
              [](HaBench& bench) { return ha::SettingsChanged{bench.config().group}; }),
    };
}

std::vector<Happening> times()
{
    return {
        {"deadline, early",
         [](HaBench& bench) {
             bench.stall(1s);
             return bench.apply(ha::DeadlineReached{});
         }},
        {"tick", tick},
        {"HARecover, then tick",
         [](HaBench& bench) {
             ++bench.file().recover;
             bench.file_changed();
             return tick(bench);
         }},
        {"deadline, 200 s late",
         [](HaBench& bench) {
             bench.stall(200s);
             return bench.apply(ha::DeadlineReached{});
         }},
    };
}

std::vector<Happening> member_happenings()
{
    std::vector<Happening> all{
        event("link opened",
              [](HaBench& bench) { return ha::LinkOpened{bench.last_link(kMember101)}; }),
        event("link failed",
              [](HaBench& bench) {
                  return ha::LinkFailed{bench.last_link(kMember101), Code::unable_to_connect};
              }),
        event("link closed",
              [](HaBench& bench) {
                  return ha::LinkClosed{bench.last_link(kMember101), Code::server_disconnected};
              }),
        event("unknown link closed",
              [](HaBench&) {
                  return ha::LinkClosed{LinkId{999}, Code::server_disconnected};
              }),
        event("link 0 closed",
              [](HaBench&) {
                  return ha::LinkClosed{LinkId{}, Code::server_disconnected};
              }),
    };
    for (const Code code :
         {Code::ok, Code::device_error, Code::pin_incorrect, Code::token_not_present,
          Code::partition_not_assigned, Code::partition_not_activated}) {
        all.push_back(reply(code));
    }
    // The id of the very first thing waited for, which was a connection and no request.
    all.push_back(event("reply to no request", [](HaBench& bench) {
        return ha::ReplyArrived{bench.last_link(kMember101),
                                Reply{RequestId{std::uint64_t{1} << 32}, Code::ok, {}}};
    }));
    for (const auto& more : {calls(), times()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    all.push_back({"file without it, then tick", [](HaBench& bench) {
                       bench.file().members = {kMember102};
                       bench.file_changed();
                       return tick(bench);
                   }});
    all.push_back({"file with it, then tick", [](HaBench& bench) {
                       bench.file().members = {kMember101, kMember102};
                       bench.file_changed();
                       return tick(bench);
                   }});
    return all;
}

// ---- The matrices -----------------------------------------------------------------------------------------------

std::string effects_in_words(const ha::Effects& effects)
{
    std::string text;
    for (const ha::Effect& effect : effects) {
        text += (text.empty() ? "" : "; ") + to_text(effect);
    }
    return text.empty() ? "-" : text;
}

std::string matrix(const std::vector<Situation>& situations,
                   const std::vector<Happening>& happenings, const ha::GroupConfig& config,
                   const std::function<std::string(const HaBench&)>& outcome)
{
    std::string text;
    for (const Situation& situation : situations) {
        text += fmt::format("\n== {} ==\n", situation.name);
        for (const Happening& happening : happenings) {
            INFO(situation.name << ": " << happening.name);
            HaBench bench(config);
            situation.bring_about(bench);
            const std::string before = outcome(bench);
            const std::string effects = effects_in_words(happening.apply(bench));
            CHECK(bench.problem() == "");
            const std::string after = outcome(bench);
            text += fmt::format("{}: {}{}\n", happening.name, effects,
                                before == after ? "" : " => " + after);
        }
    }
    return text;
}

std::string group_state(const HaBench& bench)
{
    return std::string(hasim::name_of(bench.group().state()));
}

std::string member_state(const HaBench& bench)
{
    const auto state = bench.group().member_state(kMember101);
    return state ? std::string(name_of(*state)) : "none";
}

}  // namespace

TEST_CASE("each situation of the matrix is in the state it is named after")
{
    std::set<std::string> seen;
    for (const Situation& situation : member_situations()) {
        HaBench bench(config_of_matrix());
        situation.bring_about(bench);
        CHECK(situation.name.substr(0, situation.name.find(',')) == member_state(bench));
        seen.insert(member_state(bench));
    }
    CHECK(seen.size() == kMemberStates.size());
    for (const Situation& situation : group_situations()) {
        HaBench bench(config_of_matrix());
        situation.bring_about(bench);
        CHECK(situation.name.substr(0, situation.name.find(',')) == group_state(bench));
    }
}

TEST_CASE("every event in every state of a member")
{
    const std::string text =
        matrix(member_situations(), member_happenings(), config_of_matrix(), member_state);
    matches_golden(
        "member_matrix.txt",
        "What happens to member 101 of a group of 101 and 102: event: effects => new state.\n" +
            text);
}

TEST_CASE("every call in every state of a group")
{
    std::vector<Happening> happenings = calls();
    for (const Happening& happening : times()) {
        happenings.push_back(happening);
    }
    std::string text = matrix(group_situations(), happenings, config_of_matrix(), group_state);
    ha::GroupConfig basic = config_of_matrix();
    basic.ha.recovery_mode = RecoveryMode::active_basic;
    const std::vector<Situation> latched{
        {"latched",
         [](HaBench& bench) {
             drop(bench);
             bench.sign();
             bench.closed(kMember102);
         }},
        {"latched, one member is back",
         [](HaBench& bench) {
             drop(bench);
             bench.sign();
             bench.closed(kMember102);
             bench.pass(60s);
             bench.everybody_answers();
         }},
    };
    text += matrix(latched, happenings, basic, group_state);
    matches_golden(
        "group_matrix.txt",
        "What happens to a group of 101 and 102: call: effects => new state of the group.\n" +
            text);
}
