#include "swarm/checked_play.hpp"

#include <algorithm>

namespace hasim::swarm {

namespace {

/// How much is played between two looks at the invariants.
constexpr Duration kSlice = std::chrono::seconds(10);

}  // namespace

LineLegality::LineLegality(const sim::World& world, swarm::Invariants& invariants)
    : world_(world), invariants_(invariants), sequence_({.complete = true})
{
}

void LineLegality::on_log(sim::ClientIndex, const LogRecord& record)
{
    if (const auto finding = sequence_.feed(record)) {
        invariants_.report(swarm::Invariant::lines_legal, record.at, finding->text);
    }
}

void LineLegality::on_call_made(CallId, sim::ClientIndex client, sim::GroupIndex group,
                                sim::CallKind kind, Instant)
{
    const bool begins = world_.group_state(client, group) == GroupState::finalized;
    if (kind == sim::CallKind::initialize && begins) {
        sequence_.initialised(world_.pid(client));
    }
}

void LineLegality::on_member(sim::ClientIndex client, sim::GroupIndex group,
                             const ha::MemberChanged& change, Instant)
{
    if (change.cause == ha::Cause::manual_recovery) {
        sequence_.recovery_asked(world_.pid(client), world_.group_serial(client, group));
    }
}

std::optional<swarm::Violation> play_checked(const play::PlayOptions& options)
{
    play::VirtualPlay play(options);
    const sim::World& world = play.play().world();
    swarm::Invariants invariants(world);
    LineLegality legality(world, invariants);
    play.play().world().watch(invariants);
    play.play().world().watch(legality);
    play.play().writer().add(invariants);
    const Instant end = end_of(options.scenario);
    for (Instant until = kStart; !invariants.broken() && until <= end; until += kSlice) {
        play.run_until(until, end);
    }
    if (!invariants.broken()) {
        play.run_until(end);
        invariants.finish(end);
    }
    return invariants.broken();
}

}  // namespace hasim::swarm
