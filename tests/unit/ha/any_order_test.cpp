// Goal: whatever happens in whatever order, sensible or not, the group keeps its invariants and returns every call.
#include <string>

#include "support/catch.hpp"
#include "support/ha_bench.hpp"

using namespace hasim;
using namespace hasim::test;

namespace {

/// A small generator of our own (xorshift64*), so that a seed means the same everywhere.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
    /// 0 to `sides` - 1.
    std::uint32_t roll(std::uint32_t sides)
    {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return static_cast<std::uint32_t>((state_ * 0x2545f4914f6cdd1dU) >> 33) % sides;
    }

private:
    std::uint64_t state_;
};

const std::vector<Serial> kMembers = serials_of({"101", "102", "103", "104"});
const std::vector<Code> kCodes{Code::ok,
                               Code::ok,
                               Code::ok,
                               Code::ok,
                               Code::device_error,
                               Code::pin_incorrect,
                               Code::token_not_present,
                               Code::partition_not_assigned,
                               Code::partition_not_activated};

ha::GroupConfig drawn_config(Dice& dice)
{
    ha::GroupConfig config = config_of({"101", "102", "103"});
    if (dice.roll(2) == 0) {
        config.group.members.pop_back();
        config.group.standby = serials_of({"103"});
    }
    config.ha.recovery_mode =
        dice.roll(2) == 0 ? RecoveryMode::active_basic : RecoveryMode::active_enhanced;
    config.ha.recovery_attempts = static_cast<std::int32_t>(dice.roll(4)) - 1;
    config.ha.failover_on_deactivation = dice.roll(2) == 0;
    config.messages = dice.roll(2) == 0 ? MessageSet::current : MessageSet::all;
    config.receive_timeout = std::chrono::seconds(dice.roll(3) == 0 ? 100 : 20);
    return config;
}

void change_file(HaBench& bench, Dice& dice)
{
    GroupSettings& file = bench.file();
    file.members.clear();
    file.standby.clear();
    for (const Serial member : kMembers) {
        const std::uint32_t place = dice.roll(5);
        if (place < 3) {
            file.members.push_back(member);
        } else if (place == 3) {
            file.standby.push_back(member);
        }
    }
    if (dice.roll(3) == 0) {
        file.recover = dice.roll(2) == 0 ? file.recover + 1 : 0;
    }
    bench.file_changed();
}

/// What only a broken driver or a hostile appliance would do.
void nonsense(HaBench& bench, Dice& dice)
{
    const LinkId link{dice.roll(40)};
    switch (dice.roll(4)) {
    case 0: bench.apply(ha::LinkOpened{bench.last_link(kMembers[dice.roll(4)])}); break;
    case 1: {
        const auto id = (std::uint64_t{dice.roll(20)} << 32) | dice.roll(8);
        bench.apply(ha::ReplyArrived{bench.last_link(kMembers[dice.roll(4)]),
                                     Reply{RequestId{id}, Code::ok, {}}});
        break;
    }
    case 2: bench.apply(ha::LinkOpened{link}); break;
    case 3: bench.apply(ha::DeadlineReached{}); break;
    default: break;
    }
}

void something(HaBench& bench, Dice& dice)
{
    const Serial member = kMembers[dice.roll(4)];
    switch (dice.roll(20)) {
    case 0: dice.roll(4) == 0 ? bench.finalize() : bench.initialize(); break;
    case 1: bench.initialize(); break;
    case 2: bench.login(); break;
    case 3: dice.roll(4) == 0 ? bench.logout() : bench.login(); break;
    case 4:
    case 5:
    case 6: bench.sign(); break;
    case 7:
    case 8:
    case 9:
    case 10: bench.opened(member); break;
    case 11:
    case 12:
    case 13:
    case 14:
        bench.replies(member, kCodes[dice.roll(static_cast<std::uint32_t>(kCodes.size()))]);
        break;
    case 15: bench.closed(member); break;
    case 16: bench.refused(member); break;
    case 17: bench.pass(std::chrono::seconds(1 + dice.roll(60))); break;
    case 18:
        dice.roll(3) == 0 ? change_file(bench, dice)
                          : bench.stall(std::chrono::seconds(dice.roll(90)));
        break;
    case 19: nonsense(bench, dice); break;
    default: break;
    }
}

}  // namespace

TEST_CASE("anything in any order")
{
    std::size_t lines = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        Dice dice(seed);
        HaBench bench(drawn_config(dice));
        for (int step = 0; step < 400 && bench.problem().empty(); ++step) {
            something(bench, dice);
        }
        bench.everybody_answers();
        bench.pass(bench.config().receive_timeout);
        bench.everybody_answers();
        INFO("seed " << seed);
        REQUIRE(bench.problem() == "");
        CHECK(bench.calls_inside() == 0);
        bench.finalize();
        REQUIRE(bench.problem() == "");
        lines += bench.lines().size();
    }
    CHECK(lines > 1000);
}
