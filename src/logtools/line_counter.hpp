/// Counts the lines of a log by what they are: as LineReader reads them, but several times faster.
#pragma once

#include <array>
#include <cstdint>

#include "hasim/ha_log.hpp"
#include "hasim/log_record.hpp"
#include "logtools/block_reader.hpp"
#include "logtools/plain_lines.hpp"

namespace hasim::logtools {

/// What a log holds.
struct LineCounts {
    std::array<std::uint64_t, kLogForms> forms{};  ///< records, by LogForm
    std::uint64_t unknown = 0;
    std::uint64_t torn = 0;
    std::uint64_t empty = 0;
    std::uint64_t unterminated =
        0;  ///< records without a newline at the end of a file: perhaps in the writing

    [[nodiscard]] std::uint64_t records() const;
    [[nodiscard]] std::uint64_t all() const { return records() + unknown + torn + empty; }

    void add(const log::Line& line);
    LineCounts& operator+=(const LineCounts& other);

    friend bool operator==(const LineCounts&, const LineCounts&) = default;
};

/// Takes a log block by block. Plain lines are matched without being taken apart; every other line goes to LineReader,
/// so the counts are always those of LineReader.
class LineCounter {
public:
    void count(const Block& block);

    [[nodiscard]] const LineCounts& counts() const { return counts_; }

private:
    LineCounts counts_;
    PlainLines plain_;
};

}  // namespace hasim::logtools
