/// A random scenario played over TCP and held against virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "play/play.hpp"

namespace hasim::cli {

/// How a play over TCP compares with plays of the same scenario in virtual time.
struct LiveComparison {
    enum class Outcome : std::uint8_t {
        same,  ///< each member's lines are those of a virtual play
        differs,  ///< a member's lines are those of none, or an invariant broke, or a line was not obeyed
        too_slow,        ///< the machine was: nothing can be said
        no_environment,  ///< no ports or descriptors
    };
    Outcome outcome = Outcome::same;
    std::string report;  ///< what differs, in lines
};

/// Plays `options` over TCP at `speed`, half of its `at` lines given as `hasim ctl` gives them, among lines that are
/// none, and compares each member's lines with those of virtual time. Safe to call from several threads.
[[nodiscard]] LiveComparison compare_live(const play::PlayOptions& options, double speed);

/// Many of them, of following seeds.
struct LiveSwarm {
    const play::PlayOptions& options;
    double speed = 20;
    Duration safety{};  ///< as for swarm::draw_scenario
    std::uint64_t first_seed = 1;
    std::uint64_t seeds = 1;
    unsigned jobs = 1;  ///< how many at once
};

struct LiveSwarmResult {
    std::uint64_t same = 0;
    std::uint64_t different = 0;
    std::uint64_t too_slow = 0;
    std::string report;   ///< what differs, with its seed, in the order of seeds
    std::string problem;  ///< empty, or why it could not be played
};

/// Adds up what came of each seed. A swarm of which nothing could be compared has a problem: it must not pass.
[[nodiscard]] LiveSwarmResult sum_of(const std::map<std::uint64_t, LiveComparison>& told);

/// Plays them all, and calls `step` after each, from any thread. One that differs is played three times. One that does
/// not end within twice the time these should take, and a minute, is told on standard error and ends the process with
/// 1: a loop that stands cannot be left.
[[nodiscard]] LiveSwarmResult play_live_swarm(const LiveSwarm& swarm,
                                              const std::function<void()>& step);

}  // namespace hasim::cli
