/// One line of a scenario, given to a live world by a user: what `hasim ctl` sends.
#pragma once

#include <string>
#include <string_view>

#include "cli/live_stage.hpp"

namespace hasim::cli {

/// What became of the line.
struct Obeyed {
    std::string error;  ///< place and cause, and what is near; empty when it was done
    std::string event;  ///< "hsm2 cable out", or "at 90s hsm2 cable in" for one that comes later
    Instant at{};       ///< when it was given
};

/// Does what `line` says, now or at the time it names, which must not be over.
[[nodiscard]] Obeyed obey(LiveStage& stage, std::string_view line);

/// What happens at a moment, for -v: "12s  hsm2 cable out".
[[nodiscard]] std::string fault_text(const Fault& fault, const Target& target, Instant now);

/// A moment of a run, to a tenth of a second: "12s", "1m 3.5s" is "63.5s".
[[nodiscard]] std::string moment_text(Instant moment);

}  // namespace hasim::cli
