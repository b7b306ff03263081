// Goal: a flood of one text becomes a few lines, and other texts are said all the same.
#include "cli/repeats.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using hasim::cli::Repeats;
using Texts = std::vector<std::string>;

TEST_CASE("a text is said once, then at each power of ten with its number, and counted at the end")
{
    Repeats repeats;
    Texts said;
    for (int i = 1; i <= 1234; ++i) {
        if (const auto text = repeats.say("garbage")) {
            said.push_back(*text);
        }
    }
    CHECK(said == Texts{"garbage", "garbage (100 times by now)", "garbage (1000 times by now)"});
    CHECK(repeats.say("something else") == "something else");
    CHECK(repeats.rest() == Texts{"garbage (1234 times in all)"});
}

TEST_CASE("texts do not silence each other, and thousands of them take no memory")
{
    Repeats repeats;
    for (int i = 0; i < 5000; ++i) {
        CHECK(repeats.say("text " + std::to_string(i)).has_value());
    }
    CHECK(repeats.rest().empty());
}
