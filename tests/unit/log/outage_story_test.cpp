// Goal: what a line does to a member is told once, and as a person would tell it who sees the whole log.
// Method: small stories with the right values beside them; and random ones against a teller who reads the log twice, so
// that it knows how long each process is heard.
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/random.hpp"
#include "log/outage_story.hpp"

using namespace hasim;
using namespace hasim::log;
using std::chrono::seconds;

namespace {

const Serial kGroup = *Serial::parse("11");

struct Told {
    int at;
    std::uint32_t pid;
    LogForm form;
    const char* member = "1";
};

LogRecord record_of(const Told& told)
{
    LogRecord record;
    record.pid = Pid{told.pid};
    record.form = told.form;
    record.group = kGroup;
    record.member = *Serial::parse(told.member);
    return record;
}

/// What a listener heard, which has to be what the story adds up.
class Lanes final : public OutageListener {
public:
    using Second = std::map<long, ServiceState>;

    void on_named(std::size_t member, Serial, Serial) override
    {
        CHECK(member == seconds_.size());
        seconds_.emplace_back();
    }
    void on_time(std::size_t member, StoryTime from, StoryTime to, ServiceState state) override
    {
        for (long at = from.count() / 1000; at < to.count() / 1000; ++at) {
            CHECK(seconds_[member].emplace(at, state).second);
        }
    }
    void on_forgotten(std::size_t member, StoryTime from, StoryTime to, ServiceState was) override
    {
        for (long at = from.count() / 1000; at < to.count() / 1000; ++at) {
            CHECK(seconds_[member].at(at) == was);
            seconds_[member].at(at) = ServiceState::unknown;
        }
    }
    void on_outage(const Outage& outage) override { outages.push_back(outage); }

    /// A letter a second: u, d, r, x for disabled, ? for unknown.
    [[nodiscard]] std::string text(std::size_t member) const
    {
        std::string text;
        for (const auto& [at, state] : seconds_[member]) {
            text += "udrx?"[static_cast<std::size_t>(state)];
        }
        return text;
    }

    std::vector<Outage> outages;

private:
    std::vector<Second> seconds_;
};

struct Heard {
    Lanes lanes;
    OutageStory story{&lanes};

    explicit Heard(const std::vector<Told>& lines, const std::vector<const char*>& expected = {})
    {
        for (const char* serial : expected) {
            story.expect(kGroup, *Serial::parse(serial));
        }
        for (const Told& line : lines) {
            REQUIRE(story.feed(record_of(line), seconds(line.at)) != log::OutageStory::kNoMember);
        }
        story.finish(seconds(lines.empty() ? 0 : lines.back().at));
    }
};

constexpr auto kDrop = LogForm::drop_member;
constexpr auto kFail = LogForm::recovery_failed;
constexpr auto kBack = LogForm::recovered;
constexpr auto kMax = LogForm::recovery_exhausted;

}  // namespace

TEST_CASE("an outage begins with the line that tells it and ends with its RECOVERED line")
{
    const Heard heard({{0, 1, kDrop}, {2, 1, kFail}, {5, 1, kBack}, {7, 1, kDrop}, {8, 1, kBack}});
    CHECK(heard.lanes.text(0) == "ddrrruud");
    REQUIRE(heard.lanes.outages.size() == 2);
    CHECK(heard.lanes.outages[0].to == seconds(5));
    CHECK(heard.lanes.outages[0].failed_attempts == 1);
    CHECK(heard.lanes.outages[0].recovered);
    CHECK(heard.story.members()[0].availability() == 2.0 / 8);
    CHECK(heard.story.members()[0].last == ServiceState::up);
}

TEST_CASE("a RECOVERED line alone is no outage, and time before it is unknown")
{
    const Heard heard({{0, 1, kDrop, "2"}, {3, 1, kBack}, {4, 1, kBack, "2"}});
    CHECK(heard.lanes.text(1) == "???u");
    CHECK(heard.story.members()[1].outages == 0);
    CHECK(heard.story.members()[1].out() == seconds(0));
    CHECK(heard.story.members()[1].availability() == 1.0);
}

TEST_CASE("time that no line tells of is neither up nor down")
{
    const Heard heard({{0, 1, kDrop}, {3, 1, kBack}});
    CHECK(heard.lanes.text(0) == "ddd");
    CHECK_FALSE(heard.story.members()[0].availability());
    const Heard later({{0, 1, kFail}, {3, 1, kBack}, {5, 1, kDrop}});
    CHECK(later.lanes.text(0) == "rrruu");
}

TEST_CASE("a process that is not heard of again ends what it was in, with a mark")
{
    // Process 1 is killed at 3; its successor is heard of at 20 and has an outage of its own.
    const Heard heard(
        {{0, 1, kDrop}, {3, 1, kFail}, {20, 2, kDrop}, {22, 2, kBack}, {23, 2, kDrop, "2"}});
    CHECK(heard.lanes.text(0) == "ddd" + std::string(17, '?') + "ddu");
    REQUIRE(heard.lanes.outages.size() == 3);
    const auto killed = std::find_if(heard.lanes.outages.begin(), heard.lanes.outages.end(),
                                     [](const Outage& each) { return each.pid == Pid{1}; });
    CHECK_FALSE(killed->recovered);
    CHECK(killed->to == seconds(3));
    CHECK(heard.story.members()[0].out() == seconds(5));
}

TEST_CASE("a process that is heard again knew all the time")
{
    const Heard heard({{0, 1, kDrop}, {5, 2, kDrop}, {6, 2, kBack}, {9, 1, kBack}});
    CHECK(heard.lanes.text(0) == "dddddduuu");
    CHECK(heard.story.members()[0].out() == seconds(6));
    CHECK(heard.lanes.outages.size() == 2);
}

TEST_CASE("a process that begins anew under its process id ends what it was in")
{
    const Heard heard({{0, 1, kDrop}, {2, 1, kFail}, {9, 1, kDrop}, {10, 1, kBack}});
    CHECK(heard.lanes.text(0) == "dd???????d");
    REQUIRE(heard.lanes.outages.size() == 2);
    CHECK(heard.lanes.outages[0].to == seconds(2));
    CHECK_FALSE(heard.lanes.outages[0].recovered);
    // Two members that cannot be reached at one C_Initialize are one beginning.
    const Heard both({{0, 1, LogForm::drop_unrecoverable, "1"},
                      {0, 1, LogForm::drop_unrecoverable, "2"},
                      {5, 1, LogForm::drop_unrecoverable, "1"},
                      {5, 1, LogForm::drop_unrecoverable, "2"},
                      {9, 1, kBack, "2"}});
    CHECK(both.lanes.text(0) == "?????dddd");
    CHECK(both.lanes.outages.size() == 4);
    // A member that is deactivated may serve on, and be dropped later: that is one outage.
    const Heard deactivated({{0, 1, LogForm::member_deactivated}, {4, 1, kDrop}, {6, 1, kBack}});
    CHECK(deactivated.lanes.outages.size() == 1);
}

TEST_CASE("a new member is not up before its first RECOVERED, and that is no outage")
{
    const Heard heard({{0, 1, LogForm::new_member}, {2, 1, kBack}, {4, 1, kDrop}});
    CHECK(heard.lanes.text(0) == "rruu");
    CHECK(heard.story.members()[0].outages == 1);
    const Heard failing({{0, 1, LogForm::new_member}, {2, 1, kFail}, {4, 1, kBack}});
    CHECK(failing.story.members()[0].outages == 1);
    CHECK(failing.lanes.outages[0].from == seconds(2));
}

TEST_CASE("all members were out only while one process saw all of them out")
{
    const auto all_out = [](const std::vector<Told>& lines,
                            const std::vector<const char*>& expected = {}) {
        return Heard(lines, expected).story.all_out(kGroup);
    };
    // One after the other, though the second was not named before.
    CHECK(
        all_out(
            {{0, 1, kDrop, "1"}, {10, 1, kBack, "1"}, {60, 1, kDrop, "2"}, {80, 1, kBack, "2"}}) ==
        seconds(0));
    CHECK(all_out(
              {{0, 1, kDrop, "1"}, {4, 1, kDrop, "2"}, {10, 1, kBack, "1"}, {80, 1, kBack, "2"}}) ==
          seconds(6));
    // Each of two processes sees one out.
    CHECK(
        all_out({{0, 1, kDrop, "1"}, {4, 2, kDrop, "2"}, {9, 1, kBack, "1"}, {9, 2, kBack, "2"}}) ==
        seconds(0));
    // Both see both out, at times that overlap: counted once.
    CHECK(all_out({{0, 1, kDrop, "1"},
                   {0, 1, kDrop, "2"},
                   {2, 2, kDrop, "1"},
                   {2, 2, kDrop, "2"},
                   {5, 1, kBack, "1"},
                   {8, 2, kBack, "1"},
                   {9, 1, kBack, "2"}}) == seconds(8));
    // One member alone may be one of many; with a configuration that says that it is not, it is all.
    CHECK_FALSE(all_out({{0, 1, kDrop, "1"}, {4, 1, kBack, "1"}}));
    CHECK(all_out({{0, 1, kDrop, "1"}, {4, 1, kBack, "1"}}, {"1"}) == seconds(4));
    CHECK(all_out({{0, 1, kDrop, "1"}, {4, 1, kBack, "1"}}, {"1", "2"}) == seconds(0));
    // A member of the log that the configuration does not name is none that matters.
    CHECK(all_out({{0, 1, kDrop, "9"}, {0, 1, kDrop, "1"}, {4, 1, kBack, "1"}}, {"1"}) ==
          seconds(4));
}

TEST_CASE("members that a configuration names are up until a line tells otherwise")
{
    const Heard heard(
        {{0, 1, kDrop, "1"}, {4, 1, kBack, "1"}, {6, 1, kBack, "3"}, {8, 1, kDrop, "1"}},
        {"1", "2", "3"});
    CHECK(heard.lanes.text(0) == "dddduuuu");
    CHECK(heard.lanes.text(1) == "uuuuuuuu");
    CHECK(heard.lanes.text(2) == "??????uu");
}

TEST_CASE("of many who see a member out, who said so last is not forgotten")
{
    std::vector<Told> lines;
    for (std::uint32_t pid = 1; pid <= 16; ++pid) {
        lines.push_back({static_cast<int>(pid) - 1, pid, kFail});
    }
    lines.push_back({16, 1, kFail});   // the first once more: nothing changes but who said it last
    lines.push_back({17, 17, kFail});  // one too many: the second goes
    lines.push_back({20, 1, kDrop, "2"});
    const Heard heard(lines);
    CHECK(heard.lanes.text(0) == std::string(20, 'r'));
}

TEST_CASE("memory is bounded: further pairs are left out")
{
    OutageStory story(nullptr, 3);
    constexpr std::size_t kNone = log::OutageStory::kNoMember;
    CHECK(story.feed(record_of({0, 1, kDrop, "1"}), seconds(0)) != kNone);
    CHECK(story.feed(record_of({0, 1, kDrop, "2"}), seconds(0)) != kNone);
    CHECK(story.feed(record_of({0, 2, kDrop, "1"}), seconds(0)) != kNone);
    CHECK(story.feed(record_of({0, 2, kDrop, "2"}), seconds(0)) == kNone);
    CHECK(story.feed(record_of({0, 3, kDrop, "1"}), seconds(0)) == kNone);
    CHECK(story.feed(record_of({1, 1, kBack, "1"}), seconds(1)) != kNone);
}

namespace {

/// One life of a process: from its first line to its last, under one process id.
struct Life {
    std::uint32_t pid;
    long heard;
};

/// Reads the log twice: first for how long each life is heard, then for the states.
std::vector<std::string> told_by_hindsight(const std::vector<Told>& lines,
                                           const std::vector<const char*>& members)
{
    std::vector<Life> lives;
    std::vector<std::size_t> life_of_line;
    std::map<std::uint32_t, std::size_t> current;
    std::map<std::pair<std::size_t, std::string>, std::pair<bool, LogForm>> seen;  // outage, last
    for (const Told& line : lines) {
        if (!current.contains(line.pid)) {
            current[line.pid] = lives.size();
            lives.push_back({line.pid, 0});
        }
        const auto before = seen.find({current[line.pid], line.member});
        if (before != seen.end() && (line.form == LogForm::drop_unrecoverable ||
                                     (line.form == kDrop && before->second.first &&
                                      before->second.second != LogForm::member_deactivated))) {
            current[line.pid] = lives.size();
            lives.push_back({line.pid, 0});
        }
        auto& [outage, last] = seen[{current[line.pid], line.member}];
        outage = line.form == kBack ? false : outage || line.form != LogForm::new_member;
        last = line.form;
        lives[current[line.pid]].heard = line.at;
        life_of_line.push_back(current[line.pid]);
    }
    std::vector<std::string> texts;
    for (const char* member : members) {
        std::string text;
        ServiceState state = ServiceState::unknown;
        std::map<std::size_t, bool> sees_out;  // by life
        bool named = false;
        const auto fill = [&](long until) {
            for (long at = static_cast<long>(text.size()); at < until; ++at) {
                const bool known =
                    !is_out(state) ||
                    std::any_of(sees_out.begin(), sees_out.end(), [&](const auto& each) {
                        return each.second && lives[each.first].heard > at;
                    });
                text += "udrx?"[static_cast<std::size_t>(known ? state : ServiceState::unknown)];
            }
        };
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (std::string(lines[i].member) != member) {
                continue;
            }
            state = named ? state : state_before(lines[i].form);
            named = true;
            fill(lines[i].at);
            state = state_after(lines[i].form);
            sees_out[life_of_line[i]] = is_out(state);
        }
        fill(lines.back().at);
        texts.push_back(text);
    }
    return texts;
}

}  // namespace

TEST_CASE("random stories are told as by one who reads the log twice")
{
    constexpr std::array kMembers{"1", "2", "3"};
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        Random random(seed);
        std::vector<Told> lines;
        int at = 0;
        const std::uint64_t count = 2 + random.below(30);
        for (std::uint64_t i = 0; i < count; ++i) {
            constexpr std::array kForms{kDrop,
                                        kDrop,
                                        kFail,
                                        kBack,
                                        kBack,
                                        kMax,
                                        LogForm::new_member,
                                        LogForm::drop_unrecoverable,
                                        LogForm::member_deactivated,
                                        LogForm::login_failed};
            lines.push_back({at, static_cast<std::uint32_t>(1 + random.below(3)),
                             kForms[random.below(kForms.size())],
                             kMembers[random.below(kMembers.size())]});
            at += static_cast<int>(random.below(4));
        }
        const Heard heard(lines);
        std::vector<const char*> members;
        for (const OutageStory::Member& member : heard.story.members()) {
            members.push_back(*std::find_if(
                kMembers.begin(), kMembers.end(),
                [&](const char* each) { return member.serial == *Serial::parse(each); }));
        }
        const std::vector<std::string> expected = told_by_hindsight(lines, members);
        CAPTURE(seed);
        for (std::size_t member = 0; member < members.size(); ++member) {
            const std::string text = heard.lanes.text(member);
            REQUIRE(text == expected[member]);
            const auto out = std::count_if(text.begin(), text.end(),
                                           [](char state) { return state != 'u' && state != '?'; });
            REQUIRE(heard.story.members()[member].out() == seconds(out));
        }
        // Every outage is told once, and told to end.
        std::uint64_t begun = 0;
        for (const OutageStory::Member& member : heard.story.members()) {
            begun += member.outages;
        }
        REQUIRE(begun == heard.lanes.outages.size());
    }
}

TEST_CASE("spans that overlap are counted once, in any order and in bounded memory")
{
    SpanUnion spans;
    spans.add(seconds(5), seconds(6));
    spans.add(seconds(20), seconds(30));
    spans.add(seconds(0), seconds(10));
    spans.add(seconds(9), seconds(9));
    CHECK(spans.length() == seconds(20));
    spans.add(seconds(10), seconds(20));
    CHECK(spans.length() == seconds(30));
    SpanUnion many;
    constexpr int kSpans = 3 * static_cast<int>(SpanUnion::kMost);
    for (int i = 0; i < kSpans; ++i) {
        many.add(seconds(2 * i), seconds(2 * i + 1));
    }
    CHECK(many.length() == seconds(kSpans));
    many.add(seconds(2 * kSpans - 2), seconds(2 * kSpans));  // the late ones are still apart
    CHECK(many.length() == seconds(kSpans + 1));
}
