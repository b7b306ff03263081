// Goal: draws are the same everywhere and for ever, and fair. Method: published and pinned values, and counts over many
// draws from a fixed seed.
#include "base/random.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <set>

using namespace hasim;
using hasim::Random;

namespace {

std::vector<std::uint64_t> draws(Random random, std::size_t count)
{
    std::vector<std::uint64_t> drawn;
    for (std::size_t i = 0; i < count; ++i) {
        drawn.push_back(random.next());
    }
    return drawn;
}

}  // namespace

TEST_CASE("the draws of a seed never change")
{
    // xoshiro256** from four words of splitmix64, computed by an independent program.
    const std::vector<std::uint64_t> zero{
        0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0};
    const std::vector<std::uint64_t> forty_two{
        0x15780b2e0c2ec716, 0x6104d9866d113a7e, 0xae17533239e499a1};
    CHECK(draws(Random(0), 3) == zero);
    CHECK(draws(Random(42), 3) == forty_two);
}

TEST_CASE("below stays below and reaches everything evenly")
{
    Random random(1);
    CHECK(random.below(1) == 0);
    std::vector<int> counts(7);
    for (int i = 0; i < 70000; ++i) {
        ++counts.at(static_cast<std::size_t>(random.below(7)));
    }
    CHECK(*std::min_element(counts.begin(), counts.end()) > 9500);
    CHECK(*std::max_element(counts.begin(), counts.end()) < 10500);
}

TEST_CASE("below is fair where a bare remainder would not be")
{
    // With n = 3 * 2^62 a bare remainder would give values under 2^62 half of the time instead of a third.
    Random random(2);
    const std::uint64_t third = std::uint64_t{1} << 62;
    int low = 0;
    for (int i = 0; i < 30000; ++i) {
        low += random.below(3 * third) < third ? 1 : 0;
    }
    CHECK(low > 9500);
    CHECK(low < 10500);
}

TEST_CASE("chance is right at both ends and in between, and always takes one draw")
{
    Random random(3);
    Random twin(3);
    int hits = 0;
    for (int i = 0; i < 10000; ++i) {
        CHECK_FALSE(random.chance(0));
        CHECK(random.chance(1000));
        hits += random.chance(50) ? 1 : 0;
        for (int draw = 0; draw < 3; ++draw) {
            static_cast<void>(twin.below(1000));
        }
    }
    CHECK(hits > 430);
    CHECK(hits < 570);
    CHECK(random.next() == twin.next());
}

TEST_CASE("durations lie in their range, ends included")
{
    Random random(4);
    std::set<Duration> seen;
    for (int i = 0; i < 1000; ++i) {
        seen.insert(random.between(Duration(-2), Duration(2)));
    }
    CHECK(seen ==
          std::set<Duration>{Duration(-2), Duration(-1), Duration(0), Duration(1), Duration(2)});
    CHECK(random.between(Duration(9), Duration(9)) == Duration(9));
    CHECK_NOTHROW(random.between(Duration::min(), Duration::max()));
}

TEST_CASE("shuffle keeps the items and reaches every order, pick reaches every item")
{
    Random random(5);
    std::set<std::vector<int>> orders;
    std::set<int> picked;
    for (int i = 0; i < 200; ++i) {
        std::vector<int> items{1, 2, 3};
        random.shuffle(items);
        orders.insert(items);
        picked.insert(random.pick(items));
        std::sort(items.begin(), items.end());
        CHECK(items == std::vector<int>{1, 2, 3});
    }
    CHECK(orders.size() == 6);
    CHECK(picked.size() == 3);
    std::vector<int> none;
    random.shuffle(none);
    CHECK(none.empty());
}

TEST_CASE("a fork depends on seed and label, not on draws taken")
{
    Random random(6);
    const auto before = draws(random.fork("hsm1"), 5);
    static_cast<void>(random.next());
    CHECK(draws(random.fork("hsm1"), 5) == before);
    CHECK(draws(random.fork("hsm2"), 5) != before);
    CHECK(draws(Random(7).fork("hsm1"), 5) != before);
    CHECK(draws(Random(6), 5) != before);
}
