/// What was done to a live run, as a scenario that does it again, with what came of it as expectations.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "play/play.hpp"

namespace hasim::monitor {

class Recorder final : public sim::WorldObserver {
public:
    /// The expectations that are kept; a recording says when there were more.
    static constexpr std::size_t kMostLines = kMaxExpectations / 2;

    /// `conf` is the text of the configuration at the start. `world` is not owned.
    Recorder(const sim::World& world, const play::PlayOptions& options, std::string conf);

    /// A line that somebody gave to the running hasim.
    void given(const Event& event, Instant now);
    /// The configuration file was edited: that is no part of a scenario.
    void edited() { edited_ = true; }

    /// Replays on `hasim test`. `speed` is that of the run: how far lines may be from where they were. Without
    /// `expects` the events alone: what applications in other processes did is not known.
    [[nodiscard]] std::string scenario(Instant now, double speed, bool expects) const;

    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;
    void on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now) override;
    void on_killed(sim::ClientIndex client, Instant now) override;
    void on_call(const sim::CallReport& report) override;

private:
    struct Logged {
        sim::ClientIndex client = 0;
        LogRecord record;
    };
    struct LastState {
        std::optional<MemberState> state;  ///< nothing without a process
        Instant since{};
    };

    [[nodiscard]] Fault without_secret(Fault fault);
    [[nodiscard]] LogPattern pattern_of(const Logged& logged) const;
    void play_events(Scenario& scenario, Instant end) const;
    void call_at_start(Scenario& scenario) const;
    void expect_lines(Scenario& scenario, Duration margin) const;
    void expect_states(Scenario& scenario, Instant now, Duration margin) const;

    const sim::World& world_;
    Scenario base_;  ///< header and events of the run; what it expected is left out
    std::string pin_;
    std::vector<Event> given_;
    std::uint64_t more_given_ = 0;  ///< than a scenario may have
    std::optional<Instant> full_;   ///< since the first of them nothing is recorded
    std::vector<Logged> logged_;
    bool more_logged_ = false;
    std::uint64_t lost_ = 0;
    std::map<std::tuple<sim::ClientIndex, sim::GroupIndex, Serial>, LastState> states_;
    std::map<std::string, std::string> pins_;  ///< what stands for each
    bool edited_ = false;
};

}  // namespace hasim::monitor
