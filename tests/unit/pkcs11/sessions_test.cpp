// Goal: virtual sessions are told apart, counted, and gone when they are closed.
#include "pkcs11/sessions.hpp"

#include "support/catch.hpp"

using namespace hasim::pkcs11;

TEST_CASE("sessions have handles of their own, and never 0")
{
    Sessions sessions;
    const auto first = sessions.open(0, true);
    const auto second = sessions.open(1, false);
    CHECK(first->handle != 0);
    CHECK(first->handle != second->handle);
    CHECK(sessions.find(first->handle) == first);
    CHECK(sessions.find(second->handle) == second);
    CHECK(sessions.find(0) == nullptr);
    CHECK(sessions.find(second->handle + 1) == nullptr);
}

TEST_CASE("a slot's sessions are counted, and those that write")
{
    Sessions sessions;
    const auto writes = sessions.open(0, true);
    static_cast<void>(sessions.open(0, false));
    static_cast<void>(sessions.open(1, true));
    CHECK(sessions.count(0).all == 2);
    CHECK(sessions.count(0).writing == 1);
    CHECK(sessions.count(7).all == 0);
    CHECK(sessions.close(writes->handle) == writes);
    CHECK(sessions.count(0).all == 1);
    CHECK(sessions.count(0).writing == 0);
    CHECK(sessions.close(writes->handle) == nullptr);
}

TEST_CASE("all sessions of a slot are closed, and no others")
{
    Sessions sessions;
    static_cast<void>(sessions.open(0, true));
    static_cast<void>(sessions.open(0, false));
    const auto other = sessions.open(1, true);
    CHECK(sessions.of(0).size() == 2);
    CHECK(sessions.close_all(0).size() == 2);
    CHECK(sessions.of(0).empty());
    CHECK(sessions.count(0).all == 0);
    CHECK(sessions.find(other->handle) == other);
}
