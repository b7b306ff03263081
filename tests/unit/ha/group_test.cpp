// Goal: what stories cannot show: stray replies, and requests whose answers nobody waits for.
#include "ha/group.hpp"

#include "support/catch.hpp"
#include "support/ha_bench.hpp"

using namespace hasim;
using namespace hasim::test;

namespace {

const Serial k101 = serial_of("101");
const Serial k102 = serial_of("102");

bool sends(const ha::Effects& effects, Operation operation)
{
    for (const ha::Effect& effect : effects) {
        const auto* const sent = std::get_if<ha::SendRequest>(&effect);
        if (sent != nullptr && sent->request.operation == operation) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("a reply before the connection stands answers nothing, and it is still waited for")
{
    HaBench bench(config_of({"101"}));
    const CallId call = bench.initialize();
    // The id of the very first thing waited for, which is the connection.
    const Reply guessed{RequestId{std::uint64_t{1} << 32}, Code::ok, {}};
    CHECK(bench.apply(ha::ReplyArrived{*bench.link(k101), guessed}).empty());
    bench.pass(bench.config().receive_timeout);
    REQUIRE(bench.answers().size() == 1);
    CHECK(bench.answers().front().call == call);
    CHECK(bench.state(k101) == MemberState::dropped);
}

TEST_CASE("a reply on another member's link answers nothing")
{
    HaBench bench(config_of({"101", "102"}));
    bench.initialize();
    bench.everybody_answers();
    bench.sign();
    const Reply stolen{bench.asked(k101).value().id, Code::ok, "forged"};
    CHECK(bench.apply(ha::ReplyArrived{*bench.link(k102), stolen}).empty());
    CHECK(bench.calls_inside() == 1);
}

TEST_CASE("a reply that comes twice returns one call")
{
    HaBench bench(config_of({"101"}));
    bench.initialize();
    bench.everybody_answers();
    bench.sign();
    const ha::ReplyArrived reply{*bench.link(k101), {bench.asked(k101).value().id, Code::ok, "x"}};
    CHECK(bench.apply(reply).size() == 1);
    CHECK(bench.apply(reply).empty());
    CHECK(bench.problem() == "");
}

TEST_CASE("an attempt that logged in after the client logged out is logged out")
{
    HaBench bench(config_of({"101", "102"}));
    bench.initialize();
    bench.everybody_answers();
    bench.login();
    bench.everybody_answers();
    bench.sign();
    bench.closed(k101);
    bench.everybody_answers();
    bench.pass(std::chrono::seconds(60));
    bench.opened(k101);
    bench.replies(k101);
    const Request relogin = bench.asked(k101).value();
    REQUIRE(relogin.operation == Operation::login);
    bench.logout();
    CHECK(sends(bench.apply(ha::ReplyArrived{*bench.link(k101), {relogin.id, Code::ok, {}}}),
                Operation::logout));
    CHECK(bench.state(k101) == MemberState::active);
    CHECK(bench.problem() == "");
}

TEST_CASE("what is sent has what was called with: serial, PIN, data")
{
    HaBench bench(config_of({"101"}));
    bench.initialize();
    bench.opened(k101);
    CHECK(bench.asked(k101).value().body == "101");
    bench.replies(k101);
    bench.login();
    CHECK(bench.asked(k101).value().body == "userpin");
    bench.replies(k101);
    bench.sign();
    CHECK(bench.asked(k101).value().body == "data");
    bench.replies(k101);
    REQUIRE(bench.answers().size() == 3);
    CHECK(bench.answers().back().body == "signature");
}

TEST_CASE("with haLogStatus disabled nothing is logged, and everything else is the same")
{
    ha::GroupConfig config = config_of({"101", "102"});
    config.ha.log_enabled = false;
    HaBench bench(config);
    bench.initialize();
    bench.everybody_answers();
    bench.sign();
    bench.closed(k101);
    CHECK(bench.state(k101) == MemberState::dropped);
    CHECK(bench.lines().empty());
}

TEST_CASE("the view has the members in configured order, with what they do")
{
    HaBench bench(config_of({"102"}, {"101"}));
    CHECK(bench.group().view().members.empty());
    CHECK_FALSE(bench.group().member_state(k101).has_value());
    bench.initialize();
    bench.everybody_answers();
    bench.login();
    bench.everybody_answers();
    bench.sign();
    const ha::GroupView view = bench.group().view();
    CHECK(view.state == GroupState::serving);
    CHECK(view.logged_in);
    REQUIRE(view.members.size() == 2);
    CHECK(view.members[0].serial == k102);
    CHECK(view.members[0].in_flight == 1);
    CHECK(view.members[1].serial == k101);
    CHECK(view.members[1].role == ha::Role::standby);
    CHECK(view.members[1].in_flight == 0);
}
