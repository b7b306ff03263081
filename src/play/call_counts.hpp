/// What became of the calls that members serve: how many, how long, how many are inside the library.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "sim/world/world_observer.hpp"

namespace hasim::play {

class CallCounts final : public sim::WorldObserver {
public:
    /// Upper ends of the ranges in which durations are counted (chosen): from a call that a healthy member answers to
    /// one that waits for two ReceiveTimeouts.
    static constexpr std::array kLimits{
        std::chrono::milliseconds(1),     std::chrono::milliseconds(2),
        std::chrono::milliseconds(5),     std::chrono::milliseconds(10),
        std::chrono::milliseconds(25),    std::chrono::milliseconds(50),
        std::chrono::milliseconds(100),   std::chrono::milliseconds(250),
        std::chrono::milliseconds(500),   std::chrono::milliseconds(1000),
        std::chrono::milliseconds(2500),  std::chrono::milliseconds(5000),
        std::chrono::milliseconds(10000), std::chrono::milliseconds(20000),
        std::chrono::milliseconds(40000)};

    [[nodiscard]] std::uint64_t done() const { return done_; }        ///< returned CKR_OK
    [[nodiscard]] std::uint64_t lost() const { return lost_; }        ///< returned anything else
    [[nodiscard]] std::uint64_t retried() const { return retried_; }  ///< moved on, times
    /// Called and not returned; of clients in this process alone.
    [[nodiscard]] std::uint64_t in_flight() const;
    [[nodiscard]] Duration longest() const { return longest_; }
    [[nodiscard]] Duration total() const { return total_; }
    /// Calls that took no longer than the limit at that place, and longer than the one before; the last: all others.
    [[nodiscard]] const auto& by_duration() const { return by_duration_; }

    [[nodiscard]] sim::CallInterest call_interest() const override
    {
        return sim::CallInterest::counted;
    }
    void on_call_made(CallId call, sim::ClientIndex client, sim::GroupIndex group,
                      sim::CallKind kind, Instant now) override;
    void on_call(const sim::CallReport& report) override;
    void on_calls(const sim::CallRun& run) override;
    void on_killed(sim::ClientIndex client, Instant now) override;

private:
    void count(std::uint64_t calls, Duration took);

    std::uint64_t done_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t retried_ = 0;
    Duration longest_{};
    Duration total_{};
    std::array<std::uint64_t, kLimits.size() + 1> by_duration_{};
    std::map<sim::ClientIndex, std::uint64_t> inside_;
};

}  // namespace hasim::play
