/// From a record to the text of its line. No allocation; made for corpora of hundreds of millions of lines.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "hasim/log_record.hpp"
#include "hasim/time.hpp"

namespace hasim::log {

/// Longest stamp: "Wed Oct 14 16:29:21 2017".
inline constexpr std::size_t kStampLength = 24;

/// Longest name of a code that a line holds; a longer one is cut.
inline constexpr std::size_t kMaxCodeName = 64;

/// No line is longer than this, without its newline. A buffer of this size always suffices.
inline constexpr std::size_t kMaxLineLength = 384;

/// Writes lines; remembers the last day and second, because neighbouring lines mostly share them.
class Formatter {
public:
    explicit Formatter(StampStyle style = StampStyle::note) : style_(style) {}

    /// Writes the line of `record`, stamped `stamp`, without a newline, and returns its length; 0, with nothing
    /// written, when `out` is smaller than kMaxLineLength. Years outside 0 to 9999 are stamped as the nearest of them.
    std::size_t format(const LogRecord& record, LocalSeconds stamp, std::span<char> out);

    [[nodiscard]] StampStyle style() const { return style_; }

private:
    void set_stamp(LocalSeconds stamp);

    StampStyle style_;
    bool valid_ = false;
    std::chrono::local_days day_{};
    std::chrono::seconds second_{};
    std::array<char, kStampLength> stamp_{};
    std::size_t clock_at_ = 0;  ///< where "16:29:21" starts in stamp_
    std::size_t stamp_size_ = 0;
};

/// The same for a single line.
std::size_t format_line(const LogRecord& record, LocalSeconds stamp, StampStyle style,
                        std::span<char> out);

}  // namespace hasim::log
