/// How many files and sockets this process may have open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hasim::host {

/// Makes room for `needed` open descriptors: raises the soft limit (RLIMIT_NOFILE) when it is lower, never lowers it.
/// Returns what is wrong, with a remedy, when the hard limit is too low.
[[nodiscard]] std::optional<std::string> raise_descriptor_limit(std::uint64_t needed);

/// How many descriptors this process may have open now (RLIMIT_NOFILE, soft).
[[nodiscard]] std::uint64_t descriptor_limit();

}  // namespace hasim::host
