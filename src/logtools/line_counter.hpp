/// Counts the lines of a log by what they are: as LineReader reads them, but several times faster.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "hasim/ha_log.hpp"
#include "hasim/log_record.hpp"
#include "logtools/block_reader.hpp"

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

/// Takes a log block by block. Lines of the very form that is written mostly are matched without being taken apart;
/// every other line goes to LineReader, so the counts are always those of LineReader.
class LineCounter {
public:
    void count(const Block& block);

    [[nodiscard]] const LineCounts& counts() const { return counts_; }

private:
    const char* count_plain(const char* at, const char* end);
    void learn(const log::Line& line);

    // What the stamps of neighbouring lines share: "Wed Oct 4 " and " 2017 : [".
    struct Shared {
        std::uint64_t first = 0;  // "Wed Oct "
        std::uint64_t day = 0;    // "4 ", in the low bytes
        std::uint64_t day_mask = ~std::uint64_t{0};
        std::size_t date_size = 0;  // 0: nothing was learnt yet
        std::uint64_t year = 0;     // " 2017 : "
    };

    // What stands between the clock and the message, year, pid and group, as it was seen last.
    static constexpr std::size_t kHeadBits = 3;
    static constexpr std::size_t kHeadWords = 7;
    struct Head {
        std::array<std::uint64_t, kHeadWords> words{};
        std::array<std::uint64_t, kHeadWords> masks{};
        std::size_t size = 0;  // 0: none yet
    };
    std::size_t head_at(const char* at);
    static std::size_t learn_head(const char* at, Head& known);

    LineCounts counts_;
    Shared shared_;
    std::array<Head, std::size_t{1} << kHeadBits> heads_{};
};

}  // namespace hasim::logtools
