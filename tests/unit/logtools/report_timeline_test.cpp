// Goal: the shares of time that a report draws are those that were told, second by second. Method: drawn times of
// several members, and the same added up one by one.
#include "logtools/report_timeline.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::logtools;
using log::ServiceState;
using std::chrono::seconds;

namespace {

struct Span {
    std::size_t member = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    ServiceState state = ServiceState::up;
};

// Seconds by member, step and state, and lines by member and step.
struct Expected {
    std::map<std::tuple<std::size_t, std::int64_t, std::size_t>, std::int64_t> time;
    std::map<std::pair<std::size_t, std::int64_t>, std::uint32_t> lines;
};

// How many steps hold something else.
std::size_t wrong_steps(const Timeline& timeline, Expected& expected)
{
    std::size_t wrong = 0;
    for (std::size_t member = 0; member < timeline.lanes().size(); ++member) {
        const auto& steps = timeline.lanes()[member].steps;
        for (std::size_t step = 0; step < steps.size(); ++step) {
            const auto at = static_cast<std::int64_t>(step);
            wrong += steps[step].lines != expected.lines[{member, at}] ? 1 : 0;
            for (std::size_t state = 0; state < log::kServiceStates; ++state) {
                wrong += steps[step].seconds[state] != expected.time[{member, at, state}] ? 1 : 0;
            }
        }
    }
    return wrong;
}

}  // namespace

TEST_CASE("steps hold the time and the lines that fell into them")
{
    constexpr std::size_t kMembers = 3;
    std::mt19937 random(GENERATE(range(0U, 20U)));
    const std::uint32_t longest = GENERATE(3U, 300U, 100'000U);
    Timeline timeline;
    std::vector<Span> spans;
    std::vector<std::pair<std::size_t, std::int64_t>> lines;
    std::vector<std::int64_t> told(kMembers, 0);
    for (std::size_t member = 0; member < kMembers; ++member) {
        timeline.on_named(member, Serial{}, Serial{});
    }
    std::int64_t now = 0;
    for (int i = 0; i < 300; ++i) {
        now += random() % longest;
        const std::size_t member = random() % kMembers;
        const auto state = static_cast<ServiceState>(random() % log::kServiceStates);
        timeline.on_time(member, seconds(told[member]), seconds(now), state);
        timeline.mark(member, seconds(now), log::ParsedLine{}, "a line");
        spans.push_back({member, told[member], now, state});
        lines.emplace_back(member, now);
        const Span& before = spans[random() % spans.size()];
        if (random() % 10 == 0 && before.state != ServiceState::unknown) {
            timeline.on_forgotten(before.member, seconds(before.from), seconds(before.to),
                                  before.state);
            spans[static_cast<std::size_t>(&before - spans.data())].state = ServiceState::unknown;
        }
        told[member] = now;
    }
    timeline.finish();
    const std::int64_t step = timeline.step_seconds();
    const auto most = static_cast<std::int64_t>(Timeline::kMostSteps);
    CHECK(timeline.length() == now);
    CHECK(now / step < most);
    CHECK((step == 1 || now / (step / 2) >= most));
    Expected expected;
    for (const Span& span : spans) {
        for (std::int64_t at = span.from; at < span.to;) {
            const std::int64_t until = std::min(span.to, (at / step + 1) * step);
            expected.time[{span.member, at / step, static_cast<std::size_t>(span.state)}] +=
                until - at;
            at = until;
        }
    }
    for (const auto& [member, at] : lines) {
        ++expected.lines[{member, at / step}];
    }
    CHECK(wrong_steps(timeline, expected) == 0);
}

TEST_CASE("of very many lines and members the first have lanes, and the others are counted")
{
    Timeline timeline;
    for (std::size_t member = 0; member < 2 * Timeline::kMostLanes; ++member) {
        timeline.on_named(member, Serial{}, Serial{});
    }
    CHECK(timeline.lanes().size() == Timeline::kMostLanes);
    timeline.mark(Timeline::kMostLanes, seconds(0), log::ParsedLine{}, "beyond");
    timeline.mark(log::OutageStory::kNoMember, seconds(0), log::ParsedLine{}, "of none");
    CHECK(timeline.lines_without_lane() == 2);
    for (std::size_t i = 0; i < Timeline::kMostEvents; ++i) {
        timeline.mark(0, seconds(0), log::ParsedLine{}, "one");
    }
    CHECK(timeline.exact());
    CHECK(timeline.events().size() == Timeline::kMostEvents);
    timeline.mark(0, seconds(0), log::ParsedLine{}, "one too many");
    CHECK_FALSE(timeline.exact());
    CHECK(timeline.events().empty());
    CHECK(timeline.lanes()[0].steps[0].lines == Timeline::kMostEvents + 1);
}

TEST_CASE("steps become longer when the log does not fit into them, and not before")
{
    Timeline timeline;
    timeline.on_named(0, Serial{}, Serial{});
    timeline.mark(0, seconds(Timeline::kMostSteps - 1), log::ParsedLine{}, "the last that fits");
    CHECK(timeline.step_seconds() == 1);
    timeline.mark(0, seconds(Timeline::kMostSteps), log::ParsedLine{}, "beyond");
    CHECK(timeline.step_seconds() == 2);
}

TEST_CASE("the longest outages are kept, in order of their beginning")
{
    std::mt19937 random(20171004);
    Timeline timeline;
    timeline.on_named(0, Serial::parse("1").value(), Serial::parse("2").value());
    std::vector<std::int64_t> lengths(2 * Timeline::kMostOutages);
    std::iota(lengths.begin(), lengths.end(), 1);
    std::shuffle(lengths.begin(), lengths.end(), random);
    std::vector<std::int64_t> longest;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const seconds begin(1000 * static_cast<std::int64_t>(i));
        timeline.on_outage({0, Pid{1}, begin, begin + seconds(lengths[i]), LogForm::drop_member, 0,
                            true});
        if (lengths[i] > static_cast<std::int64_t>(Timeline::kMostOutages)) {
            longest.push_back(lengths[i]);
        }
    }
    timeline.finish();
    std::vector<std::int64_t> kept;
    for (const log::Outage& outage : timeline.outages()) {
        kept.push_back(std::chrono::floor<seconds>(outage.to - outage.from).count());
    }
    CHECK(kept == longest);
}
