/// How single values are written in a scenario: durations, numbers, quoted words, moments of civil time. Each reader
/// takes the whole of its text or nothing; each printer gives the canonical spelling, which its reader takes back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hasim/time.hpp"

namespace hasim::scenario {

/// No duration in a scenario is longer (chosen): sums of two stay far inside 64 bits of nanoseconds.
inline constexpr Duration kLongestDuration = std::chrono::hours(24 * 365 * 100);

/// "10s", "1.5s", "250ms", "2m", "1h30m", "1d"; units d h m s ms us ns, each at most once, from large to small; the
/// last number may have a fraction. Never negative.
[[nodiscard]] std::optional<Duration> read_duration(std::string_view text);

/// The same with a sign in front: "-1h", "+90s".
[[nodiscard]] std::optional<Duration> read_signed_duration(std::string_view text);

/// Below ten minutes in seconds ("90s", "1.5s"), from there in d, h, m and s without those that are 0 ("10m", "1h30m");
/// below one second in the largest of ms, us, ns that leaves no fraction ("250ms", "1500us"). "0s".
[[nodiscard]] std::string duration_text(Duration duration);
[[nodiscard]] std::string instant_text(Instant instant);

/// Decimal digits, at most `largest`.
[[nodiscard]] std::optional<std::uint64_t> read_number(std::string_view text,
                                                       std::uint64_t largest);

/// A decimal number with at most three digits after the point, in thousandths; at most a million.
[[nodiscard]] std::optional<std::uint32_t> read_thousandths(std::string_view text);
[[nodiscard]] std::string thousandths_text(std::uint32_t thousandths);

/// "5%", "12.5%", in tenths of a percent, up to 1000.
[[nodiscard]] std::optional<std::uint32_t> read_percent(std::string_view text);
[[nodiscard]] std::string percent_text(std::uint32_t per_mille);

/// "800B/s", "64kB/s", "2MB/s" (k is 1000), in bytes per second, 1 to 10^12.
[[nodiscard]] std::optional<std::uint64_t> read_bandwidth(std::string_view text);
[[nodiscard]] std::string bandwidth_text(std::uint64_t bytes_per_second);

/// "2017-10-04T16:29:11Z", with up to nine digits of a second's fraction; years 1970 to 2199 (chosen).
[[nodiscard]] std::optional<WallTime> read_wall_time(std::string_view text);
[[nodiscard]] std::string wall_time_text(WallTime time);

/// A name or text as one word: bare when it is made of letters, digits and ._:/@+- and is no word of the grammar that
/// may follow, else in quotes with \" and \\ inside.
[[nodiscard]] std::string word_text(std::string_view text);
[[nodiscard]] std::string quoted_text(std::string_view text);

/// Whether `text` can stand for itself without quotes.
[[nodiscard]] bool is_bare(std::string_view text);

}  // namespace hasim::scenario
