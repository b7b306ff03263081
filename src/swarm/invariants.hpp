/// What must hold in every run, whatever is done to the world. Watches a world; remembers the first thing that did not.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "log/rotation.hpp"
#include "play/line_writer.hpp"
#include "sim/world/world.hpp"

namespace hasim::swarm {

enum class Invariant : std::uint8_t {
    returns_once,         ///< every call returns exactly once, unless its process was killed
    serves_while_active,  ///< no C_Sign fails for the connection's sake while an active member is left
    commands_to_active,  ///< no command is sent to a member that is not active
    attempts_numbered,   ///< attempts count up by one from 1, never beyond what is allowed
    transitions_legal,   ///< a member's states follow each other as kTransitions has it
    lines_legal,         ///< a line may follow those before it (checked by who knows logs)
    back_after_heal,  ///< a `dropped` member with attempts left is back within one interval and three
                      ///< ReceiveTimeouts of the last heal, or of its drop if that came later
    rotation_rules,  ///< a full log file is renamed, not before and not later, to a name of its own
};
inline constexpr std::size_t kInvariants = 8;

/// "returns-once", "serves-while-active", ...
[[nodiscard]] std::string_view name_of(Invariant invariant);

struct Violation {
    Invariant invariant = Invariant::returns_once;
    Instant at{};
    std::string text;  ///< who and what; no full stop
};

class Invariants final : public sim::WorldObserver, public play::LineTarget {
public:
    explicit Invariants(const sim::World& world);

    /// The first that broke.
    [[nodiscard]] const std::optional<Violation>& broken() const { return broken_; }
    /// For those that are checked elsewhere.
    void report(Invariant invariant, Instant at, std::string text);
    /// The run is over: what was still to come did not.
    void finish(Instant end);

    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    /// Calls that are counted come to nothing that could break one.
    [[nodiscard]] sim::CallInterest call_interest() const override
    {
        return sim::CallInterest::counted;
    }
    void on_call(const sim::CallReport& report) override;
    void on_call_made(CallId id, sim::ClientIndex client, sim::GroupIndex group, sim::CallKind kind,
                      Instant now) override;
    void on_stray_answer(CallId id, sim::ClientIndex client, sim::GroupIndex group,
                         Instant now) override;
    void on_killed(sim::ClientIndex client, Instant now) override;
    void on_request_sent(sim::ClientIndex client, sim::GroupIndex group, Serial member,
                         Operation operation, Instant now) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;
    void on_fault(const Fault& fault, const Target& target, Instant now) override;
    void on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                 const LogRecord& record) override;

private:
    struct Member {
        std::optional<MemberState> state;  ///< nothing: not known to the process
        Instant since{};                   ///< in this state
        std::uint32_t made = 0;            ///< number of the last attempt that ended
        std::uint32_t may_end =
            0;  ///< one that runs since before a manual recovery has this number
        bool may_end_at_one = false;  ///< that one may be an attempt 1 that followed an attempt 1
        bool again = false;           ///< the last one may have been such: 1 may follow
    };
    struct Call {
        sim::ClientIndex client = 0;
        sim::GroupIndex group = 0;
        sim::CallKind kind = sim::CallKind::sign;
        Instant called{};
    };
    using Group = std::map<Serial, Member>;
    using GroupKey = std::pair<sim::ClientIndex, sim::GroupIndex>;

    void check_attempt(Member& member, const LogRecord& record);
    void check_return(const sim::CallReport& report);
    void check_back(Instant now);
    [[nodiscard]] std::string who(sim::ClientIndex client, sim::GroupIndex group) const;
    [[nodiscard]] sim::GroupIndex group_of(Serial serial) const;

    const sim::World& world_;
    std::optional<Violation> broken_;
    std::map<GroupKey, Group> groups_;
    std::map<CallId, Call> calls_;
    std::set<Code> injected_;        ///< by `return`: the application may get them at any time
    std::optional<Instant> healed_;  ///< last `heal all` with nothing broken since
    Instant look_again_ = kNever;    ///< when a member may be overdue
    std::uint64_t log_limit_;
    std::uint64_t log_size_ = 0;
    std::optional<log::RotatedName> newest_rotated_;
};

}  // namespace hasim::swarm
