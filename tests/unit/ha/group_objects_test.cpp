// Goal: what a writing command changed is on every member before it returns, whoever fails on the way; a member that
// recovers has what it lacked before it serves; an operation of several parts stays where it is.
#include "ha/group.hpp"

#include "support/catch.hpp"
#include "support/ha_bench.hpp"

using namespace hasim;
using namespace hasim::test;
using namespace std::chrono_literals;

namespace {

const Serial kA = serial_of("101");
const Serial kB = serial_of("102");
const Serial kC = serial_of("103");

ha::GroupConfig with_objects(bool synchronize = true)
{
    ha::GroupConfig config = config_of({"101", "102", "103"});
    config.group.synchronize = synchronize;
    config.has_objects = true;
    return config;
}

HaBench running(const ha::GroupConfig& config)
{
    HaBench bench(config);
    bench.initialize();
    bench.everybody_answers();
    return bench;
}

CallId writes(HaBench& bench)
{
    const CallId call = bench.fresh_call();
    bench.apply(ha::Command{call, "make a key", Operation::call, ha::Reach::writing, {}, 77});
    return call;
}

Operation asked_for(const HaBench& bench, Serial member)
{
    return bench.asked(member).value().operation;
}

bool has_returned(const HaBench& bench, CallId call, Code code = Code::ok)
{
    const auto& answers = bench.answers();
    return std::count_if(answers.begin(), answers.end(), [&](const ha::Answer& answer) {
               return answer.call == call && answer.code == code;
           }) == 1;
}

}  // namespace

TEST_CASE("a writing command returns when every other member has what it changed")
{
    HaBench bench = running(with_objects());
    const CallId call = writes(bench);
    REQUIRE(bench.replies(kA));
    CHECK(asked_for(bench, kA) == Operation::clone_out);
    CHECK(bench.asked(kA)->body == std::string("\0\0\0\0\0\0\0\x4d", 8));
    CHECK_FALSE(bench.asked(kB));
    REQUIRE(bench.replies(kA));
    CHECK(asked_for(bench, kB) == Operation::clone_in);
    CHECK(asked_for(bench, kC) == Operation::clone_in);
    REQUIRE(bench.replies(kB));
    CHECK_FALSE(has_returned(bench, call));
    REQUIRE(bench.replies(kC));
    CHECK(has_returned(bench, call));
    CHECK(bench.answers().back().body == "signature");
    CHECK(bench.problem().empty());
}

TEST_CASE("without HASynchronize, or objects, it returns with its answer")
{
    ha::GroupConfig config = with_objects();
    SECTION("HASynchronize 0")
    {
        config.group.synchronize = false;
    }
    SECTION("an application without objects")
    {
        config.has_objects = false;
    }
    HaBench bench = running(config);
    const CallId call = writes(bench);
    REQUIRE(bench.replies(kA));
    CHECK(has_returned(bench, call));
    CHECK_FALSE(bench.asked(kB));
}

TEST_CASE("a member that fails in a writing command is followed by the next, under the same name")
{
    HaBench bench = running(with_objects());
    const CallId call = writes(bench);
    const int stage = GENERATE(0, 1);
    if (stage == 1) {
        REQUIRE(bench.replies(kA));  // done, but nobody else knows of it yet
    }
    REQUIRE(bench.closed(kA));
    CHECK(bench.state(kA) == MemberState::dropped);
    CHECK(asked_for(bench, kB) == Operation::call);
    CHECK(bench.asked(kB)->body == "make a key");
    bench.everybody_answers();
    CHECK(has_returned(bench, call));
    CHECK(bench.answers().back().moves == 1);
    CHECK(bench.lines().size() == 1);
}

TEST_CASE("a member that fails while something is cloned into it does not hold the call up")
{
    HaBench bench = running(with_objects());
    const CallId call = writes(bench);
    REQUIRE(bench.replies(kA));
    REQUIRE(bench.replies(kA));
    REQUIRE(bench.replies(kC));
    const int how = GENERATE(0, 1, 2);
    if (how == 0) {
        bench.closed(kB);
    } else if (how == 1) {
        bench.pass(bench.config().receive_timeout);
    } else {
        bench.replies(kB, Code::partition_not_assigned);
    }
    CHECK(has_returned(bench, call));
    CHECK(bench.state(kB) == MemberState::dropped);
    CHECK(bench.state(kA) == MemberState::active);
    CHECK(bench.problem().empty());
}

TEST_CASE("a writing command that is refused is not cloned")
{
    HaBench bench = running(with_objects());
    const CallId call = writes(bench);
    REQUIRE(bench.replies(kA, Code::device_memory));
    CHECK(has_returned(bench, call, Code::device_memory));
    CHECK_FALSE(bench.asked(kA));
}

TEST_CASE("C_Finalize returns a writing command that is being cloned")
{
    HaBench bench = running(with_objects());
    const CallId call = writes(bench);
    for (int replies = GENERATE(0, 1, 2); replies > 0; --replies) {
        REQUIRE(bench.replies(kA));
    }
    bench.finalize();
    CHECK(has_returned(bench, call, Code::cryptoki_not_initialized));
    CHECK(bench.problem().empty());
}

TEST_CASE("a member that recovers has what it lacked before it serves")
{
    HaBench bench = running(with_objects());
    bench.sign();
    REQUIRE(bench.closed(kA));
    bench.everybody_answers();
    bench.pass(60s);
    REQUIRE(bench.opened(kA));
    REQUIRE(bench.replies(kA));
    CHECK(bench.state(kA) == MemberState::dropped);
    const Serial source = bench.asked(kB) ? kB : kC;
    CHECK(asked_for(bench, source) == Operation::clone_out);
    CHECK(bench.asked(source)->body == std::string(8, '\0'));
    SECTION("all goes well")
    {
        REQUIRE(bench.replies(source));
        CHECK(asked_for(bench, kA) == Operation::clone_in);
        CHECK(bench.state(kA) == MemberState::dropped);
        REQUIRE(bench.replies(kA));
        CHECK(bench.state(kA) == MemberState::active);
    }
    SECTION("the source fails: the next one is asked")
    {
        REQUIRE(bench.closed(source));
        const Serial next = source == kB ? kC : kB;
        CHECK(asked_for(bench, next) == Operation::clone_out);
        bench.everybody_answers();
        CHECK(bench.state(kA) == MemberState::active);
    }
    SECTION("the one that recovers fails: its attempt has failed, and the answer comes to nothing")
    {
        REQUIRE(bench.closed(kA));
        CHECK(bench.state(kA) == MemberState::dropped);
        CHECK(bench.lines().back().form == LogForm::recovery_failed);
        bench.everybody_answers();
        CHECK(bench.state(kA) == MemberState::dropped);
    }
    SECTION("it has no room for them: the attempt has failed")
    {
        REQUIRE(bench.replies(source));
        REQUIRE(bench.replies(kA, Code::device_memory));
        CHECK(bench.lines().back().form == LogForm::recovery_failed);
        CHECK(bench.lines().back().code == Code::device_memory);
    }
    SECTION("what is made meanwhile goes to it as well")
    {
        REQUIRE(bench.replies(source));
        const CallId call = writes(bench);
        bench.everybody_answers();
        CHECK(has_returned(bench, call));
        CHECK(bench.state(kA) == MemberState::active);
    }
    CHECK(bench.problem().empty());
}

TEST_CASE("with nobody left to bring objects from, a member serves with what it has")
{
    HaBench bench = running(with_objects());
    bench.sign();
    for (const Serial member : {kA, kB, kC}) {
        REQUIRE(bench.closed(member));
    }
    bench.pass(60s);
    REQUIRE(bench.opened(kC));
    REQUIRE(bench.replies(kC));
    CHECK(bench.state(kC) == MemberState::active);
}

TEST_CASE("a bound command goes to its member, and is over when that is")
{
    HaBench bench = running(with_objects());
    const LinkId link = *bench.link(kB);
    const auto bound = [&] {
        const CallId call = bench.fresh_call();
        bench.apply(ha::Command{call, "more", Operation::call, ha::Reach::bound, link, 0});
        return call;
    };
    const CallId first = bound();
    CHECK(asked_for(bench, kB) == Operation::call);
    REQUIRE(bench.replies(kB));
    CHECK(has_returned(bench, first));
    CHECK(bench.answers().back().served == link);
    SECTION("it fails while the command is under way")
    {
        const CallId second = bound();
        REQUIRE(bench.closed(kB));
        CHECK(has_returned(bench, second, Code::device_error));
        CHECK_FALSE(bench.asked(kA));
    }
    SECTION("it was lost before")
    {
        REQUIRE(bench.closed(kB));
        CHECK(bench.state(kB) == MemberState::lost);
        const CallId second = bound();
        CHECK(has_returned(bench, second, Code::device_error));
        CHECK(bench.state(kB) == MemberState::dropped);
    }
    SECTION("it was lost and is back: another connection")
    {
        bound();
        REQUIRE(bench.closed(kB));
        bench.pass(60s);
        bench.everybody_answers();
        REQUIRE(bench.state(kB) == MemberState::active);
        const CallId second = bound();
        CHECK(has_returned(bench, second, Code::device_error));
    }
    CHECK(bench.problem().empty());
}

TEST_CASE("an answer tells on which link it was served")
{
    HaBench bench = running(with_objects());
    const CallId call = bench.fresh_call();
    bench.apply(ha::Command{call, "begin", Operation::call, ha::Reach::any, {}, 0});
    REQUIRE(bench.replies(kA));
    CHECK(bench.answers().back().call == call);
    CHECK(bench.answers().back().served == *bench.link(kA));
}
