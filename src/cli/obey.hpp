/// Lines of a scenario, given to a live world by a user: what `hasim ctl` and POST /api/v1/commands send.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/live_stage.hpp"

namespace hasim::cli {

/// A line that was taken.
struct Order {
    std::uint32_t line = 1;
    Event event;
    std::string text;    ///< "hsm2 cable out", or "at 90s hsm2 cable in" for one that comes later
    bool later = false;  ///< it was noted for its time
};

/// What became of the lines: all were done, or none.
struct Obeyed {
    Instant at{};  ///< when they were given
    std::vector<Order> done;
    std::vector<Finding> errors;  ///< with line and column
};

/// Whose processes the clients are.
enum class Clients : std::uint8_t { own, elsewhere };

/// Does what the lines of `text` say, now or at the time they name, which must not be over. Empty lines and comments
/// are skipped. What is done to client processes and their machine needs `own` clients.
[[nodiscard]] Obeyed obey(LiveStage& stage, std::string_view text, Clients clients);

/// What happens at a moment, for -v: "12s  hsm2 cable out".
[[nodiscard]] std::string fault_text(const Fault& fault, const Target& target, Instant now);

/// A moment of a run, to a tenth of a second: "12s", "1m 3.5s" is "63.5s".
[[nodiscard]] std::string moment_text(Instant moment);

}  // namespace hasim::cli
