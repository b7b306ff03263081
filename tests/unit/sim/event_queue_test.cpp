// Goal: whatever is entered in whatever order, events come out by time, and at one instant by whom they are for.
// Method: a plain sorted set of the same events beside the queue.
#include "sim/event_queue.hpp"

#include <set>
#include <tuple>

#include "base/random.hpp"
#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace std::chrono_literals;

namespace {

/// Due, owner, index (or, of what arrives, when it was entered).
using Turn = std::tuple<Instant, EventOwner, std::uint64_t>;

/// Both, side by side.
struct Both {
    void add(Duration due, EventOwner owner, std::uint32_t index)
    {
        const Instant at = Instant(due);
        const std::uint64_t place = owner == EventOwner::delivery ? ++entered : index;
        // One of those for the same owner at the same time is as good as the other.
        turns.emplace(at, owner, place);
        const bool by_detail = owner == EventOwner::script || owner == EventOwner::fault;
        queue.add(at, owner, by_detail ? 0 : index, by_detail ? index : place);
    }

    void check_next()
    {
        CHECK(queue.next() == std::get<Instant>(*turns.begin()));
        const auto event = queue.take_due(std::get<Instant>(*turns.begin()));
        REQUIRE(event);
        const bool by_index = event->owner == EventOwner::appliance ||
                              event->owner == EventOwner::load ||
                              event->owner == EventOwner::client;
        CHECK(Turn(event->due, event->owner, by_index ? event->index : event->detail) ==
              *turns.begin());
        turns.erase(turns.begin());
    }

    EventQueue queue;
    std::multiset<Turn> turns;
    std::uint64_t entered = 0;
};

}  // namespace

TEST_CASE("events come out by time and, at one instant, in the order of their owners")
{
    Random random(20171004);
    Both both;
    Duration now = 0s;
    for (int round = 0; round < 20'000; ++round) {
        // Few instants, so that many meet; some kinds mostly in their order, as in a world, and some not at all.
        const auto owner = static_cast<EventOwner>(random.below(6));
        const Duration ahead = owner == EventOwner::delivery && random.below(8) != 0
                                   ? Duration(100us)
                                   : Duration(100us) * static_cast<std::int64_t>(random.below(50));
        both.add(now + ahead, owner, static_cast<std::uint32_t>(random.below(20)));
        while (both.turns.size() > 200 || (!both.turns.empty() && random.below(3) == 0)) {
            now = std::get<Instant>(*both.turns.begin()).time_since_epoch();
            both.check_next();
        }
    }
    while (!both.turns.empty()) {
        both.check_next();
    }
    CHECK_FALSE(both.queue.next());
    CHECK_FALSE(both.queue.take_due(kNever));
}

TEST_CASE("an event is not taken before it is due")
{
    EventQueue queue;
    queue.add(Instant(2s), EventOwner::client, 1);
    queue.add(Instant(1s), EventOwner::client, 2);  // behind one that is due later
    CHECK_FALSE(queue.take_due(Instant(999ms)));
    CHECK(queue.take_due(Instant(1s))->index == 2);
    CHECK_FALSE(queue.take_due(Instant(1s)));
    CHECK(queue.take_due(Instant(2s))->index == 1);
    CHECK(queue.entered() == 2);
}
