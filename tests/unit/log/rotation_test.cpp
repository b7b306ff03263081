// Goal: the rule by which a file is full, and the names of rotated files, both ways.
#include "log/rotation.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <optional>
#include <vector>

using namespace hasim;
using namespace hasim::log;
using namespace std::chrono;

TEST_CASE("the record that reaches the limit is the file's last")
{
    CHECK_FALSE(is_full(0, 1024));
    CHECK_FALSE(is_full(1023, 1024));
    CHECK(is_full(1024, 1024));
    CHECK(is_full(1025, 1024));
}

TEST_CASE("a rotated file is named after the moment of its last record")
{
    const sys_seconds stamp = sys_days{year(2017) / 10 / 4} + hours(16) + minutes(29) + seconds(21);
    CHECK(to_text(RotatedName{stamp, 0}) == "haErrorLog_20171004T162921Z.txt");
    CHECK(to_text(RotatedName{stamp, 1}) == "haErrorLog_20171004T162921Z_001.txt");
    CHECK(to_text(RotatedName{stamp, 1234}) == "haErrorLog_20171004T162921Z_1234.txt");
    CHECK(to_text(RotatedName{sys_seconds{} - seconds(1), 0}) == "haErrorLog_19691231T235959Z.txt");
    for (const std::uint32_t number : {0U, 1U, 999U, 1000U}) {
        CHECK(parse_rotated_name(to_text(RotatedName{stamp, number})) ==
              RotatedName{stamp, number});
    }
}

TEST_CASE("names of other files are not taken for rotated ones")
{
    for (const char* name :
         {"", "haErrorLog.txt", "haErrorLog_.txt", "haErrorLog_20171004T162921Z",
          "haErrorLog_20171304T162921Z.txt", "haErrorLog_20170229T162921Z.txt",
          "haErrorLog_20171004T252921Z.txt", "haErrorLog_20171004T166021Z.txt",
          "haErrorLog_20171004 162921Z.txt", "haErrorLog_20171004T162921Z_.txt",
          "haErrorLog_20171004T162921Z_01.txt", "haErrorLog_20171004T162921Z_000.txt",
          "haErrorLog_20171004T162921Zx001.txt", "haErrorLog_20171004T162921Z_12345678901.txt",
          "haErrorLog_2017100aT162921Z.txt"}) {
        CAPTURE(name);
        CHECK_FALSE(parse_rotated_name(name).has_value());
    }
}

TEST_CASE("names sort in the order of writing")
{
    const auto earlier = parse_rotated_name("haErrorLog_20171004T162921Z_999.txt");
    const auto later = parse_rotated_name("haErrorLog_20171004T162921Z_1000.txt");
    const auto latest = parse_rotated_name("haErrorLog_20171004T162922Z.txt");
    CHECK(*earlier < *later);
    CHECK(*later < *latest);
}

TEST_CASE("a name has the order of writing, whatever the clock does")
{
    const sys_seconds noon = sys_days{year(2017) / 10 / 4} + hours(12);
    std::optional<RotatedName> newest;
    std::vector<RotatedName> names;
    // The clock goes on, stands, is set back by a day, and comes up again.
    for (const sys_seconds stamp :
         {noon, noon + seconds(1), noon + seconds(1), noon - hours(24), noon - hours(23),
          noon + seconds(1), noon + seconds(2)}) {
        newest = next_name(stamp, newest);
        names.push_back(*newest);
    }
    CHECK(std::is_sorted(names.begin(), names.end()));
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    CHECK(names.front() == RotatedName{noon, 0});
    CHECK(names[3] == RotatedName{noon + seconds(1), 2});
    CHECK(names.back() == RotatedName{noon + seconds(2), 0});
    CHECK(uncompressed_name("a.txt.gz") == "a.txt");
    CHECK(uncompressed_name("a.txt") == "a.txt");
}
