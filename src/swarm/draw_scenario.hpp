/// Scenarios that nobody thought of: drawn from a seed, valid, and the same for the same seed everywhere.
#pragma once

#include <cstdint>

#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"

namespace hasim::swarm {

/// How long after the last heal the drawn scenarios go on: until every member that may come back has, and every call
/// has returned.
[[nodiscard]] Duration liveness_time(const Settings& settings);

/// A scenario for `settings`, which must have a group: topology, processes, load, recovery mode and message set; then
/// `safety` of faults from the fault table; then `heal all` and, for processes whose own calls were drawn, a restart;
/// then liveness_time() in which nothing breaks any more. It has no expectations: those are the invariants.
[[nodiscard]] Scenario draw_scenario(const Settings& settings, std::uint64_t seed, Duration safety);

}  // namespace hasim::swarm
