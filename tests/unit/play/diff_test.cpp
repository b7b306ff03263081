// Goal: a unified diff is right: applying it by eye to the first list gives the second.
#include "play/diff.hpp"

#include "support/catch.hpp"

using hasim::play::unified_diff;
using Lines = std::vector<std::string>;

TEST_CASE("equal lists have no diff")
{
    CHECK(unified_diff({}, {}, "a", "b").empty());
    CHECK(unified_diff({"x", "y"}, {"x", "y"}, "a", "b").empty());
}

TEST_CASE("changes stand between their neighbours, with line numbers of both sides")
{
    const Lines from{"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    const Lines to{"1", "2", "three", "4", "5", "6", "7", "8", "9", "10"};
    CHECK(unified_diff(from, to, "expected", "actual", 1) ==
          "--- expected\n+++ actual\n"
          "@@ -2,3 +2,3 @@\n 2\n-3\n+three\n 4\n"
          "@@ -9,1 +9,2 @@\n 9\n+10\n");
}

TEST_CASE("changes that are near share a hunk")
{
    CHECK(unified_diff({"a", "b", "c", "d"}, {"A", "b", "c", "D"}, "e", "f", 2) ==
          "--- e\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n-d\n+D\n");
}

TEST_CASE("an empty side is all added or all removed")
{
    CHECK(unified_diff({}, {"a"}, "e", "f") == "--- e\n+++ f\n@@ -1,0 +1,1 @@\n+a\n");
    CHECK(unified_diff({"a"}, {}, "e", "f") == "--- e\n+++ f\n@@ -1,1 +1,0 @@\n-a\n");
}
