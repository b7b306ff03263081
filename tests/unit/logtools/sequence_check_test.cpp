// Goal: what cannot be is an error, what needs something unseen is a note that says what, everything else is silent.
// Method: a story is a text of short lines; the findings stand behind the lines they concern.
#include "support/catch.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "log/catalogue.hpp"
#include "logtools/log_check.hpp"
#include "memory_source.hpp"

using namespace hasim;
using namespace hasim::logtools;

namespace {

const Serial kGroupSerial = *Serial::parse("11234840370164");
const Serial kMember = *Serial::parse("1");

LogRecord record(LogForm form, std::uint32_t attempt = 0, Code code = Code::unable_to_connect)
{
    return {kStart,
            Pid{17469},
            form,
            kGroupSerial,
            kMember,
            attempt,
            log::has_code(form) ? code : Code::ok};
}
const LogRecord kDrop = record(LogForm::drop_member);
const LogRecord kMaximum = record(LogForm::recovery_exhausted);
LogRecord failed(std::uint32_t attempt, Code code = Code::unable_to_connect)
{
    return record(LogForm::recovery_failed, attempt, code);
}
LogRecord recovered(std::uint32_t attempt)
{
    return record(LogForm::recovered, attempt);
}

// A letter per record: . silent, n note, E error.
std::string verdicts(const std::vector<LogRecord>& records, bool complete = false)
{
    SequenceCheck check({.complete = complete});
    std::string text;
    for (const LogRecord& each : records) {
        const auto finding = check.feed(each);
        text += !finding ? '.' : finding->severity == Severity::error ? 'E' : 'n';
    }
    return text;
}

std::string last_text(const std::vector<LogRecord>& records)
{
    SequenceCheck check;
    std::optional<SequenceFinding> finding;
    for (const LogRecord& each : records) {
        finding = check.feed(each);
    }
    return finding ? finding->text : "";
}

}  // namespace

TEST_CASE("an outage with its attempts is silent, from the start or in mid-story")
{
    CHECK(verdicts({kDrop, failed(1), failed(2), recovered(3), kDrop, recovered(1)}, true) ==
          "......");
    CHECK(verdicts({kDrop, failed(1), failed(2), kMaximum}, true) == "....");
    CHECK(verdicts({record(LogForm::drop_unrecoverable), failed(1), recovered(2)}, true) == "...");
    CHECK(verdicts({record(LogForm::new_member), recovered(1), kDrop}, true) == "...");
    CHECK(verdicts({kDrop, record(LogForm::new_member), recovered(1)}, true) == "...");
    CHECK(verdicts({kDrop, record(LogForm::member_revoked)}, true) == "..");
    CHECK(verdicts({record(LogForm::login_failed)}, true) == ".");
    for (std::size_t form = 0; form < kLogForms; ++form) {
        CHECK(verdicts({record(static_cast<LogForm>(form), 7)}) == ".");
    }
    CHECK(verdicts({failed(7), failed(8), kMaximum}) == "...");
}

TEST_CASE("deprecated and future messages stand in for those of the table")
{
    CHECK(verdicts({record(LogForm::member_deactivated), failed(1), recovered(2)}, true) == "...");
    CHECK(
        verdicts({record(LogForm::member_deactivated), record(LogForm::member_deactivated), kDrop},
                 true) == "...");
    CHECK(verdicts({kDrop, record(LogForm::unrecoverable, 1), record(LogForm::reenable_member),
                    recovered(1)},
                   true) == "....");
    // An attempt that runs while a manual recovery is asked for keeps its number; then they count from 1.
    CHECK(verdicts({kDrop, failed(1), record(LogForm::reenable_member), failed(2), failed(1),
                    recovered(2)},
                   true) == "......");
    CHECK(verdicts({kDrop, failed(1), record(LogForm::reenable_member), recovered(2), kDrop},
                   true) == ".....");
    CHECK(verdicts({kDrop, failed(1), record(LogForm::reenable_member), failed(3)}, true) ==
          "...E");
}

TEST_CASE("attempt numbers that cannot be are errors with a reason")
{
    CHECK(verdicts({kDrop, failed(1), recovered(3)}) == "..E");
    CHECK(last_text({kDrop, failed(1), recovered(3)}) ==
          "HALOG_RECOVERED of attempt 3 for member 1 after attempt 1: attempt 2 is missing");
    CHECK_THAT(last_text({kDrop, failed(1), failed(5)}), EndsWith("attempts 2 to 4 are missing"));
    CHECK_THAT(last_text({kDrop, failed(4)}),
               EndsWith("cannot follow HALOG_DROPMEMBER: attempts begin with 1"));
    CHECK_THAT(last_text({kDrop, failed(1), failed(2), failed(2)}),
               EndsWith("attempts count up by one"));
    CHECK_THAT(last_text({failed(1), kMaximum, failed(2)}),
               ContainsSubstring("after the maximum was exceeded"));
    CHECK_THAT(last_text({kDrop, kMaximum}), EndsWith("without a failed attempt just before it"));
    CHECK_THAT(last_text({kDrop, failed(1), kMaximum, kMaximum}),
               EndsWith("without a failed attempt just before it"));
    CHECK_THAT(last_text({failed(0)}), EndsWith("attempts are numbered from 1"));
    // After an error the story goes on from the line as it stands.
    CHECK(verdicts({kDrop, failed(1), failed(5), failed(6), kMaximum}) == "..E..");
}

TEST_CASE("what needs a manual recovery or a re-initialisation is a note that says so")
{
    CHECK(verdicts({failed(1), kMaximum, failed(1)}) == "..n");
    CHECK_THAT(last_text({failed(1), kMaximum, failed(1)}), ContainsSubstring("manual recovery"));
    CHECK_THAT(last_text({failed(1), kMaximum, recovered(1)}),
               ContainsSubstring("manual recovery"));
    CHECK_THAT(last_text({failed(2), failed(1)}), ContainsSubstring("manual recovery"));
    CHECK_THAT(last_text({failed(2), failed(3), failed(1)}), ContainsSubstring("manual recovery"));
    CHECK_THAT(last_text({kDrop, kDrop}), ContainsSubstring("re-initialisation"));
    CHECK_THAT(last_text({failed(1), kMaximum, kDrop}), ContainsSubstring("re-initialisation"));
    CHECK_THAT(last_text({recovered(1), recovered(1)}), ContainsSubstring("manual recovery"));
    CHECK_THAT(last_text({kDrop, failed(1, Code::pin_locked), failed(2)}),
               ContainsSubstring("further attempt"));
    CHECK(verdicts({kDrop, failed(1, Code::pin_locked), failed(3)}) == "..E");
}

TEST_CASE("two processes of one process id may write side by side, which is a note")
{
    // As in containers, where every application is process 1.
    CHECK(verdicts({kDrop, kDrop, recovered(1), recovered(1)}) == ".n.n");
    CHECK_THAT(last_text({kDrop, kDrop, recovered(1), recovered(1)}),
               EndsWith("another process has the process id 17469, too, as in containers"));
    CHECK(verdicts({kDrop, kDrop, failed(1), failed(1), recovered(2), recovered(2)}) == ".n.n.n");
    CHECK(verdicts({kDrop, failed(1), failed(2), kDrop, failed(1), failed(3), recovered(2)}) ==
          "...n.nn");
    // It is no excuse for what neither could have written.
    CHECK(verdicts({kDrop, kDrop, failed(1), failed(3)}) == ".n.E");
    CHECK(verdicts({kDrop, recovered(1), recovered(1), recovered(3)}, true).back() == 'E');
}

TEST_CASE("processes of one process id that are recovered by hand accuse nobody")
{
    const LogRecord revoked = record(LogForm::member_revoked);
    // What each of them writes, from its first line to its last.
    const std::vector<LogRecord> story = GENERATE_REF(
        std::vector{kDrop, revoked, failed(1), failed(2), recovered(3)},
        std::vector{kDrop, failed(1), failed(1), failed(2), recovered(3)},
        std::vector{kDrop, failed(1), failed(2), kMaximum, failed(1), failed(2), recovered(3)});
    const std::size_t processes = GENERATE(2U, 3U, 12U, 60U);
    std::vector<LogRecord> together;
    for (const LogRecord& each : story) {
        together.insert(together.end(), processes, each);
    }
    CHECK(verdicts(together).find('E') == std::string::npos);
    // A wrong line is told, and so is what is missing in its place, but not again with each that follows.
    std::vector<LogRecord> damaged = together;
    const std::size_t third = 2 * processes + 1;
    damaged[third] = failed(7);
    const std::string told = verdicts(damaged);
    CHECK(told[third] == 'E');
    CHECK(std::count(told.begin(), told.end(), 'E') <= 3);
}

TEST_CASE("a log may begin while several processes see a member out")
{
    CHECK(verdicts({failed(7), failed(7), failed(8), failed(8), recovered(9), recovered(9)}) ==
          ".n.n.n");
    CHECK(verdicts({failed(7), failed(7), failed(9)}) == ".nE");
    CHECK(verdicts({failed(7), failed(7)}, true).back() == 'E');
    // Not later, when its outages are told from their beginning.
    CHECK(verdicts({kDrop, failed(1), failed(2), failed(2), failed(3), failed(5)}) == "...E.E");
}

TEST_CASE("of more processes of one process id than are told apart the oldest is forgotten")
{
    std::vector<LogRecord> lines(SequenceCheck::kMostOthers + 1, kDrop);
    lines.resize(2 * lines.size(), recovered(1));
    CHECK(verdicts(lines).find('E') == std::string::npos);
    lines.assign(SequenceCheck::kMostOthers + 2, kDrop);
    for (const std::uint32_t attempt : {1U, 2U, 3U}) {
        lines.insert(lines.end(), SequenceCheck::kMostOthers + 2, failed(attempt));
    }
    CHECK(verdicts(lines).find('E') != std::string::npos);
}

TEST_CASE("members, groups and processes are followed apart, in bounded memory")
{
    SequenceCheck check({.most_members = 10});
    LogRecord other = failed(5);
    other.pid = Pid{2};
    CHECK_FALSE(check.feed(failed(1)));
    CHECK_FALSE(check.feed(other));
    CHECK_FALSE(check.feed(failed(2)));
    for (std::uint32_t i = 0; i < 100; ++i) {
        other.pid = Pid{100 + i};
        (void)check.feed(other);
        CHECK(check.members() <= 10);
    }
}

TEST_CASE("what is kept of a long recovery is bounded, and other members are not forgotten")
{
    SequenceCheck check({.complete = true});
    const auto other = [](LogRecord record) {
        record.member = *Serial::parse("2");
        return record;
    };
    REQUIRE_FALSE(check.feed(kDrop));
    for (const LogRecord& each : {kDrop, failed(1), failed(2)}) {
        REQUIRE_FALSE(check.feed(other(each)));
    }
    std::size_t most = 0;
    for (std::uint32_t attempt = 1; attempt <= 3 * SequenceCheck::kPlacesKept; ++attempt) {
        REQUIRE_FALSE(check.feed(failed(attempt)));
        most = std::max(most, check.places_kept());
    }
    CHECK(most > SequenceCheck::kPlacesKept / 2);
    CHECK(most <= SequenceCheck::kPlacesKept + 2 * check.members());
    CHECK_FALSE(check.feed(other(failed(3))));
    CHECK(check.feed(other(failed(5))));
    CHECK(check.feed(failed(1)));
}

TEST_CASE("who knows more than the log may tell")
{
    SequenceCheck check({.complete = true});
    CHECK_FALSE(check.feed(kDrop));
    check.initialised(Pid{17469});
    CHECK_FALSE(check.feed(kDrop));
    CHECK_FALSE(check.feed(failed(1)));
    check.recovery_asked(Pid{17469}, kGroupSerial);
    CHECK_FALSE(check.feed(failed(1)));
}

TEST_CASE("findings name file, line and column")
{
    std::string text = test::line_at(0, "has dropped member: 1") +
                       test::line_at(10, "recovery attempt 2 succeeded for member: 1") +
                       test::line_at(5, "has dropped member: 1") +
                       "Wed Oct 4 16:29:21 2017 : [1] HA gr\n" +
                       "Wed Oct 4 16:29:21 2017 : [1] HA gang\n\n" +
                       "Tue Oct 4 16:29:59 2017 : [17469] HA group: 1 can not login to member: 2, "
                       "autorecovery will be "
                       "disabled. Code: a0 : CKR_PIN_LOCKED";
    std::string findings;
    LogCheck check([&](const Finding& finding) {
        findings += fmt::format("{}:{}: {}\n", finding.line, finding.column, finding.text);
    });
    LineStream stream = test::stream_of({text});
    for (PlacedLine line; stream.next(line);) {
        check.check(line);
    }
    CHECK(findings ==
          "2:0: HALOG_RECOVERED of attempt 2 for member 1 cannot follow HALOG_DROPMEMBER: attempts "
          "begin with 1\n"
          "3:0: time goes back by 5 s in process 17469: the clock was set, or summer time ended: "
          "name the client's zone with --timezone\n"
          "4:0: torn line: 'Wed Oct 4 16:29:21 2017 : [1] HA gr'\n"
          "5:35: unknown line: 'Wed Oct 4 16:29:21 2017 : [1] HA gang'; it is like a record up to "
          "here\n"
          "7:1: the weekday is not that of the date\n"
          "7:0: code 0x000000a0 is known as CKR_PIN_INCORRECT, not as 'CKR_PIN_LOCKED'\n");
    CHECK(check.errors() == 1);
    CHECK(check.notes() == 5);
}

TEST_CASE("what followed once follows again, for another member as for the first")
{
    std::mt19937 random(GENERATE(range(0U, 10U)));
    std::vector<LogRecord> story;
    std::uint32_t attempt = 0;
    for (int i = 0; i < 150; ++i) {
        const auto form = random() % 10 < 6 ? LogForm::recovery_failed
                                            : static_cast<LogForm>(random() % kLogForms);
        attempt = random() % 10 == 0 ? static_cast<std::uint32_t>(random() % 5) : attempt + 1;
        story.push_back(record(form, log::has_attempt(form) ? attempt : 0,
                               random() % 5 == 0 ? Code::pin_locked : Code::unable_to_connect));
        attempt = log::has_attempt(form) && form != LogForm::recovered ? attempt : 0;
    }
    SequenceCheck check;
    std::string verdicts_of_first;
    for (const std::uint32_t pid : {1U, 2U}) {
        std::string verdicts;
        for (LogRecord each : story) {
            each.pid = Pid{pid};
            const auto finding = check.feed(each);
            verdicts += !finding ? '.' : finding->severity == Severity::error ? 'E' : 'n';
        }
        verdicts_of_first = pid == 1 ? verdicts : verdicts_of_first;
        CHECK(verdicts == verdicts_of_first);
    }
    CHECK(verdicts_of_first == verdicts(story));
    // And as when nothing was kept of what followed.
    std::string alone;
    for (std::size_t i = 0; i < story.size(); ++i) {
        alone +=
            verdicts({story.begin(), story.begin() + static_cast<std::ptrdiff_t>(i) + 1}).back();
    }
    CHECK(verdicts_of_first == alone);
}

TEST_CASE("what followed for one attempt does not follow for another")
{
    SequenceCheck check;
    for (std::uint32_t attempt = 1; attempt <= 2000; ++attempt) {
        LogRecord first = failed(attempt);
        first.pid = Pid{attempt};
        LogRecord second = failed(attempt + 1);
        second.pid = first.pid;
        REQUIRE_FALSE(check.feed(first));
        REQUIRE_FALSE(check.feed(second));
        REQUIRE(check.feed(second));
    }
}

TEST_CASE("clocks of more processes than are remembered are followed anew")
{
    constexpr std::uint32_t kMostProcesses = 65'536;
    const LocalSeconds then{std::chrono::hours(24)};
    ClockCheck clock;
    for (std::uint32_t pid = 1; pid <= kMostProcesses + 1; ++pid) {
        if (clock.feed(Pid{pid}, then)) {
            FAIL("a first line is never late");
        }
    }
    const LocalSeconds before = then - std::chrono::minutes(1);
    CHECK(clock.feed(Pid{kMostProcesses + 1}, before));
    CHECK_FALSE(clock.feed(Pid{1}, before));
    CHECK_FALSE(clock.feed(Pid{kMostProcesses - 14}, before));  // one of the last before it
}

TEST_CASE("each code is held against its own name, whatever stood in the line before")
{
    const std::string failed = "recovery attempt {} failed for member: 1. Code: {}";
    std::string text = test::line_at(0, "has dropped member: 1");
    int at = 0;
    for (const char* const code :
         {"0xc0000303 : RC_OPERATION_TIMED_OUT", "0xc0001100 : RC_OPERATION_TIMED_OUT",
          "0xc0000303 : RC_OPERATION_TIMED_OUT", "0xc0000303 : RC_SOMETHING"}) {
        ++at;
        text += test::line_at(at, fmt::format(fmt::runtime(failed), at, code));
    }
    std::vector<std::uint32_t> lines;
    LogCheck check([&](const Finding& finding) { lines.push_back(finding.line); });
    LineStream stream = test::stream_of({text});
    for (PlacedLine line; stream.next(line);) {
        check.check(line);
    }
    CHECK(lines == std::vector<std::uint32_t>{3, 5});
}
