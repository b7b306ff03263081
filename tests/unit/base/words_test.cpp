// Goal: sentences have the right plural, and times the units that people use.
#include "base/words.hpp"

#include "support/catch.hpp"

using namespace hasim;
using namespace std::chrono_literals;

TEST_CASE("numbers have their plurals")
{
    CHECK(counted(0, "line") == "0 lines");
    CHECK(counted(1, "line") == "1 line");
    CHECK(counted(2, "line") == "2 lines");
    CHECK(counted(1, "process", "processes") == "1 process");
    CHECK(counted(3, "process", "processes") == "3 processes");
}

TEST_CASE("times are short, and in units that people use")
{
    CHECK(about(0ns) == "0 s");
    CHECK(about(1168735ns) == "1.17 ms");
    CHECK(about(174884380ns) == "175 ms");
    CHECK(about(999600us) == "1.00 s");
    CHECK(about(20025978780ns) == "20.03 s");
    CHECK(about(119s) == "119.00 s");
    CHECK(about(2min) == "2m 0s");
    CHECK(about(312s) == "5m 12s");
    CHECK(about(3h + 29s) == "3h 0m");
    CHECK(about(30h) == "1d 6h");
    CHECK(about(2125 * 24h + 13h) == "2125d");
}
