// Goal: each item is worked on once, by several threads when there are several, and an exception comes out.
#include "host/parallel.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

using hasim::host::in_parallel;

TEST_CASE("each item is worked on once, however many jobs there are")
{
    for (const std::uint64_t jobs : {0U, 1U, 2U, 7U, 100U}) {
        std::vector<std::atomic<int>> done(50);
        in_parallel(jobs, done.size(), [&](std::uint64_t index) { ++done[index]; });
        CAPTURE(jobs);
        CHECK(std::all_of(done.begin(), done.end(), [](const auto& times) { return times == 1; }));
    }
    in_parallel(4, 0, [](std::uint64_t) { FAIL("there is nothing to do"); });
}

TEST_CASE("what one item throws comes out, and nothing more is begun")
{
    std::atomic<int> done = 0;
    CHECK_THROWS_WITH(in_parallel(3, 1000000,
                                  [&](std::uint64_t index) {
                                      ++done;
                                      if (index == 5) {
                                          throw std::runtime_error("the fifth");
                                      }
                                  }),
                      "the fifth");
    CHECK(done < 1000000);
}
