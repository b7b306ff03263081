#include "cli/live_stage.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "host/descriptor_limit.hpp"
#include "http/server.hpp"

namespace hasim::cli {

namespace {

constexpr std::size_t kOwnDescriptors = 64;  ///< files, pipes, sockets of hasim itself

constexpr std::size_t kDescriptorsForStrangers = 2048;  ///< where the hard limit lets it

constexpr std::size_t kFewHttpConnections = 64;  ///< where the hard limit does not let more be

constexpr std::chrono::milliseconds kLiveSlack{250};

constexpr unsigned kTokenThreads = 4;  ///< so that one slow call leaves room for quick ones

play::PlayOptions with_tokens(play::PlayOptions options, sim::TokenService* tokens)
{
    options.tokens = tokens;
    return options;
}

}  // namespace

play::Tolerance live_tolerance(double speed)
{
    const auto slack = std::chrono::duration<double, std::nano>(kLiveSlack).count() * speed;
    return {Duration(static_cast<std::int64_t>(slack)), true, speed};
}

LiveStage::LiveStage(const play::PlayOptions& options, double speed,
                     std::unique_ptr<token::TokenModule> tokens)
    : clock_(live::LiveClock::Steady::now(), options.start, speed),
      network_(io_, clock_),
      tokens_(tokens == nullptr
                  ? nullptr
                  : std::make_unique<token::TokenPool>(io_, std::move(tokens), kTokenThreads)),
      play_(with_tokens(options, tokens_.get()), queue_, network_),
      driver_(std::make_unique<live::Driver>(io_, clock_))
{
    network_.set_events(*driver_);
    driver_->drive(*this, play_.world());
    if (tokens_ != nullptr) {
        tokens_->on_done([this](const std::vector<token::TokenPool::Ended>& ended) {
            const live::TcpNetwork::Burst burst(network_);
            for (const token::TokenPool::Ended& one : ended) {
                play_.world().executed(one.appliance, one.event, driver_->now());
            }
            driver_->settle();
        });
    }
}

std::string LiveStage::listen(std::optional<std::uint16_t> base_port, bool http)
{
    sim::World& world = play_.world();
    std::size_t links = 0;
    for (const GroupSettings& group : world.settings().groups) {
        links += (group.members.size() + group.standby.size()) * world.clients();
    }
    // Each appliance has its port; each link two ends in this process, for a moment twice during recovery.
    std::uint64_t needed = world.appliances() + 4 * links + kOwnDescriptors;
    if (http) {
        http_connections_ = host::raise_descriptor_limit(needed + http::kMostConnections)
                                ? kFewHttpConnections
                                : http::kMostConnections;
        needed += http_connections_;
    }
    if (const auto problem = host::raise_descriptor_limit(needed)) {
        return *problem;
    }
    // Strangers get what is left, and never so much that a client of this process finds no descriptor.
    static_cast<void>(host::raise_descriptor_limit(needed + kDescriptorsForStrangers));
    network_.set_most_connections(2 * links + (host::descriptor_limit() - needed));
    const auto patience =
        std::chrono::duration<double, std::nano>(world.settings().receive_timeout) / clock_.speed();
    network_.set_patience_with_strangers(
        std::chrono::duration_cast<live::LiveClock::Steady::duration>(patience));
    return network_.listen(world.appliances(), base_port);
}

int LiveStage::run(std::optional<Instant> end, bool clients, std::function<void()> at_end)
{
    end_ = end;
    at_end_ = std::move(at_end);
    clock_ = live::LiveClock(live::LiveClock::Steady::now(), play_.options().start, clock_.speed());
    if (clients) {
        play_.start();
    }
    return driver_->run();
}

int LiveStage::run_lab()
{
    // As far as this clock is concerned nothing has begun.
    constexpr std::chrono::hours kFarAway{24 * 365};
    clock_ = live::LiveClock(live::LiveClock::Steady::now() + kFarAway, play_.options().start,
                             clock_.speed());
    return driver_->run();
}

void LiveStage::start_clock()
{
    clock_ = live::LiveClock(live::LiveClock::Steady::now(), std::chrono::system_clock::now(),
                             clock_.speed());
    driver_->clock_changed();
}

std::optional<Instant> LiveStage::next_deadline() const
{
    const auto due = queue_.next();
    return due && end_ ? std::min(*due, *end_) : (due ? due : end_);
}

void LiveStage::step(Instant now)
{
    play_.world().step(now);
    if (on_slow_ && is_slow()) {
        std::exchange(on_slow_, nullptr)(too_slow());
    }
    if (end_ && now >= *end_) {
        end_.reset();
        at_end_();
    }
}

bool LiveStage::is_slow()
{
    return driver_->lateness() > play_.world().settings().receive_timeout / 4;
}

std::string LiveStage::too_slow()
{
    if (!is_slow()) {
        return {};
    }
    const Duration late = driver_->lateness();
    const Duration timeout = play_.world().settings().receive_timeout;
    const auto seconds = [](Duration time) { return std::chrono::duration<double>(time).count(); };
    return fmt::format(
        "the machine was too slow for --speed {}: hasim came {:.2f} s of simulated "
        "time late, and ReceiveTimeout is {:.2f} s; use a lower speed",
        clock_.speed(), seconds(late), seconds(timeout));
}

void LiveStage::finalize_and_stop()
{
    sim::World& world = play_.world();
    for (sim::ClientIndex client = 0; client < world.clients(); ++client) {
        world.finalize(client, driver_->now());
    }
    driver_->stop();
}

}  // namespace hasim::cli
