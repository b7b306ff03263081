// Goal: labels come back whole and in order, few or more than fit in memory, as often as wanted.
#include "corpus/waiting_labels.hpp"

#include "support/catch.hpp"

using namespace hasim::corpus;

TEST_CASE("waiting labels come back whole and in their order, however many")
{
    WaitingLabels waiting;
    for (const std::uint64_t count : {0ULL, 1ULL, 65536ULL, 65537ULL, 300000ULL, 2ULL}) {
        for (std::uint64_t id = 1; id <= count; ++id) {
            Label label;
            label.id = id;
            label.offset = id * 91;
            label.is_record = id % 3 != 0;
            waiting.add(label);
        }
        std::uint64_t seen = 0;
        bool right = true;
        waiting.take_all([&](const Label& label) {
            ++seen;
            right = right && label.id == seen && label.offset == seen * 91 &&
                    label.is_record == (seen % 3 != 0);
        });
        CAPTURE(count);
        CHECK(seen == count);
        CHECK(right);
    }
}
