// Goal: what a process tells its lab is heard as it was said, and nothing else is taken for a report.
#include "lab/events.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::lab;

namespace {

std::vector<Report> every_kind()
{
    LogRecord record;
    record.form = LogForm::recovery_failed;
    record.group = *Serial::parse("11234840370164");
    record.member = *Serial::parse("01234840370164");
    record.attempt = 3;
    record.code = Code::unable_to_connect;
    return {Hello{4711},
            GroupChanged{2, GroupState::latched},
            MemberTold{1, {*Serial::parse("1"), MemberState::active, ha::Cause::recovered}},
            GroupFinalized{9},
            LineWritten{record, WallTime(std::chrono::hours(400000))},
            RequestSent{0, *Serial::parse("42"), cryptoki::Function::generate_random},
            Returned{1, cryptoki::Function::sign, Code::device_error, 2, std::chrono::seconds(20)},
            Untold{17}};
}

}  // namespace

TEST_CASE("every report is read as it was written")
{
    for (const Report& report : every_kind()) {
        const std::string line = line_of(report);
        INFO(line);
        REQUIRE(line.back() == '\n');
        const auto read = report_in(std::string_view(line).substr(0, line.size() - 1));
        REQUIRE(read);
        CHECK(read->index() == report.index());
        CHECK(line_of(*read) == line);
    }
}

TEST_CASE("a line cut short, or with a word too many, is no report")
{
    for (const Report& report : every_kind()) {
        const std::string line = line_of(report);
        const std::string_view whole = std::string_view(line).substr(0, line.size() - 1);
        for (std::size_t end = whole.rfind(' '); end != std::string_view::npos && end > 0;
             end = whole.rfind(' ', end - 1)) {
            CHECK_FALSE(report_in(whole.substr(0, end)));
        }
        CHECK_FALSE(report_in(std::string(whole) + " 1"));
    }
}

TEST_CASE("numbers that are none of a kind are refused")
{
    CHECK_FALSE(report_in("group 0 4"));
    CHECK_FALSE(report_in("member 0 12 9 0"));
    CHECK_FALSE(report_in("member 0 12a 1 0"));
    CHECK_FALSE(report_in("sent 0 12 68"));
    CHECK_FALSE(report_in("returned 0 200 0 0 0"));
    CHECK_FALSE(report_in("hello -1"));
    CHECK_FALSE(report_in("hello 99999999999"));
    CHECK_FALSE(report_in("goodbye 1"));
    CHECK_FALSE(report_in(""));
}
