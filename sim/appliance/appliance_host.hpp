/// An appliance with its cables: the machine, the frames of its connections, and what network faults do to their bytes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "hasim/fault.hpp"
#include "sim/appliance/appliance.hpp"
#include "sim/appliance/token_service.hpp"
#include "sim/network/network.hpp"
#include "sim/network/path.hpp"
#include "wire/frame_reader.hpp"

namespace hasim::sim {

/// How long a frame may take from its first byte to its last (chosen).
inline constexpr Duration kSlowestFrame = std::chrono::seconds(30);

class ApplianceHost {
public:
    /// `tokens` may be null: then no partition has a domain.
    ApplianceHost(ApplianceIndex index, ApplianceOptions options, Network& network,
                  TokenService* tokens, const Random& random);
    ApplianceHost(const ApplianceHost&) = delete;
    ApplianceHost& operator=(const ApplianceHost&) = delete;

    void add_partition(const PartitionOptions& partition) { machine_.add_partition(partition); }

    /// The token has made a call; or another appliance of the domain is through with a transaction.
    void executed(const Executed& event, Instant now) { step(event, now); }
    void transaction_over(std::uint64_t name, Instant now) { step(TransactionOver{name}, now); }

    // What the network tells.
    void accepted(ConnectionId connection, Instant now);
    void bytes(ConnectionId connection, std::string_view bytes, Instant now);
    /// False, and nothing is done, when something is done to the bytes of frames.
    [[nodiscard]] bool request(ConnectionId connection, const Request& request, Instant now);
    void closed(ConnectionId connection, Ending ending, Instant now);

    /// A fault of the network, the appliance or a partition; `partition` empty: all it holds. Also what ends them.
    void apply(const Fault& fault, Serial partition, Instant now);
    /// Does what is due.
    void handle_due(Instant now);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    /// A connection was ended because something was wrong:
    [[nodiscard]] bool has_garbage() const { return !garbage_.empty(); }
    /// what, once.
    [[nodiscard]] std::string take_garbage() { return std::exchange(garbage_, {}); }

    [[nodiscard]] const Appliance& machine() const { return machine_; }

    /// Bytes get through, and NTLS runs.
    [[nodiscard]] bool reachable() const
    {
        return !faults_.any() && machine_.state() == ServiceState::running;
    }
    /// A command on a connection that has that partition open is answered as if there were no faults, and nothing will
    /// change that but at a whole second.
    [[nodiscard]] bool serves(Serial partition) const
    {
        const bool flaps_between =
            flapping_ && flapping_->period % std::chrono::seconds(1) != Duration::zero();
        return reachable() && !flaps_between && machine_.serves(partition);
    }
    /// The same, and it stays so until something is done to it.
    [[nodiscard]] bool keeps_serving(Serial partition) const
    {
        return !flapping_ && serves(partition);
    }

private:
    /// What is under way on a connection: bytes held back, or a frame that has begun. Most connections have none.
    struct Traffic {
        explicit Traffic(const PathFaults& faults)
            : in(faults, Direction::to_appliance), out(faults, Direction::to_client)
        {
        }
        Pipe in;                           ///< requests come through it
        Pipe out;                          ///< replies leave through it
        wire::FrameReader reader{wire::FrameKind::request};
        std::optional<Instant> frame_due;  ///< when the frame that has begun must be whole
        Instant noted = kNever;            ///< its place in due_

        [[nodiscard]] bool over() const { return !frame_due && in.unused() && out.unused(); }
    };

    struct Flapping {
        FaultKind pattern = FaultKind::flap_cable;
        FaultKind down = FaultKind::cable_out;
        FaultKind up = FaultKind::cable_in;
        Duration period{};
        Duration duty{};
        Instant next{};
        bool is_down = false;
    };

    /// `flap cable|ntls`: from now on, every period begins down for its duty.
    void flap(const Fault& fault, Instant now);
    void end_flapping(Instant now);
    [[nodiscard]] Traffic* find(ConnectionId id);
    [[nodiscard]] Traffic& traffic_of(ConnectionId id);
    [[nodiscard]] bool transparent(ConnectionId id, Direction direction);
    void forget(ConnectionId id);
    void forget_when_over(ConnectionId id);
    void note_due(ConnectionId id, Traffic& traffic);
    void keep_frame(ConnectionId id, wire::FrameReader&& reader, Instant now);
    void drain_all(Instant now);
    void drain_due(Instant now);
    void drain_each(const std::vector<ConnectionId>& all, Instant now);
    void read(ConnectionId id, std::string_view bytes, Instant now);
    void step(const ApplianceEvent& event, Instant now);
    void execute(const ApplianceEffect& effect, Instant now);
    void drain(ConnectionId id, Instant now);
    void drain_one(ConnectionId id, Instant now);

    ApplianceIndex index_;
    Appliance machine_;
    Network& network_;
    TokenService* tokens_;
    Random random_;
    PathFaults faults_;
    std::map<ConnectionId, Traffic> traffic_;
    /// When something of traffic_ is due. Only faults change that later, and then all is drained.
    std::set<std::pair<Instant, ConnectionId>> due_;
    std::vector<ConnectionId> to_drain_;  ///< by the drain that is under way, in this order
    bool draining_ = false;
    std::optional<Flapping> flapping_;
    ApplianceEffects effects_;
    std::vector<Executed> executed_;  ///< calls of the step under way that were over at once
    std::string scratch_;
    std::string garbage_;
};

}  // namespace hasim::sim
