/// The HA log reader, as a library: from the bytes of a haErrorLog.txt to records. Strict where the vendor's note says
/// how a line looks, tolerant where it is silent. Reads in place: nothing is allocated or copied per line but what a
/// record holds by value.
///
/// Tolerated: one or more blanks before the day, a leading zero in it; a weekday that is not that of the date (told); a
/// `#` before the attempt number; codes as hex digits of any width and case, with or without `0x`, as long as the value
/// fits 32 bits; any printable code name without a colon or a bracket (CKR_, RC_, LUNA_RET_ or other); a full stop, or
/// none, at the end; CRLF and trailing blanks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hasim/log_record.hpp"
#include "hasim/time.hpp"

namespace hasim::log {

/// What a line is.
enum class LineKind : std::uint8_t {
    record,   ///< one of the eleven forms
    unknown,  ///< not a line that the note describes (the product is said to write such lines, too)
    torn,     ///< part of a record: its end, or its head, is missing
    empty,    ///< nothing, or blanks
};

/// "record", "unknown", "torn", "empty".
[[nodiscard]] std::string_view to_text(LineKind kind);

/// How the day of the month stood in a stamp.
enum class DaySeen : std::uint8_t {
    either,  ///< two digits after one blank: both styles print it so
    note,    ///< one digit after one blank
    ctime,   ///< one digit after two blanks
    other,   ///< neither style: more blanks, or a leading zero
};

/// One line, read. Views point into the text that was read.
struct ParsedLine {
    LocalSeconds stamp{};  ///< as printed: local time of the client
    Pid pid{};
    Serial group{};
    LogForm form = LogForm::drop_member;
    Serial member{};
    std::uint32_t attempt = 0;     ///< 0 where the form has none
    Code code = Code::ok;          ///< `ok` where the form has none
    std::string_view code_name{};  ///< as printed; empty where the form has none
    DaySeen day_seen = DaySeen::either;
    bool weekday_matches = true;  ///< the weekday is that of the date
    std::size_t matched = 0;  ///< bytes, from the start, that agree with a line the note describes

    friend bool operator==(const ParsedLine&, const ParsedLine&) = default;
};

/// The record in `line`, whose moment is its stamp counted from `epoch` (the local time of the run's start).
[[nodiscard]] inline LogRecord to_record(const ParsedLine& line, LocalSeconds epoch)
{
    return {kStart + (line.stamp - epoch),
            line.pid,
            line.form,
            line.group,
            line.member,
            line.attempt,
            line.code};
}

/// Reads one line, without its newline, into `out`; only for LineKind::record all of `out` has a meaning. A text is
/// `torn` when it is the beginning of a record or, from somewhere within its prefix on, the end of one.
LineKind parse_line(std::string_view line, ParsedLine& out);

/// One line of a file.
struct Line {
    LineKind kind = LineKind::empty;
    std::string_view text{};   ///< without newline and carriage return
    std::uint64_t number = 0;  ///< from 1; two pieces of one line have the same
    std::size_t offset = 0;    ///< of its first byte, in the buffer
    bool terminated =
        true;             ///< a newline followed; a record without one may still be in the writing
    bool glued = false;   ///< one of several pieces of a line: a newline between them is missing
    ParsedLine parsed{};  ///< of a record
};

/// Walks a buffer, line by line. Where a record stands directly behind another text on one line (a torn line whose
/// newline is missing), the two are told apart: first the text before it, then the record. That text is never a record,
/// whatever it looks like: a record ends where its line ends, and one that was cut within a serial would name a member
/// that there is not.
class LineReader {
public:
    /// With `at_end` false the buffer is one piece of a file that goes on: a last line without newline is left alone,
    /// for the caller to hand in again (from `consumed()` on) with what follows. `first_number` numbers its first line.
    explicit LineReader(std::string_view buffer, bool at_end = true, std::uint64_t first_number = 1)
        : buffer_(buffer), number_(first_number - 1), at_end_(at_end)
    {
    }

    /// The next line into `line`; false, with `line` as it was, when there is none left.
    bool next(Line& line);

    /// Bytes of the buffer that the lines so far took, newlines included.
    [[nodiscard]] std::size_t consumed() const { return at_; }

private:
    void split(std::string_view& text, std::size_t end, Line& line);

    std::string_view buffer_;
    std::size_t at_ = 0;
    std::size_t line_end_ = 0;     ///< of the line that was split, while `split_` is set
    std::size_t content_end_ = 0;  ///< the same, without trailing blanks
    std::uint64_t number_;
    bool at_end_;
    bool split_ = false;
};

}  // namespace hasim::log
