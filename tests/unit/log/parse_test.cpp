// Goal: what is written is read; what the note leaves open is read, too; the rest is told apart as torn or unknown.
#include <algorithm>
#include <string>
#include <vector>

#include "hasim/ha_log.hpp"
#include "log/template_pieces.hpp"
#include <fmt/format.h>

#include "support/catch.hpp"
#include "unit/log/samples.hpp"

using namespace hasim;
using namespace hasim::log;
using hasim::log::test::kNoteStamp;
using hasim::log::test::line_of;
using hasim::log::test::sample_record;

namespace {

constexpr std::string_view kPrefix = "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164";

LineKind kind_of(std::string_view line)
{
    ParsedLine parsed;
    return parse_line(line, parsed);
}

// The one record of `message` behind the note's prefix; fails when it is none.
ParsedLine read(std::string_view message)
{
    static std::string line;  // outlives the views in the result
    line = std::string(kPrefix) + std::string(message);
    ParsedLine parsed;
    CAPTURE(line);
    CHECK(parse_line(line, parsed) == LineKind::record);
    return parsed;
}

ParsedLine read_stamp(std::string_view stamp)
{
    const std::string line = std::string(stamp) + " : [1] HA group: 1 has dropped member: 2";
    ParsedLine parsed;
    CAPTURE(line);
    CHECK(parse_line(line, parsed) == LineKind::record);
    return parsed;
}

std::vector<Line> lines_of(const std::string& text)
{
    std::vector<Line> lines;
    LineReader reader(text);
    for (Line line; reader.next(line);) {
        lines.push_back(line);
    }
    CHECK(reader.consumed() == text.size());
    return lines;
}

}  // namespace

TEST_CASE("every form is read as it was written, in both stamp styles")
{
    const StampStyle style = GENERATE(StampStyle::note, StampStyle::ctime);
    for (const Message& message : kCatalogue) {
        const LogRecord record = sample_record(message.form);
        const std::string line = line_of(record, kNoteStamp, style);
        CAPTURE(line);
        ParsedLine parsed;
        REQUIRE(parse_line(line, parsed) == LineKind::record);
        CHECK(parsed.stamp == kNoteStamp);
        CHECK(parsed.weekday_matches);
        CHECK(parsed.day_seen == (style == StampStyle::note ? DaySeen::note : DaySeen::ctime));
        CHECK(parsed.matched == line.size());
        CHECK(to_record(parsed, kNoteStamp) == record);
        CHECK(parsed.code_name ==
              (has_code(message.form) ? name_of(record.code) : std::string_view()));
    }
}

TEST_CASE("stamps of every day of three years round-trip")
{
    LogRecord record = sample_record(LogForm::member_revoked);
    LocalSeconds stamp = std::chrono::local_days{std::chrono::year(2015) / 12 / 31};
    for (int day = 0; day < 1100; ++day) {
        stamp += std::chrono::seconds(86400 - 37);
        ParsedLine parsed;
        REQUIRE(parse_line(line_of(record, stamp), parsed) == LineKind::record);
        REQUIRE(parsed.stamp == stamp);
        REQUIRE(parsed.weekday_matches);
    }
}

TEST_CASE("the stamp tolerates blanks, a leading zero and a wrong weekday, and tells them")
{
    CHECK(read_stamp("Wed Oct 14 16:29:21 2017").day_seen == DaySeen::either);
    CHECK(read_stamp("Wed Oct   4 16:29:21 2017").day_seen == DaySeen::other);
    CHECK(read_stamp("Wed Oct 04 16:29:21 2017").day_seen == DaySeen::other);
    CHECK(read_stamp("Wed Oct  14 16:29:21 2017").day_seen == DaySeen::other);
    CHECK_FALSE(read_stamp("Thu Oct 4 16:29:21 2017").weekday_matches);
    CHECK(read_stamp("Sat Dec 31 23:59:60 2016").stamp ==
          std::chrono::local_days{std::chrono::year(2017) / 1 / 1});
}

TEST_CASE("impossible stamps are not records")
{
    for (const char* stamp :
         {"Wed Oct 32 16:29:21 2017", "Wed Feb 29 16:29:21 2017", "Wed Oct 0 16:29:21 2017",
          "Wed Oct 4 24:29:21 2017", "Wed Oct 4 16:60:21 2017", "Wed Oct 4 16:29:61 2017",
          "Wed Okt 4 16:29:21 2017", "wed Oct 4 16:29:21 2017", "Wed Oct4 16:29:21 2017",
          "Wed Oct 4 16:29:21  2017", "Wed Oct 4 6:29:21 2017", "2017-10-04T16:29:21Z"}) {
        CAPTURE(stamp);
        CHECK(kind_of(std::string(stamp) + " : [1] HA group: 1 has dropped member: 2") ==
              LineKind::unknown);
    }
}

TEST_CASE("codes are read in any width and case, with or without 0x, and with any name")
{
    const auto code_of = [](std::string_view code) {
        return read(" can not login to member: 1, autorecovery will be disabled. Code: " +
                    std::string(code));
    };
    CHECK(code_of("0xC0001100 : RC_UNABLE_TO_CONNECT").code == Code::unable_to_connect);
    CHECK(code_of("c0001100 : RC_UNABLE_TO_CONNECT").code == Code::unable_to_connect);
    CHECK(code_of("0XA0 : CKR_PIN_INCORRECT").code == Code::pin_incorrect);
    CHECK(code_of("0x00000000000000a0 : CKR_PIN_INCORRECT").code == Code::pin_incorrect);
    CHECK(code_of("a00000 : LUNA_RET_UM_PIN_INCORRECT").code == static_cast<Code>(0x00a00000));
    CHECK(code_of("a00000 : LUNA_RET_UM_PIN_INCORRECT").code_name == "LUNA_RET_UM_PIN_INCORRECT");
    CHECK(code_of("30 : Device error (slot 1)").code_name == "Device error (slot 1)");
    CHECK(code_of("30 : CKR_DEVICE_ERROR.").code_name == "CKR_DEVICE_ERROR");
    CHECK(kind_of(fmt::format("{} can not login to member: 1, autorecovery will be disabled. "
                              "Code: 0x1c0001100 : X",
                              kPrefix)) == LineKind::unknown);
}

TEST_CASE("full stop, carriage return, trailing blanks, # and leading zeros do not matter")
{
    CHECK(read(" recovery attempt 7 failed for member: 1. Code: 0x30 : CKR_DEVICE_ERROR").attempt ==
          7);
    CHECK(read(" recovery attempt 7 failed for member: 1. Code: 0x30 : CKR_DEVICE_ERROR.")
              .code_name == "CKR_DEVICE_ERROR");
    CHECK(read(" recovery attempt #12 succeeded for member: 007.").member.text() == "007");
    CHECK(read(" has dropped member: 42\r").member.text() == "42");
    CHECK(read(" member: 42 revoked  \t").form == LogForm::member_revoked);
}

TEST_CASE("what the note does not describe is unknown")
{
    for (const char* line :
         {"hello", "-",
          "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 has lost member: 1",
          "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 has dropped member: 1 today",
          "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 has dropped member: A1",
          "Wed Oct 4 16:29:21 2017 : [17469] HA group: 123456789012345678901 has dropped member: 1",
          "Wed Oct 4 16:29:21 2017 : [17469] HA group: 123456789012345678901",
          "Wed Oct 4 16:29:21 2017 : [99999999999] HA group: 1 has dropped member: 1",
          "Wed Oct 4 16:29:21 2017 : [4294967296] HA group: 1 has dropped member: 1",
          "Wed Oct 4 16:29:21 2017 : [17469] HA group: 1 recovery attempt 1 passed for member: 1",
          "Wed Oct 4 16:29:21 2017 : [17469] HA group: 1  has dropped member: 1"}) {
        CAPTURE(line);
        CHECK(kind_of(line) == LineKind::unknown);
    }
    ParsedLine parsed;
    CHECK(parse_line(fmt::format("{} has lost member: 1", kPrefix), parsed) == LineKind::unknown);
    CHECK(parsed.matched == kPrefix.size() + std::string_view(" has ").size());
    const std::string_view nul("Wed\0Oct 4", 9);
    CHECK(kind_of(nul) == LineKind::unknown);
}

TEST_CASE("every beginning of every line is torn, or still a record")
{
    for (const Message& message : kCatalogue) {
        // Cut within the last argument, or before the full stop, a record cannot be told from a shorter one.
        const Pieces& pieces = kPieces[static_cast<std::size_t>(message.form)];
        const Piece& last = pieces.list[pieces.count - 1];
        std::size_t record_from = message.sample.size();
        if (last.has_argument || last.literal == ".") {
            record_from = message.sample.rfind(' ') + 2;
        }
        for (std::size_t size = 1; size <= message.sample.size(); ++size) {
            CAPTURE(message.sample.substr(0, size));
            CHECK(kind_of(message.sample.substr(0, size)) ==
                  (size >= record_from ? LineKind::record : LineKind::torn));
        }
        CHECK(kind_of("") == LineKind::empty);
    }
}

TEST_CASE("a line that lost its head is torn, as long as its group can be told")
{
    for (const Message& message : kCatalogue) {
        const std::size_t last = message.sample.find(": 1123");
        for (std::size_t cut = 1; cut <= last; ++cut) {
            CAPTURE(message.sample.substr(cut));
            CHECK(kind_of(message.sample.substr(cut)) == LineKind::torn);
        }
        CHECK(kind_of(message.sample.substr(message.sample.find("164 ") + 4)) == LineKind::unknown);
    }
}

TEST_CASE("a file is walked line by line, with places and numbers")
{
    const std::string good(kCatalogue[0].sample);
    const std::string text = good + "\n\nsupport entry\r\n" + good + "\r\n" + good.substr(0, 50);
    const std::vector<Line> lines = lines_of(text);
    REQUIRE(lines.size() == 5);
    CHECK(lines[0].kind == LineKind::record);
    CHECK(lines[0].text == good);
    CHECK(lines[0].terminated);
    CHECK(lines[1].kind == LineKind::empty);
    CHECK(lines[1].offset == good.size() + 1);
    CHECK(lines[2].kind == LineKind::unknown);
    CHECK(lines[2].text == "support entry");
    CHECK(lines[2].number == 3);
    CHECK(lines[3].kind == LineKind::record);
    CHECK(lines[3].text == good);
    CHECK(lines[4].kind == LineKind::torn);
    CHECK_FALSE(lines[4].terminated);
    CHECK(lines[4].number == 5);
}

TEST_CASE("a record behind a torn one, another record or a foreign text on one line is found")
{
    const std::string good(kCatalogue[0].sample);
    const std::string failed(kCatalogue[static_cast<std::size_t>(LogForm::recovery_failed)].sample);
    const auto check = [&](const std::string& head, LineKind kind) {
        CAPTURE(head);
        const std::string text = head + good + "\n" + good + "\n";
        const std::vector<Line> lines = lines_of(text);
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].kind == kind);
        CHECK(lines[0].text == head);
        CHECK_FALSE(lines[0].terminated);
        CHECK(lines[0].glued);
        CHECK(lines[1].glued);
        CHECK_FALSE(lines[2].glued);
        CHECK(lines[1].kind == LineKind::record);
        CHECK(lines[1].text == good);
        CHECK(lines[1].number == 1);
        CHECK(lines[1].offset == head.size());
        CHECK(lines[1].terminated);
        CHECK(lines[2].number == 2);
    };
    check(good.substr(0, 3), LineKind::torn);
    check(good.substr(0, 30), LineKind::torn);
    check(good.substr(0, 70), LineKind::torn);
    // A record ends where its line ends: what has lost its newline may have lost more, such as digits of a serial.
    check(failed.substr(0, failed.size() - 5), LineKind::torn);
    check(good.substr(0, good.size() - 5), LineKind::torn);
    check(good + " ", LineKind::torn);
    check("<13>host app: ", LineKind::unknown);
}

TEST_CASE("a piece of a file leaves its last line for the next piece")
{
    const std::string good(kCatalogue[0].sample);
    const std::string text = good + "\n" + good;
    LineReader reader(text, false);
    Line line;
    REQUIRE(reader.next(line));
    CHECK_FALSE(reader.next(line));
    CHECK(reader.consumed() == good.size() + 1);
    LineReader rest(std::string_view(text).substr(reader.consumed()), true, line.number + 1);
    REQUIRE(rest.next(line));
    CHECK(line.number == 2);
    CHECK(line.kind == LineKind::record);
    CHECK_FALSE(line.terminated);
    CHECK_FALSE(rest.next(line));
}

TEST_CASE("a long line of glued records costs no more than as many lines")
{
    // Quadratic work would make this test take minutes.
    std::string text;
    const std::string good(kCatalogue[0].sample);
    constexpr std::size_t kRecords = 20000;
    for (std::size_t i = 0; i < kRecords; ++i) {
        text += good;
    }
    text += std::string(2000000, ' ');
    const std::vector<Line> lines = lines_of(text);
    CHECK(lines.size() == kRecords);
    // The digits of a serial run into the weekday: only the last piece ends with its line.
    CHECK(std::all_of(lines.begin(), lines.end() - 1,
                      [](const Line& line) { return line.kind == LineKind::torn; }));
    CHECK(lines.back().kind == LineKind::record);
}
