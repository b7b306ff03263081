// Goal: lines are exactly those of the note, whatever was formatted before.
#include <limits>

#include "log/format.hpp"
#include "support/catch.hpp"
#include "unit/log/samples.hpp"

using namespace hasim;
using namespace hasim::log;
using hasim::log::test::kNoteStamp;
using hasim::log::test::line_of;
using hasim::log::test::sample_record;

namespace {

std::string stamp_of(LocalSeconds stamp, StampStyle style)
{
    const std::string line = line_of(sample_record(LogForm::drop_member), stamp, style);
    return line.substr(0, line.find(" : ["));
}

LocalSeconds at(int year, unsigned month, unsigned day, int second_of_day = 0)
{
    return std::chrono::local_days{std::chrono::year(year) / static_cast<int>(month) /
                                   static_cast<int>(day)} +
           std::chrono::seconds(second_of_day);
}

}  // namespace

TEST_CASE("every form prints the catalogue's sample line")
{
    for (const Message& message : kCatalogue) {
        CHECK(line_of(sample_record(message.form)) == message.sample);
    }
}

TEST_CASE("a one-digit day has one blank before it, or two in ctime's style")
{
    CHECK(stamp_of(kNoteStamp, StampStyle::note) == "Wed Oct 4 16:29:21 2017");
    CHECK(stamp_of(kNoteStamp, StampStyle::ctime) == "Wed Oct  4 16:29:21 2017");
    CHECK(stamp_of(at(2017, 10, 14), StampStyle::note) == "Sat Oct 14 00:00:00 2017");
    CHECK(stamp_of(at(2017, 10, 14), StampStyle::ctime) == "Sat Oct 14 00:00:00 2017");
    CHECK(stamp_of(at(2000, 2, 29, 86399), StampStyle::note) == "Tue Feb 29 23:59:59 2000");
    CHECK(stamp_of(at(1969, 12, 31, 1), StampStyle::note) == "Wed Dec 31 00:00:01 1969");
}

TEST_CASE("years that four digits cannot tell are stamped as the nearest")
{
    CHECK(stamp_of(at(12000, 1, 1), StampStyle::note) == "Fri Dec 31 23:59:59 9999");
    CHECK(stamp_of(at(-5, 1, 1), StampStyle::note) == "Sat Jan 1 00:00:00 0000");
}

TEST_CASE("a formatter that goes on prints what a fresh one prints")
{
    const StampStyle style = GENERATE(StampStyle::note, StampStyle::ctime);
    Formatter formatter(style);
    std::array<char, kMaxLineLength> buffer{};
    // Steps within a second, over a minute, a day, between one- and two-digit days, back, and over a year.
    for (const long step : {0L, 1L, 59L, 86400L, 5L * 86400, -86400L, 400L * 86400, -3L, 0L}) {
        static LocalSeconds stamp = kNoteStamp;
        stamp += std::chrono::seconds(step);
        const LogRecord record = sample_record(LogForm::recovered);
        const std::size_t size = formatter.format(record, stamp, buffer);
        CHECK(std::string(buffer.data(), size) == line_of(record, stamp, style));
    }
}

TEST_CASE("codes print as 0x and eight lower-case digits, and their name")
{
    LogRecord record = sample_record(LogForm::login_failed);
    const auto code_of = [&record](Code code) {
        record.code = code;
        const std::string line = line_of(record);
        return line.substr(line.find("Code: "));
    };
    CHECK(code_of(Code::pin_locked) == "Code: 0x000000a4 : CKR_PIN_LOCKED");
    CHECK(code_of(Code::unable_to_connect) == "Code: 0xc0001100 : RC_UNABLE_TO_CONNECT");
    CHECK(code_of(static_cast<Code>(0xdeadbeef)) == "Code: 0xdeadbeef : UNKNOWN");
}

TEST_CASE("the longest arguments fit, and a buffer that is too small gets nothing")
{
    LogRecord record = sample_record(LogForm::unrecoverable);
    record.pid = Pid{std::numeric_limits<std::uint32_t>::max()};
    record.attempt = std::numeric_limits<std::uint32_t>::max();
    record.group = *Serial::parse("00000000000000000001");
    record.member = *Serial::parse("99999999999999999999");
    CHECK(line_of(record).find(
              "[4294967295] HA group: 00000000000000000001 recovery attempt 4294967295 failed for "
              "member: 99999999999999999999.") != std::string::npos);
    std::array<char, kMaxLineLength - 1> small{};
    CHECK(format_line(record, kNoteStamp, StampStyle::note, small) == 0);
    CHECK(small[0] == '\0');
}
