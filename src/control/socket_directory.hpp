/// Where running hasims can be spoken to: one Unix-domain socket each, in a directory that only this user can enter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hasim::control {

/// Longest line that a client may send, in bytes, without its newline.
inline constexpr std::size_t kMaxLine = 4096;

/// $XDG_RUNTIME_DIR/hasim, or /tmp/hasim-<uid> when that variable does not name a directory by an
/// absolute path.
[[nodiscard]] std::string socket_directory();

/// Makes `directory` (mode 0700) unless it is there. The answer is empty, or why it is not to be trusted: another
/// user's, open to others, or no directory.
[[nodiscard]] std::string prepare_directory(const std::string& directory);

/// Why `directory` is not to be trusted, by whoever listens in it and by whoever sends an order (which may hold a PIN)
/// through it; empty when it is this user's alone.
[[nodiscard]] std::string check_directory(const std::string& directory);

/// `directory`/`pid`.sock
[[nodiscard]] std::string socket_path(const std::string& directory, std::uint64_t pid);

/// The pids whose sockets in `directory` are answered, in order; none when it is not to be trusted. Sockets that nobody
/// listens on any more are removed.
[[nodiscard]] std::vector<std::uint64_t> running(const std::string& directory);

}  // namespace hasim::control
