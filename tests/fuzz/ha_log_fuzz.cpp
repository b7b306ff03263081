// Feeds any bytes to the HA log reader. Holds: the lines cover the bytes, in order and within them; what is read as a
// record formats to a line that reads as the same record; reading in pieces gives the same lines.
#include "harness.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "hasim/ha_log.hpp"
#include "log/format.hpp"

namespace {

using hasim::log::DaySeen;
using hasim::log::Line;
using hasim::log::LineKind;
using hasim::log::LineReader;
using hasim::log::ParsedLine;

void check_record(const Line& line)
{
    const ParsedLine& parsed = line.parsed;
    const hasim::StampStyle style =
        parsed.day_seen == DaySeen::ctime ? hasim::StampStyle::ctime : hasim::StampStyle::note;
    std::array<char, hasim::log::kMaxLineLength> buffer{};
    const hasim::LogRecord record = hasim::log::to_record(parsed, parsed.stamp);
    const std::size_t size = hasim::log::format_line(record, parsed.stamp, style, buffer);
    ParsedLine again;
    const LineKind kind = hasim::log::parse_line({buffer.data(), size}, again);
    // The last leap second of year 9999 is the only stamp that does not come back.
    HASIM_ASSERT(kind == LineKind::record);
    HASIM_ASSERT(again.group == parsed.group && again.member == parsed.member &&
                 again.pid == parsed.pid);
    HASIM_ASSERT(again.form == parsed.form && again.attempt == parsed.attempt &&
                 again.code == parsed.code);
    HASIM_ASSERT(again.weekday_matches);
    const hasim::LocalSeconds last =
        std::chrono::local_days{std::chrono::year(10000) / 1 / 1} - std::chrono::seconds(1);
    HASIM_ASSERT(again.stamp == parsed.stamp || parsed.stamp > last);
}

}  // namespace

HASIM_FUZZ(ha_log)
(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    LineReader reader(text);
    LineReader half(text.substr(0, size / 2), false);
    bool half_goes_on = true;
    std::size_t covered = 0;
    for (Line line; reader.next(line);) {
        HASIM_ASSERT(line.offset == covered && reader.consumed() > covered);
        HASIM_ASSERT(line.text.data() == text.data() + line.offset);
        HASIM_ASSERT(line.offset + line.text.size() <= reader.consumed());
        HASIM_ASSERT(line.text.find('\n') == std::string_view::npos);
        covered = reader.consumed();
        if (line.kind == LineKind::record) {
            check_record(line);
        }
        Line same;
        half_goes_on = half_goes_on && half.next(same);
        if (half_goes_on) {
            HASIM_ASSERT(same.text == line.text && same.kind == line.kind &&
                         same.number == line.number);
            HASIM_ASSERT(same.terminated == line.terminated);
        }
    }
    HASIM_ASSERT(covered == size);
    return 0;
}
