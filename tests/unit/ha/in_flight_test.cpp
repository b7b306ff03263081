// Goal: what is waited for is kept in the order of deadlines, and no reply that comes late finds anything.
#include "ha/in_flight.hpp"

#include <algorithm>
#include <vector>

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::ha;

namespace {

Pending due_at(int seconds, std::uint64_t call = 0)
{
    Pending pending;
    pending.purpose = Purpose::command;
    pending.call = CallId{call};
    pending.deadline = kStart + std::chrono::seconds(seconds);
    return pending;
}

std::vector<std::uint64_t> calls_in_order(const InFlight& in_flight)
{
    std::vector<std::uint64_t> calls;
    for (const Pending* at = in_flight.oldest(); at != nullptr; at = in_flight.after(*at)) {
        calls.push_back(at->call.value);
    }
    return calls;
}

}  // namespace

TEST_CASE("nothing is waited for at first")
{
    InFlight in_flight;
    CHECK(in_flight.size() == 0);
    CHECK(in_flight.oldest() == nullptr);
    CHECK(in_flight.find(RequestId{}) == nullptr);
    CHECK(in_flight.find(RequestId{~std::uint64_t{0}}) == nullptr);
}

TEST_CASE("requests stand in the order in which they were added, wherever one is taken out")
{
    const auto taken = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3});
    InFlight in_flight;
    std::vector<RequestId> ids;
    for (std::uint64_t call = 0; call < 4; ++call) {
        ids.push_back(in_flight.add(due_at(1, call)).id);
    }
    CHECK(in_flight.remove(ids[taken]).call.value == taken);
    std::vector<std::uint64_t> rest{0, 1, 2, 3};
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(taken));
    CHECK(calls_in_order(in_flight) == rest);
    in_flight.add(due_at(1, 9));
    rest.push_back(9);
    CHECK(calls_in_order(in_flight) == rest);
    CHECK(in_flight.size() == 4);
}

TEST_CASE("an id is never 0, and a late one finds nothing, though its slot is used again")
{
    InFlight in_flight;
    const RequestId first = in_flight.add(due_at(1, 1)).id;
    CHECK(first.value != 0);
    in_flight.remove(first);
    CHECK(in_flight.find(first) == nullptr);
    const RequestId second = in_flight.add(due_at(2, 2)).id;
    CHECK(second != first);
    CHECK(in_flight.find(first) == nullptr);
    REQUIRE(in_flight.find(second) != nullptr);
    CHECK(in_flight.find(second)->call == CallId{2});
    CHECK(in_flight.find(RequestId{second.value + 1}) == nullptr);
}

TEST_CASE("many requests come and go in slots that are used again")
{
    InFlight in_flight;
    std::vector<RequestId> ids;
    for (int round = 0; round < 100; ++round) {
        for (int index = 0; index < 10; ++index) {
            ids.push_back(in_flight.add(due_at(round, ids.size())).id);
        }
        for (int index = 0; index < 9; ++index) {
            const Pending* const oldest = in_flight.oldest();
            REQUIRE(oldest != nullptr);
            in_flight.remove(oldest->id);
        }
    }
    CHECK(in_flight.size() == 100);
    const std::vector<std::uint64_t> calls = calls_in_order(in_flight);
    REQUIRE(calls.size() == 100);
    CHECK(calls.front() == 900);
    CHECK(calls.back() == 999);
    CHECK(std::is_sorted(calls.begin(), calls.end()));
}
