/// A live run for Prometheus: its text format 0.0.4, and its naming conventions. docs/http.md lists the metrics.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "monitor/state.hpp"

namespace hasim::monitor {

class Metrics final : public sim::WorldObserver {
public:
    /// `world`, `summary` and `state` are not owned.
    Metrics(const sim::World& world, const play::Summary& summary, const State& state)
        : world_(world), summary_(summary), state_(state)
    {
    }

    /// Who reads events over HTTP.
    struct Readers {
        std::uint64_t now = 0;
        std::uint64_t dropped = 0;  ///< since the start, for being too slow
    };
    [[nodiscard]] std::string text(Instant now, Readers readers) const;

    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    void on_fault(const Fault& fault, const Target& target, Instant now) override;

private:
    class Page;

    void groups(Page& page) const;
    void members(Page& page, Instant now) const;
    void calls(Page& page) const;
    void log(Page& page) const;

    const sim::World& world_;
    const play::Summary& summary_;
    const State& state_;
    std::array<std::uint64_t, kLogForms> lines_{};
    std::uint64_t faults_ = 0;
};

}  // namespace hasim::monitor
