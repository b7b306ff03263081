/// What real files have beside the lines of the note. Each kind is labelled, so that a reader's
/// tolerance can be scored.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace hasim::corpus {

enum class Noise : std::uint8_t {
    torn,      ///< the end of a line is missing, its newline too: the next record follows at once
    crlf,      ///< the line ends in CR LF
    foreign,   ///< a line of somebody else's stands before
    day,       ///< a one-digit day is padded with a blank, as ctime() does
    code,      ///< the code has another width or case, or no 0x
    clock,     ///< jumps of the workstation's clock, so many a part (not per mille)
    rotation,  ///< a rotation is left out: the file grows by another logLen
    utf8,      ///< a line stands before that is no valid UTF-8
};
inline constexpr std::size_t kNoises = 8;
inline constexpr std::array<std::string_view, kNoises> kNoiseNames{
    "torn", "crlf", "foreign", "day", "code", "clock", "rotation", "utf8"};

/// Per mille of lines (of rotations for `rotation`; a number for `clock`).
struct NoiseRates {
    std::array<std::uint32_t, kNoises> rate{};

    [[nodiscard]] std::uint32_t of(Noise noise) const
    {
        return rate[static_cast<std::size_t>(noise)];
    }
    [[nodiscard]] bool any() const;
};

/// "none", "light", "heavy", or a list such as "crlf=1000,torn=5". Nothing when it is neither.
[[nodiscard]] std::optional<NoiseRates> read_noise(std::string_view text);

/// A set of kinds, as bits.
using NoiseSet = std::uint8_t;
[[nodiscard]] constexpr NoiseSet bit(Noise noise)
{
    return static_cast<NoiseSet>(1U << static_cast<unsigned>(noise));
}

/// A line that no HSM client wrote.
[[nodiscard]] std::string_view foreign_line(Random& random);
[[nodiscard]] std::string_view invalid_line(Random& random);

/// `line` with its code written otherwise; the same when it has none.
[[nodiscard]] std::string other_code(std::string_view line, Random& random);

}  // namespace hasim::corpus
