/// What a run amounted to: per member how often and how long it was down, and what became of the operations.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "sim/world/world.hpp"

namespace hasim::play {

class Summary final : public sim::WorldObserver {
public:
    explicit Summary(const sim::World& world) : world_(world) {}

    struct MemberCount {
        std::uint64_t drops = 0;     ///< times it went out of service
        std::uint64_t attempts = 0;  ///< recovery attempts whose end was logged, or would have been
        std::uint64_t recovered = 0;
        Duration down{};               ///< out of service, until now
        std::optional<Instant> since;  ///< down since
        MemberState state = MemberState::connecting;
    };

    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    void on_call(const sim::CallReport& report) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;

    /// A table, with the time that is running out at `now` counted in.
    [[nodiscard]] std::string text(Instant now) const;
    /// One line: members up and down, operations so far.
    [[nodiscard]] std::string status_line(Instant now) const;

private:
    using Key = std::tuple<sim::ClientIndex, sim::GroupIndex, Serial>;

    const sim::World& world_;
    std::map<Key, MemberCount> members_;
    std::uint64_t done_ = 0;
    std::uint64_t retried_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t lines_ = 0;
    Duration longest_{};
};

}  // namespace hasim::play
