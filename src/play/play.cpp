#include "play/play.hpp"

namespace hasim::play {

sim::WorldOptions world_options(const PlayOptions& options)
{
    const Scenario& scenario = options.scenario;
    sim::WorldOptions world;
    world.settings = options.settings;
    world.placements = scenario.placements;
    world.messages = scenario.messages.value_or(MessageSet::current);
    world.seed = scenario.seed.value_or(1);
    world.service = options.service;
    world.tokens = options.tokens;
    if (!scenario.pin.empty()) {
        world.pin = scenario.pin;
    }
    world.clients.clear();
    for (const ScenarioClient& client : scenario.clients) {
        world.clients.push_back({client.name, client.pid});
    }
    if (world.clients.empty()) {
        world.clients.push_back({"app", options.first_pid});
    }
    return world;
}

Play::Play(const PlayOptions& options, sim::EventQueue& queue, sim::Network& network)
    : options_(options),
      world_(world_options(options_), queue, network),
      runner_(options_.scenario, world_, queue),
      writer_(world_, options_.start, options_.zone,
              options_.scenario.stamp.value_or(StampStyle::note))
{
    world_.watch(writer_);
    writer_.add(runner_);
}

VirtualPlay::VirtualPlay(const PlayOptions& options)
    : network_(queue_, sim::VirtualNetwork::kLatency,
               options.every_call ? sim::Frames::bytes : sim::Frames::values),
      play_(options, queue_, network_)
{
}

void VirtualPlay::run_until(Instant end, std::optional<Instant> undisturbed)
{
    if (!started_) {
        started_ = true;
        play_.start();
    }
    if (!play_.options().every_call) {
        queue_.promise_nothing_until(undisturbed.value_or(end));
    }
    while (const auto due = queue_.next()) {
        if (*due > end) {
            break;
        }
        play_.world().step(*due);
    }
}

}  // namespace hasim::play
