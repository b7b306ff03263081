// Goal: the rule by which a file is full, and the names of rotated files, both ways.
#include "log/rotation.hpp"
#include "support/catch.hpp"

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
