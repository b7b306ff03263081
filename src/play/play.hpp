/// One run of a scenario: the world, its script, its log lines. What carries the bytes and turns the clock is added by
/// who drives it: VirtualPlay here, live/live_play over TCP.
#pragma once

#include <optional>
#include <string>

#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"
#include "hasim/zone.hpp"
#include "play/line_writer.hpp"
#include "play/runner.hpp"
#include "sim/event_queue.hpp"
#include "sim/network/virtual_network.hpp"
#include "sim/world/world.hpp"

namespace hasim::play {

/// Everything that is decided before a run starts.
struct PlayOptions {
    Settings settings;
    Scenario scenario;  ///< empty: nothing happens but the load
    WallTime start{};   ///< civil time of 0 s
    Zone zone;
    Pid first_pid{4711};           ///< of clients that the scenario does not name
    std::optional<Load> fallback;  ///< the load when the scenario names none
    sim::ServiceTimes service;
    sim::TokenService* tokens = nullptr;  ///< behind the appliances; not owned; null: none
    bool every_call = false;  ///< in virtual time too each call is played, none counted, and frames are bytes
};

/// What a scenario's header says of a world, with `options` for what it leaves out.
[[nodiscard]] sim::WorldOptions world_options(const PlayOptions& options);

class Play {
public:
    /// `network` must use `queue` if it uses one.
    Play(const PlayOptions& options, sim::EventQueue& queue, sim::Network& network);

    /// Enters the script and starts clients and load. To be called once, at 0 s.
    void start() { runner_.start(options_.fallback); }

    [[nodiscard]] sim::World& world() { return world_; }
    [[nodiscard]] Runner& runner() { return runner_; }
    [[nodiscard]] LineWriter& writer() { return writer_; }
    [[nodiscard]] const PlayOptions& options() const { return options_; }

private:
    PlayOptions options_;
    sim::World world_;
    Runner runner_;
    LineWriter writer_;
};

/// In virtual time: a simulated second costs what happens in it.
class VirtualPlay {
public:
    explicit VirtualPlay(const PlayOptions& options);

    /// Does everything up to `end`, that moment included. Up to `undisturbed` nothing will be done to the world from
    /// outside; nothing: up to `end`.
    void run_until(Instant end, std::optional<Instant> undisturbed = {});

    [[nodiscard]] Play& play() { return play_; }
    /// How many events there were so far: what it costs.
    [[nodiscard]] std::uint64_t events() const { return queue_.entered(); }

private:
    sim::EventQueue queue_;
    sim::VirtualNetwork network_;
    Play play_;
    bool started_ = false;
};

}  // namespace hasim::play
