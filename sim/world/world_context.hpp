/// What all parts of a world share.
#pragma once

#include <string>
#include <vector>

#include "base/assert.hpp"
#include "base/random.hpp"
#include "hasim/time.hpp"
#include "sim/event_queue.hpp"
#include "sim/network/network.hpp"
#include "sim/world/world_observer.hpp"

namespace hasim::sim {

struct WorldContext {
    WorldOptions options;
    EventQueue& queue;
    Network& network;
    Random random;
    std::vector<WorldObserver*> observers{};
    Instant now{};

    /// Something happens at `now`, which never goes back.
    void begin(Instant moment)
    {
        HASIM_ASSERT(moment >= now);
        now = moment;
    }

    /// For the diagnostic channel.
    void diagnose(const std::string& text) const
    {
        for (WorldObserver* observer : observers) {
            observer->on_diagnostic(text, now);
        }
    }
};

}  // namespace hasim::sim
