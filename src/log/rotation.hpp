/// When a log file is full, and what it is then called. The vendor documents that the record at hand is finished, that
/// the file is renamed with its time stamp, and that the next record starts a new file; the form of the name is chosen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hasim/time.hpp"

namespace hasim::log {

/// Name of the file that is being written, in haLogPath.
inline constexpr std::string_view kLogFileName = "haErrorLog.txt";

/// Whether a file of `size` bytes takes no further record, with `limit` as logLen. The record that reaches the limit is
/// the file's last, so a file may be larger than its limit by less than one record.
[[nodiscard]] constexpr bool is_full(std::uint64_t size, std::uint64_t limit)
{
    return size >= limit;
}

/// What the name of a rotated file says.
struct RotatedName {
    /// UTC, of the file's last record, or of an earlier file's: see next_name.
    std::chrono::sys_seconds stamp{};
    std::uint32_t number = 0;  ///< 0, or from 1 behind a file of the same stamp

    friend auto operator<=>(const RotatedName&, const RotatedName&) = default;
};

/// The name for a file whose last record is of `stamp`, beside files of which `newest` is the last by name. Names have
/// the order of writing: after a clock was set back, a file has the stamp of the one before it, and the next number.
[[nodiscard]] RotatedName next_name(std::chrono::sys_seconds stamp,
                                    const std::optional<RotatedName>& newest);

/// `name` without the ending that a compressor adds (.gz, .zst, .xz, .bz2, .lz4).
[[nodiscard]] std::string_view uncompressed_name(std::string_view name);

/// `haErrorLog_20171004T162921Z.txt`, with `_001`, `_002`, ... before the dot when `name.number` is not 0.
[[nodiscard]] std::string to_text(const RotatedName& name);

/// What `text` says, or nothing when it is not the name of a rotated file. Comparing two gives their order of writing.
[[nodiscard]] std::optional<RotatedName> parse_rotated_name(std::string_view text);

}  // namespace hasim::log
