#include "logtools/log_check.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "log/catalogue.hpp"

namespace hasim::logtools {

void LogCheck::tell(const PlacedLine& line, std::size_t column, Severity severity, std::string text)
{
    const auto number = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(line.line.number, std::numeric_limits<std::uint32_t>::max()));
    ++(severity == Severity::error ? errors_ : notes_);
    receive_({printable(line.file), number, static_cast<std::uint32_t>(column), severity,
              std::move(text)});
}

void LogCheck::check(const PlacedLine& line)
{
    const std::size_t column = line.line.parsed.matched + 1;
    switch (line.line.kind) {
    case log::LineKind::record: check_record(line); return;
    case log::LineKind::torn:
        tell(line, 0, Severity::note, fmt::format("torn line: {}", in_quotes(line.line.text)));
        return;
    case log::LineKind::unknown:
        if (line.cut) {
            tell(line, 0, Severity::note, "unknown line, of more than 256 KiB");
        } else {
            tell(line, column, Severity::note,
                 fmt::format("unknown line: {}{}", in_quotes(line.line.text),
                             column == 1 ? "" : "; it is like a record up to here"));
        }
        return;
    case log::LineKind::empty: return;
    }
}

void LogCheck::check_record(const PlacedLine& line)
{
    const log::ParsedLine& record = line.line.parsed;
    if (!record.weekday_matches) {
        tell(line, 1, Severity::note, "the weekday is not that of the date");
    }
    if (record.day_seen == log::DaySeen::other) {
        tell(line, 9, Severity::note, "the day of the month is written in an unusual way");
    }
    if (log::has_code(record.form)) {
        check_code(line);
    }
    if (const auto finding = clock_.feed(record.pid, record.stamp)) {
        tell(line, 0, finding->severity, finding->text);
    }
    if (const auto finding = sequence_.feed(log::to_record(record, record.stamp))) {
        tell(line, 0, finding->severity, finding->text);
    }
}

void LogCheck::check_code(const PlacedLine& line)
{
    const log::ParsedLine& record = line.line.parsed;
    if (record.code != code_ || code_name_.empty()) {
        code_ = record.code;
        code_name_ = name_of(code_);
    }
    if (code_name_ != "UNKNOWN" && code_name_ != record.code_name) {
        tell(line, 0, Severity::note,
             fmt::format("code {:#010x} is known as {}, not as {}",
                         static_cast<std::uint32_t>(code_), code_name_,
                         in_quotes(record.code_name)));
    }
}

}  // namespace hasim::logtools
