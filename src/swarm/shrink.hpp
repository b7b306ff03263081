/// Makes a scenario that fails small: delta debugging on its lines, then simpler words in those that are left.
#pragma once

#include <cstdint>
#include <functional>

#include "hasim/scenario.hpp"

namespace hasim::swarm {

/// Whether a scenario fails in the very way that is looked into. It must say no to scenarios that are not valid.
using StillFails = std::function<bool(const Scenario&)>;

struct Shrunk {
    Scenario scenario;         ///< fails; no simpler one that was tried does
    std::uint64_t trials = 0;  ///< how often `still_fails` was asked
    bool to_the_end = false;   ///< nothing was left to try; false when `most_trials` was reached
};

/// `scenario` must fail. Asks at most `most_trials` times.
[[nodiscard]] Shrunk shrink(const Scenario& scenario, const StillFails& still_fails,
                            std::uint64_t most_trials = 3000);

}  // namespace hasim::swarm
