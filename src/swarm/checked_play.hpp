/// A scenario played in virtual time under the eyes of the invariants.
#pragma once

#include <optional>

#include "logtools/sequence_check.hpp"
#include "play/play.hpp"
#include "swarm/invariants.hpp"

namespace hasim::swarm {

/// Reads along what a world logs, and tells `invariants` of a line that may not follow those before it. It knows what a
/// log does not tell, so nothing is left to doubt.
class LineLegality final : public sim::WorldObserver {
public:
    LineLegality(const sim::World& world, swarm::Invariants& invariants);

    [[nodiscard]] sim::CallInterest call_interest() const override
    {
        return sim::CallInterest::none;
    }
    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    void on_call_made(CallId id, sim::ClientIndex client, sim::GroupIndex group, sim::CallKind kind,
                      Instant now) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;

private:
    const sim::World& world_;
    swarm::Invariants& invariants_;
    logtools::SequenceCheck sequence_;
};

/// Plays all of it, or until an invariant breaks. Safe to call from several threads.
[[nodiscard]] std::optional<swarm::Violation> play_checked(const play::PlayOptions& options);

}  // namespace hasim::swarm
