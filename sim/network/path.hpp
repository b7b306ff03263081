/// What a troubled network does to the bytes between a client and an appliance. TCP connections are the grain: bytes
/// arrive in order or not at all, but for the faults that spoil frames on purpose.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hasim/fault.hpp"
#include "hasim/time.hpp"
#include "sim/network/network.hpp"
#include "base/random.hpp"

namespace hasim::sim {

/// Bytes that one direction of one connection may hold back; with more, it ends with a reset (chosen).
inline constexpr std::size_t kMaxHeld = std::size_t{4096} * 1024;

/// Which way bytes go.
enum class Direction : std::uint8_t { to_appliance, to_client };

/// The network faults in force on the path between the clients and one appliance. All its pipes look at one such value.
struct PathFaults {
    bool cable_out = false;            ///< nothing arrives, either way
    bool no_power = false;             ///< the same, because the appliance is off: see set_powered
    bool silence_in = false;           ///< nothing arrives at the appliance
    bool silence_out = false;          ///< nothing arrives at the client
    bool slice = false;                ///< bytes arrive one at a time
    bool corrupt = false;              ///< to the client: one bit of each frame is wrong
    bool duplicate = false;            ///< to the client: each frame comes twice
    bool truncate = false;             ///< to the client: the next frame loses its end, and then the stream ends
    Duration delay{};                  ///< everything comes so much later,
    Duration jitter{};                 ///< and 0 to so much more, drawn per piece; the order stays
    std::uint64_t bandwidth = 0;       ///< bytes a second each way, over all connections; 0: unlimited
    std::uint64_t cut_after = 0;       ///< to the client: with so many bytes more a connection is reset
    std::uint32_t cut_number = 0;      ///< counts the cut_after faults; 0: none is in force

    /// Takes what a fault says about the path; others change nothing. `heal` ends what is here, or the kind it names;
    /// `heal_all` the same. Power is left alone.
    void apply(const Fault& fault);

    /// Whether the appliance has power, as it says itself.
    void set_powered(bool powered) { no_power = !powered; }

    /// Nothing gets through in that direction.
    [[nodiscard]] bool silent(Direction direction) const
    {
        return cable_out || no_power ||
               (direction == Direction::to_appliance ? silence_in : silence_out);
    }

    /// Something is done to bytes in that direction.
    [[nodiscard]] bool active(Direction direction) const
    {
        return silent(direction) || slice || delays() ||
               (direction == Direction::to_client &&
                (corrupt || duplicate || truncate || cut_number != 0));
    }

    /// Something is done to bytes in some direction.
    [[nodiscard]] bool any() const
    {
        return active(Direction::to_appliance) || active(Direction::to_client);
    }

    /// Bytes come later than they were sent, even when there is no silence.
    [[nodiscard]] bool delays() const
    {
        return delay != Duration::zero() || jitter != Duration::zero() || bandwidth != 0;
    }

private:
    friend class Pipe;

    std::uint32_t cuts_ = 0;
    /// When the bandwidth, which all pipes share, has carried what was offered so far; by Direction.
    mutable std::array<Instant, 2> link_free_{};
};

/// Something that arrives: bytes, or the end of the stream.
struct Piece {
    std::string bytes;
    std::optional<Ending> ending;  ///< then there are no bytes, and after it nothing comes
    friend bool operator==(const Piece&, const Piece&) = default;
};

/// One direction of one connection. What is offered comes out of take() when its time has come, in order. A pipe whose
/// network is sound holds nothing: see transparent().
class Pipe {
public:
    /// `faults` is looked at for as long as the pipe lives, and may change at any time.
    Pipe(const PathFaults& faults, Direction direction) : faults_(&faults), direction_(direction) {}

    /// No fault is active and nothing is held: bytes and endings may go by without being offered.
    [[nodiscard]] bool transparent() const
    {
        return empty() && !over_ && !faults_->active(direction_);
    }

    /// It is as if made anew: it holds nothing, no end went through it, and no cut_after that is in force counts it.
    [[nodiscard]] bool unused() const
    {
        return empty() && !over_ && (cut_number_ == 0 || cut_number_ != faults_->cut_number);
    }

    /// Takes one piece; to the client, one frame. After an end it is dropped.
    void offer(std::string_view bytes, Instant now, Random& random);

    /// The sender's end of the stream: travels like bytes, behind them, and is held by silence like them.
    void offer_end(Ending ending, Instant now, Random& random);

    /// When take() will have something; may be in the past. Nothing while there is silence, or nothing is held. Faults
    /// that end (or begin) change it: what was delayed by a fault that is over is due at once.
    [[nodiscard]] std::optional<Instant> next_due() const;

    /// The next thing that has arrived by `now`.
    [[nodiscard]] std::optional<Piece> take(Instant now);

    /// Bytes held back.
    [[nodiscard]] std::size_t held() const { return held_bytes_; }

private:
    struct Held {
        Instant offered{};
        Instant due{};
        Piece what;
    };

    [[nodiscard]] bool empty() const { return first_ == held_.size(); }
    [[nodiscard]] Instant due_of(const Held& held) const
    {
        return faults_->delays() ? held.due : held.offered;
    }
    [[nodiscard]] Instant arrival_time(std::size_t size, Instant now, Random& random);
    void hold(std::string bytes, Instant now, Instant due);
    void end(Ending ending, Instant now, Instant due);
    void drop_all();
    void spoil(std::string& frame, Random& random) const;

    const PathFaults* faults_;
    Direction direction_;
    bool over_ = false;             ///< an end was offered, or made by a fault: nothing more is taken
    std::uint32_t cut_number_ = 0;  ///< the cut_after fault that cut_left_ belongs to
    std::uint64_t cut_left_ = 0;
    std::vector<Held> held_;        ///< from first_ on
    std::size_t first_ = 0;
    std::size_t taken_ = 0;         ///< bytes of the first one that were taken already (slice)
    std::size_t held_bytes_ = 0;
    Instant last_due_{};            ///< nothing overtakes what was offered before
};

}  // namespace hasim::sim
