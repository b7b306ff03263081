/// What a run amounted to: per client and member what a reader of the log would count, and what became of the
/// operations.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "log/outage_story.hpp"
#include "sim/world/world.hpp"

namespace hasim::play {

class Summary final : public sim::WorldObserver {
public:
    explicit Summary(const sim::World& world) : world_(world) {}

    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    void on_call(const sim::CallReport& report) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;
    void on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now) override;
    void on_killed(sim::ClientIndex client, Instant now) override;

    /// A table, with the time that is running out at `now` counted in.
    [[nodiscard]] std::string text(Instant now) const;
    /// One line: members up and down, operations so far.
    [[nodiscard]] std::string status_line(Instant now) const;

private:
    using Key = std::tuple<sim::ClientIndex, sim::GroupIndex, Serial>;

    struct Row {
        std::set<std::size_t>
            told;  ///< numbers in the client's story; a group whose serial changed has several
        std::optional<MemberState>
            state;  ///< as it is, whatever the log says; nothing without a process
    };
    struct Told {
        std::uint64_t drops = 0;
        std::uint64_t attempts = 0;
        std::uint64_t recovered = 0;
        log::StoryTime out{};
    };

    [[nodiscard]] Told told(sim::ClientIndex client, const Row& row, Instant now) const;

    const sim::World& world_;
    std::map<Key, Row> members_;
    std::map<sim::ClientIndex, log::OutageStory>
        stories_;  ///< what a reader of the log makes of its lines
    std::map<sim::ClientIndex, Pid> pids_;
    std::uint64_t done_ = 0;
    std::uint64_t retried_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t lines_ = 0;
    Duration longest_{};
};

}  // namespace hasim::play
