// Goal: the table of legal transitions is whole, and the manual's page about it is made from it.
#include "ha/transitions.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "log/catalogue.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"

using namespace hasim;
using namespace hasim::ha;

namespace {

std::string_view from_of(const Transition& transition)
{
    return transition.from ? name_of(*transition.from) : "(unknown)";
}

std::string_view line_of(const Transition& transition)
{
    return transition.line ? log::message_of(*transition.line).id : std::string_view("-");
}

std::string_view meaning_of(Cause cause)
{
    switch (cause) {
    case Cause::initialized: return "C_Initialize begins to reach it";
    case Cause::reached: return "C_Initialize reached it";
    case Cause::unreachable: return "C_Initialize could not reach it";
    case Cause::seen_closed: return "its connection ended while nothing was under way on it";
    case Cause::command_failed: return "a command on it failed for the connection's sake";
    case Cause::found_deactivated:
        return "a command found its partition deactivated, with failover_on_deactivation";
    case Cause::login_broke: return "its connection failed during C_Login";
    case Cause::login_refused: return "it refused a login that another member accepted";
    case Cause::recovered: return "a recovery attempt made it valid";
    case Cause::attempts_used_up: return "the last recovery attempt failed";
    case Cause::found_revoked: return "a recovery attempt found its partition revoked";
    case Cause::found_ineligible:
        return "a recovery attempt found that it cannot come back by itself";
    case Cause::manual_recovery: return "HARecover was incremented";
    case Cause::configured_out: return "its serial is no longer in the file";
    case Cause::configured_in: return "its serial is new in the file";
    }
    return "?";
}

/// The page of the manual: a diagram and a table. Edges to `removed` are told in words, because every state has one.
std::string page()
{
    std::string text =
        "# The life of a member\n\n"
        "Made from the table of legal transitions, `kTransitions` in src/ha/transitions.hpp; a "
        "test holds this page\n"
        "against it, and `HASIM_UPDATE_GOLDEN=1` with that test writes it anew. Do not edit it by "
        "hand.\n\n"
        "What the states mean, and which of this is documented and which is chosen: "
        "[behaviour.md](behaviour.md).\n\n"
        "```mermaid\n"
        "stateDiagram-v2\n"
        "    [*] --> connecting: C_Initialize\n"
        "    [*] --> dropped: configured_in / NEWMEMBER\n";
    for (const Transition& transition : kTransitions) {
        if (!transition.from || transition.cause == Cause::configured_out) {
            continue;
        }
        const std::string line = transition.line
                                     ? fmt::format(" / {}", log::short_id_of(*transition.line))
                                     : std::string();
        text += fmt::format("    {} --> {}: {}{}\n", name_of(*transition.from),
                            name_of(transition.to), name_of(transition.cause), line);
    }
    text +=
        "```\n\n"
        "Not drawn: every state but `connecting` leaves for `removed` when the serial is no longer "
        "in the file, and\n"
        "C_Finalize ends every member's life, whatever its state.\n\n"
        "The line is the one that message set `6.2.2` writes; `all` writes "
        "HALOG_MEMBER_DEACTIVATED for\n"
        "`found_deactivated`, HALOG_UNRECOVERABLE for `found_ineligible` and HALOG_REENABLEMEMBER "
        "for\n"
        "`manual_recovery`. `attempts_used_up` writes a second line after its first (with "
        "reconnAtt 0 it does not).\n\n"
        "| from | cause | to | line | the cause in words |\n"
        "| --- | --- | --- | --- | --- |\n";
    for (const Transition& transition : kTransitions) {
        text += fmt::format("| {} | {} | {} | {} | {} |\n", from_of(transition),
                            name_of(transition.cause), name_of(transition.to), line_of(transition),
                            meaning_of(transition.cause));
    }
    return text;
}

bool is_entered(MemberState state)
{
    return std::any_of(kTransitions.begin(), kTransitions.end(),
                       [&](const Transition& transition) { return transition.to == state; });
}

}  // namespace

TEST_CASE("every state can be entered and left")
{
    for (const MemberState state : kMemberStates) {
        INFO(name_of(state));
        CHECK(is_entered(state));
        CHECK(std::any_of(kTransitions.begin(), kTransitions.end(),
                          [&](const Transition& transition) { return transition.from == state; }));
    }
}

TEST_CASE("every state can become active again")
{
    std::vector<MemberState> good{MemberState::active};
    for (std::size_t round = 0; round < kMemberStates.size(); ++round) {
        for (const Transition& transition : kTransitions) {
            const bool leads = std::find(good.begin(), good.end(), transition.to) != good.end();
            if (leads && transition.from &&
                std::find(good.begin(), good.end(), *transition.from) == good.end()) {
                good.push_back(*transition.from);
            }
        }
    }
    CHECK(good.size() == kMemberStates.size());
}

TEST_CASE("a state and a cause lead to one state only")
{
    for (std::size_t a = 0; a < kTransitions.size(); ++a) {
        for (std::size_t b = a + 1; b < kTransitions.size(); ++b) {
            INFO(from_of(kTransitions[a]) << " " << name_of(kTransitions[a].cause));
            const bool same = kTransitions[a].from == kTransitions[b].from &&
                              kTransitions[a].cause == kTransitions[b].cause;
            CHECK_FALSE(same);
        }
    }
}

TEST_CASE("a transition is found by its three parts only")
{
    CHECK(find_transition(MemberState::connecting, Cause::reached, MemberState::active));
    CHECK_FALSE(find_transition(MemberState::connecting, Cause::reached, MemberState::dropped));
    CHECK_FALSE(find_transition(MemberState::active, Cause::reached, MemberState::active));
    CHECK_FALSE(find_transition(std::nullopt, Cause::reached, MemberState::active));
    CHECK(find_transition(std::nullopt, Cause::configured_in, MemberState::dropped));
}

TEST_CASE(
    "only a state that serves is left with a line of a drop, and only `dropped` with one of an "
    "attempt")
{
    for (const Transition& transition : kTransitions) {
        INFO(from_of(transition) << " " << name_of(transition.cause));
        if (transition.line == LogForm::drop_member || transition.line == LogForm::login_failed) {
            CHECK((transition.from == MemberState::active || transition.from == MemberState::lost));
        }
        if (transition.line == LogForm::recovered || transition.line == LogForm::recovery_failed ||
            transition.line == LogForm::member_revoked) {
            CHECK(transition.from == MemberState::dropped);
        }
    }
}

TEST_CASE("docs/states.md is the table")
{
    test::matches_golden("../../docs/states.md", page());
}
