// Goal: outages, availability and recovery times come out of the lines as a person would count them.
#include "support/catch.hpp"
#include "support/golden.hpp"

#include "log/catalogue.hpp"
#include "logtools/explain.hpp"
#include "logtools/log_stats.hpp"
#include "logtools/row_writer.hpp"
#include "memory_source.hpp"

using namespace hasim;
using namespace hasim::logtools;
using std::chrono::seconds;

namespace {

LogStats stats_of(const std::string& text)
{
    StatsCollector collector;
    LineStream stream = test::stream_of({text});
    for (PlacedLine line; stream.next(line);) {
        collector.feed(line.line);
    }
    return std::move(collector).finish();
}

const Serial kGroup = *Serial::parse("11234840370164");

const MemberStats& member(const LogStats& stats, std::string_view serial)
{
    return stats.groups.at(kGroup).members.at(*Serial::parse(serial));
}

const std::string kStory =
    test::line_at(0, "has dropped member: 1") +
    test::line_at(
        60, "recovery attempt 1 failed for member: 1. Code: c0001100 : RC_UNABLE_TO_CONNECT.") +
    test::line_at(70, "has dropped member: 2") +
    test::line_at(120, "recovery attempt 2 succeeded for member: 1") +
    test::line_at(130, "recovery attempt 1 succeeded for member: 2") +
    test::line_at(200,
                  "unable to reach member: 2. Manual Recover or Auto Recovery will be able to "
                  "recover this member") +
    test::line_at(400, "has dropped member: 1", 5) + "what is this?\n";

}  // namespace

TEST_CASE("outages, mean time to recovery, availability")
{
    const LogStats stats = stats_of(kStory);
    CHECK(stats.span == seconds(400));
    const MemberStats& one = member(stats, "1");
    CHECK(one.outages.begun == 2);
    CHECK(one.outages.recovered == 1);
    CHECK(one.outages.mean() == seconds(120));
    CHECK(one.outages.longest == seconds(120));
    CHECK_FALSE(one.outages.longest_open);
    CHECK(one.down == seconds(120));
    const MemberStats& two = member(stats, "2");
    CHECK(two.outages.mean() == seconds(60));
    // What began with the last line of its process has no length, and no end that was told.
    CHECK(two.outages.begun == 2);
    CHECK(two.outages.open == 1);
    CHECK(two.outages.longest == seconds(60));
    CHECK_FALSE(two.outages.longest_open);
    CHECK(two.down == seconds(60));
    CHECK(two.unknown == seconds(200));
    CHECK(two.down_at_end());
    CHECK(two.availability == 140.0 / 200);
    const GroupStats& group = stats.groups.at(kGroup);
    CHECK(group.all_down == seconds(50));
    CHECK(group.processes == std::set{Pid{17469}, Pid{5}});
}

TEST_CASE("a member is down until any process has recovered it")
{
    const LogStats stats =
        stats_of(test::line_at(0, "has dropped member: 1", 1) +
                 test::line_at(0, "has dropped member: 1", 2) +
                 test::line_at(60, "recovery attempt 1 succeeded for member: 1", 1) +
                 test::line_at(100, "member: 9 revoked", 1));
    CHECK(member(stats, "1").down == seconds(60));
    CHECK_FALSE(member(stats, "1").down_at_end());
    CHECK(member(stats, "1").outages.open == 1);
    CHECK(member(stats, "1").outages.longest == seconds(60));
}

TEST_CASE("stamps that go backwards give no negative time")
{
    const LogStats stats = stats_of(test::line_at(100, "has dropped member: 1") +
                                    test::line_at(0, "recovery attempt 1 succeeded for member: 1"));
    CHECK(member(stats, "1").down == seconds(0));
    CHECK(stats.span == seconds(0));
    CHECK(stats.steps_back == 1);
    CHECK_THAT(stats_text(stats), ContainsSubstring("the clock went back 1 time: no time"));
    CHECK_THAT(stats_text(stats), ContainsSubstring(" between the steps of the clock)\n"));
    // Processes that write at one time may change places.
    const LogStats jitter = stats_of(test::line_at(5, "has dropped member: 1", 1) +
                                     test::line_at(3, "has dropped member: 1", 2) +
                                     test::line_at(9, "has dropped member: 2", 1));
    CHECK(jitter.steps_back == 0);
    CHECK(jitter.span == seconds(4));
}

TEST_CASE("with the client's zone, the end of summer time is no step of its clock")
{
    const std::string autumn =
        "Sun Nov 3 01:55:00 2024 : [1] HA group: 11234840370164 has dropped member: 1\n"
        "Sun Nov 3 01:10:00 2024 : [1] HA group: 11234840370164 recovery attempt 1 succeeded for "
        "member: 1\n"
        "Sun Nov 3 03:00:00 2024 : [1] HA group: 11234840370164 has dropped member: 1\n";
    // New York: 5 hours behind Greenwich from 6:00 UTC on.
    const auto day = std::chrono::sys_days(std::chrono::year(2024) / 11 / 3);
    const Zone new_york("New York", {{day - std::chrono::days(200), -seconds(4 * 3600)},
                                     {day + std::chrono::hours(6), -seconds(5 * 3600)}});
    const auto told = [&](std::optional<Zone> zone) {
        StatsCollector collector({std::move(zone), {}});
        LineStream stream = test::stream_of({autumn});
        for (PlacedLine line; stream.next(line);) {
            collector.feed(line.line);
        }
        return std::move(collector).finish();
    };
    const LogStats known = told(new_york);
    CHECK(member(known, "1").outages.longest == seconds(15 * 60));
    CHECK(known.span == seconds(125 * 60));
    CHECK(known.steps_back == 0);
    const LogStats guessed = told(std::nullopt);
    CHECK(member(guessed, "1").outages.longest == seconds(0));
    CHECK(stamp_text(member(guessed, "1").outages.longest_began) == "2024-11-03T01:55:00");
    CHECK_THAT(stats_text(guessed), ContainsSubstring("name the client's zone with --timezone"));
}

TEST_CASE("a configuration brings labels and the members that never failed")
{
    GroupSettings group;
    group.label = "prod";
    group.serial = kGroup;
    group.members = {*Serial::parse("1"), *Serial::parse("2")};
    StatsCollector collector({std::nullopt, {group}});
    LineStream stream =
        test::stream_of({test::line_at(0, "has dropped member: 1") +
                         test::line_at(30, "recovery attempt 1 succeeded for member: 1")});
    for (PlacedLine line; stream.next(line);) {
        collector.feed(line.line);
    }
    const LogStats stats = std::move(collector).finish();
    CHECK(stats.groups.at(kGroup).all_down == seconds(0));
    CHECK(member(stats, "2").availability == 1.0);
    CHECK_FALSE(member(stats, "1").availability);  // no line tells of a time when it was up
    CHECK_THAT(stats_text(stats), ContainsSubstring("group prod 11234840370164: 1 outage") &&
                                      ContainsSubstring("all members down at once for 0s"));
    CHECK_THAT(stats_text(stats_of(test::line_at(0, "has dropped member: 1"))),
               !ContainsSubstring("all members"));
}

TEST_CASE("texts and rows are what somebody agreed to")
{
    const LogStats stats = stats_of(kStory);
    test::matches_golden("logtools/stats.txt", stats_text(stats));
    test::matches_golden("logtools/stats.json", stats_json(stats));
    CHECK_THAT(stats_json(stats_of("")), ContainsSubstring("\"first\": null"));
    std::string rows;
    for (const RowFormat format : {RowFormat::json, RowFormat::csv, RowFormat::tsv}) {
        const RowWriter writer(format);
        writer.header(rows);
        LineStream stream = test::stream_of(
            {kStory + "a \"quoted\",\tline \xff\x1b\\\nWed Oct 4 16:29:21 2017 : [17"});
        for (PlacedLine line; stream.next(line);) {
            line.file = "a,b.txt";
            writer.row(rows, line);
        }
    }
    test::matches_golden("logtools/rows.txt", rows);
}

TEST_CASE("explanations of every message, and of lines that are none")
{
    std::string text;
    for (const log::Message& message : log::kCatalogue) {
        const Explanation explanation = explain(message.sample);
        CHECK(explanation.is_record);
        text += explanation.text + '\n';
    }
    for (const std::string_view line :
         {"Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 has droped member: "
          "1234924189183",
          "Wed Oct 32 16:29:21 2017 : [17469] HA group: 11234840370164 has dropped member: "
          "1234924189183",
          "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 recovery attempt 1 fail", "",
          "elephant", "1234840370164 recovery attempt one failed for member: 12",
          "2017-10-04 ERROR something else entirely happened here \x1b[31m"}) {
        const Explanation explanation = explain(line);
        CHECK_FALSE(explanation.is_record);
        text += explanation.text + '\n';
    }
    test::matches_golden("logtools/explain.txt", text);
}

TEST_CASE("durations in words")
{
    CHECK(duration_text(seconds(59)) == "59s");
    CHECK(duration_text(seconds(3600)) == "1h");
    CHECK(duration_text(seconds(3661)) == "1h 1m");
    CHECK(duration_text(seconds(90000)) == "1d 1h");
}

TEST_CASE("a mean is told to the nearest second")
{
    OutageStats stats;
    CHECK_FALSE(stats.mean());
    stats.recovered = 3;
    stats.recovery_time = seconds(10);
    CHECK(stats.mean() == seconds(3));
    stats.recovery_time = seconds(11);
    CHECK(stats.mean() == seconds(4));
    stats.recovered = 2;
    CHECK(stats.mean() == seconds(6));
}
