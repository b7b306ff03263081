// Goal: who does not know the words for a fault finds it all the same, and nobody is sent to a wrong one.
#include "scenario/fault_search.hpp"

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::scenario;

namespace {

std::vector<std::string> found(std::string_view word)
{
    std::vector<std::string> words;
    for (const FaultInfo* const info : faults_like(word)) {
        words.emplace_back(info->words);
    }
    return words;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "a fault is found by its words, what people call it, its description, or nearly its words")
{
    CHECK(found("cable") == Words{"cable out", "cable in", "flap cable"});
    CHECK(found("Cable Out") == Words{"cable out"});
    CHECK(found("unplug") == Words{"cable out"});
    CHECK(found("UNPLUG") == Words{"cable out"});
    CHECK(found("handshake") == Words{"certificate expired"});
    CHECK(found("swizle") == Words{"swizzle"});
    CHECK(found("unplgu") == Words{"cable out"});
    CHECK(found("elephant").empty());
    CHECK(found("").empty());
}

TEST_CASE("what is near is named, four at most, with where the rest is")
{
    CHECK(near_faults_text("unplug") ==
          "you may mean 'cable out'; `hasim faults` says what each does");
    CHECK(near_faults_text("elephant") == "`hasim faults` lists all there are");
    const std::string many = near_faults_text("the");
    CHECK(std::count(many.begin(), many.end(), '\'') <= 8);
}

TEST_CASE("every fault is found by its own words")
{
    for (const FaultInfo& info : fault_table()) {
        const Words all = found(info.words);
        CAPTURE(std::string(info.words));
        CHECK(std::find(all.begin(), all.end(), info.words) != all.end());
    }
}
