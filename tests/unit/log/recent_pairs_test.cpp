// Goal: a pair that is found is the one that was asked for, and no other that shares its place.
#include "log/recent_pairs.hpp"

#include <string>

#include "support/catch.hpp"

using namespace hasim;

TEST_CASE("a place holds the value of the pair that is asked for, or none")
{
    log::RecentPairs<int> pairs;
    const auto of = [](int pid, int group, int member) {
        LogRecord record;
        record.pid = Pid{static_cast<std::uint32_t>(pid)};
        record.group = *Serial::parse(std::to_string(group));
        record.member = *Serial::parse(std::to_string(member));
        return record;
    };
    for (int round = 0; round < 2; ++round) {
        for (int pid = 1; pid <= 10; ++pid) {
            for (int group = 1; group <= 3; ++group) {
                for (int member = 1; member <= 10; ++member) {
                    int& value = pairs.at(of(pid, group, member));
                    const int own = pid * 10000 + group * 1000 + member;
                    CHECK((value == 0 || value == own));
                    value = own;
                    CHECK(pairs.at(of(pid, group, member)) == own);
                }
            }
        }
    }
    CHECK(pairs.at(of(10, 3, 10)) != 0);
    pairs.clear();
    CHECK(pairs.at(of(10, 3, 10)) == 0);
}
