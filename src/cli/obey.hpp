/// One line of a scenario, given to a live world by a user: what `hasim ctl` sends.
#pragma once

#include <string>
#include <string_view>

#include "cli/live_stage.hpp"

namespace hasim::cli {

/// Does what `line` says, now or at the time it names. "ok", or "error: " with place and cause.
[[nodiscard]] std::string obey(LiveStage& stage, std::string_view line);

}  // namespace hasim::cli
