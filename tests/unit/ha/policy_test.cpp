// Goal: the decisions of a group are the documented ones, for every value that matters.
#include "ha/policy.hpp"

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::ha;

TEST_CASE("what an answer says about the member that gave it")
{
    const auto [code, verdict] = GENERATE(table<Code, Verdict>({
        {Code::ok, Verdict::answer},
        {Code::device_error, Verdict::answer},
        {Code::general_error, Verdict::answer},
        {Code::pin_incorrect, Verdict::answer},
        {Code::pin_locked, Verdict::answer},
        {Code::user_not_logged_in, Verdict::answer},
        {Code::session_handle_invalid, Verdict::answer},
        {Code::token_not_present, Verdict::answer},
        {Code{0xdeadbeef}, Verdict::answer},
        {Code::partition_not_assigned, Verdict::failover},
        {Code::partition_not_activated, Verdict::deactivated},
    }));
    CAPTURE(name_of(code));
    CHECK(verdict_on(code) == verdict);
}

TEST_CASE("how a recovery attempt that does not succeed ends")
{
    const auto [code, failure] = GENERATE(table<Code, Failure>({
        {Code::unable_to_connect, Failure::retry},
        {Code::operation_timed_out, Failure::retry},
        {Code::server_disconnected, Failure::retry},
        {Code::socket_read_error, Failure::retry},
        {Code::host_resolution_error, Failure::retry},
        {Code::ssl_failed_handshake, Failure::retry},
        {Code::device_error, Failure::retry},
        {Code::partition_not_activated, Failure::retry},
        {Code{0xdeadbeef}, Failure::retry},
        {Code::partition_not_assigned, Failure::revoked},
        {Code::token_not_present, Failure::ineligible},
        {Code::pin_incorrect, Failure::ineligible},
        {Code::pin_locked, Failure::ineligible},
    }));
    CAPTURE(name_of(code));
    CHECK(failure_of(code) == failure);
}

TEST_CASE("what reconnAtt grants")
{
    struct Row {
        std::int32_t reconn_att;
        std::uint32_t dropped;
        std::uint32_t once_more;
        bool tells_maximum;
    };
    const auto row = GENERATE(values<Row>({
        {-1, kUnlimited, kUnlimited, true},
        {0, 0, 1, false},
        {1, 1, 1, true},
        {120, 120, 120, true},
        {500, 500, 500, true},
    }));
    CAPTURE(row.reconn_att);
    CHECK(attempts_granted(row.reconn_att) == row.dropped);
    CHECK(attempts_granted_once_more(row.reconn_att) == row.once_more);
    CHECK(tells_maximum(row.reconn_att) == row.tells_maximum);
}

TEST_CASE("attempts are left until as many were made as were granted")
{
    CHECK_FALSE(attempts_left(0, 0));
    CHECK(attempts_left(0, 1));
    CHECK_FALSE(attempts_left(1, 1));
    CHECK(attempts_left(119, 120));
    CHECK_FALSE(attempts_left(120, 120));
    CHECK_FALSE(attempts_left(121, 120));
    CHECK(attempts_left(kUnlimited, kUnlimited));
    CHECK(attempts_left(kUnlimited - 1, kUnlimited));
}

TEST_CASE("who serves next: least in flight, then longest idle")
{
    const auto [a, b, before] = GENERATE(table<Load, Load, bool>({
        {{0, 0}, {0, 0}, false},  // equals keep their configured order
        {{0, 9}, {1, 1}, true},
        {{1, 1}, {0, 9}, false},
        {{2, 3}, {2, 4}, true},
        {{2, 4}, {2, 3}, false},
        {{0, 0}, {0, 1}, true},  // never given one comes first
    }));
    CHECK(serves_before(a, b) == before);
    CHECK_FALSE((serves_before(a, b) && serves_before(b, a)));
}
