/// What a run amounted to: per client and member what a reader of the log would count, and what became of the
/// operations.
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
        std::uint64_t drops = 0;       ///< lines that took it out of service
        std::uint64_t attempts = 0;    ///< lines about the end of an attempt
        std::uint64_t recovered = 0;   ///< RECOVERED lines
        Duration down{};               ///< by these lines, until now; the end of its process ends it
        std::optional<Instant> since;  ///< down since
        std::optional<MemberState> state;  ///< as it is, whatever the log says; nothing without a process
    };

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
    static void back(MemberCount& count, Instant now);

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
