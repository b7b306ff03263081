// Feeds any bytes to the readers of logs. Holds: plain lines are counted and read as LineReader reads them, lines of
// any file are checked, counted as statistics and written as rows without a crash and in bounded memory, and a log that
// was checked line by line says the same when the sequence checker is fed its records alone.
#include "harness.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "base/assert.hpp"
#include "log/format.hpp"
#include "logtools/explain.hpp"
#include "logtools/line_counter.hpp"
#include "logtools/log_check.hpp"
#include "logtools/log_stats.hpp"
#include "logtools/row_writer.hpp"
#include "tests/unit/logtools/stream_lines.hpp"

namespace {

using namespace hasim;
using namespace hasim::logtools;

// Records from bytes, few members and small numbers, so that sequences meet.
LogRecord record_of(std::uint8_t first, std::uint8_t second)
{
    LogRecord record;
    record.form = static_cast<LogForm>(first % kLogForms);
    record.pid = Pid{1U + (second & 1U)};
    record.group = *Serial::parse("11");
    record.member = *Serial::parse((second & 2U) != 0 ? "2" : "3");
    record.attempt = second >> 4U;
    record.code = (second & 4U) != 0 ? Code::pin_locked : Code::unable_to_connect;
    return record;
}

std::string log_of(std::string_view bytes)
{
    std::string text;
    std::array<char, log::kMaxLineLength> line{};
    constexpr std::size_t kMostRecords = 40;  // more of them show nothing else, and cost
    for (std::size_t i = 0; i + 1 < std::min(bytes.size(), 2 * kMostRecords); i += 2) {
        const LogRecord record =
            record_of(static_cast<std::uint8_t>(bytes[i]), static_cast<std::uint8_t>(bytes[i + 1]));
        const LocalSeconds stamp{std::chrono::seconds(1'500'000'000 + static_cast<long>(i) * 30)};
        text.append(line.data(), log::format_line(record, stamp, StampStyle::note, line));
        text += '\n';
    }
    return text;
}

void read_as_log(std::string_view text)
{
    constexpr std::uint64_t kExplained = 20;
    LineCounter counter;
    counter.count({text, 0, true, false});
    LineCounts counts;
    std::uint64_t found = 0;
    LogCheck check([&found](const Finding&) { ++found; });
    StatsCollector stats;
    std::string rows;
    log::LineReader reader(text);
    for (PlacedLine line; reader.next(line.line);) {
        counts.add(line.line);
        check.check(line);
        stats.feed(line.line);
        rows.clear();
        for (const RowFormat format : {RowFormat::json, RowFormat::csv, RowFormat::tsv}) {
            RowWriter(format).row(rows, line);
        }
        if (line.line.number <= kExplained) {
            HASIM_ASSERT(!explain(line.line.text).text.empty());
        }
    }
    HASIM_ASSERT(counts == counter.counts());
    HASIM_ASSERT(test::difference_of_lines(text).empty());
    HASIM_ASSERT(found == check.errors() + check.notes());
    HASIM_ASSERT(!stats_json(std::move(stats).finish()).empty());
}

}  // namespace

HASIM_FUZZ(sequence)
(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    read_as_log(bytes.substr(0, 2000));
    read_as_log(log_of(bytes));
    return 0;
}
