/// The asking side of `hasim ctl`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hasim::control {

/// What became of a line.
struct Answer {
    enum class Kind : std::uint8_t {
        done,         ///< `text` is what there is to print, maybe nothing
        refused,      ///< the hasim that was asked says no: `text` is why
        not_chosen,   ///< none runs, or several and none was named: `text` says so, and the remedy
        not_reached,  ///< the connection failed or was not answered in time: `text` is why
    };
    Kind kind = Kind::done;
    std::string text;
};

/// "no hasim is running: ..." and what to do about it.
[[nodiscard]] std::string none_runs(const std::string& directory);

/// Sends one line to the hasim with `pid`, or to the only one that has a socket in `directory`, and waits for the
/// answer, `patience` at most.
[[nodiscard]] Answer send_line(const std::string& directory, std::optional<std::uint64_t> pid,
                               std::string_view line,
                               std::chrono::seconds patience = std::chrono::seconds(10));

}  // namespace hasim::control
