/// What a run amounted to: per client and member what a reader of the log would count, and what became of the
/// operations.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "log/outage_story.hpp"
#include "play/call_counts.hpp"
#include "sim/world/world.hpp"

namespace hasim::play {

class Summary final : public sim::WorldObserver {
public:
    explicit Summary(const sim::World& world) : world_(world) {}

    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    void on_call_made(CallId call, sim::ClientIndex client, sim::GroupIndex group,
                      sim::CallKind kind, Instant now) override
    {
        calls_.on_call_made(call, client, group, kind, now);
    }
    void on_call(const sim::CallReport& report) override { calls_.on_call(report); }
    [[nodiscard]] sim::CallInterest call_interest() const override
    {
        return sim::CallInterest::counted;
    }
    void on_calls(const sim::CallRun& run) override { calls_.on_calls(run); }
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;
    void on_group(sim::ClientIndex client, sim::GroupIndex group, GroupState state,
                  Instant) override
    {
        groups_[{client, group}] = state;
    }
    void on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now) override;
    void on_killed(sim::ClientIndex client, Instant now) override;

    /// A table, with the time that is running out at `now` counted in.
    [[nodiscard]] std::string text(Instant now) const;
    /// One line: members up and down, operations so far.
    [[nodiscard]] std::string status_line(Instant now) const;

    /// What a reader of the log counts of a member, and how it is.
    struct Member {
        std::uint64_t drops = 0;
        std::uint64_t attempts = 0;
        std::uint64_t recovered = 0;
        log::StoryTime out{};              ///< up to now
        std::optional<MemberState> state;  ///< nothing without a process
    };
    [[nodiscard]] Member member(sim::ClientIndex client, sim::GroupIndex group, Serial serial,
                                Instant now) const;
    /// Nothing without a process, or before its first C_Initialize.
    [[nodiscard]] std::optional<GroupState> group_state(sim::ClientIndex client,
                                                        sim::GroupIndex group) const;
    [[nodiscard]] const CallCounts& calls() const { return calls_; }
    [[nodiscard]] std::uint64_t lines() const { return lines_; }

private:
    using Key = std::tuple<sim::ClientIndex, sim::GroupIndex, Serial>;

    struct Row {
        std::set<std::size_t>
            told;  ///< numbers in the client's story; a group whose serial changed has several
        std::optional<MemberState>
            state;  ///< as it is, whatever the log says; nothing without a process
    };

    [[nodiscard]] Member told(sim::ClientIndex client, const Row& row, Instant now) const;
    [[nodiscard]] std::vector<Serial> told_of(sim::ClientIndex client, sim::GroupIndex group) const;

    const sim::World& world_;
    std::map<Key, Row> members_;
    std::map<std::pair<sim::ClientIndex, sim::GroupIndex>, GroupState> groups_;
    std::map<sim::ClientIndex, log::OutageStory>
        stories_;  ///< what a reader of the log makes of its lines
    std::map<sim::ClientIndex, Pid> pids_;
    CallCounts calls_;
    std::uint64_t lines_ = 0;
};

}  // namespace hasim::play
