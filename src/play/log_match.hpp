/// Whether a record is the line that a scenario, or somebody who waits, names.
#pragma once

#include "hasim/scenario.hpp"
#include "sim/world/world.hpp"

namespace hasim::play {

/// `record` was written by `client` of `world`.
[[nodiscard]] bool matches(const sim::World& world, const LogPattern& pattern,
                           sim::ClientIndex client, const LogRecord& record);

}  // namespace hasim::play
