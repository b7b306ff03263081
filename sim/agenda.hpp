/// What is due when, in a simulated world: one queue, ordered by time. At one instant comes first what is done to the
/// world: lines of a scenario in the order of the file, what was put off, deadlines of appliances by number. Then the
/// calls that applications make at that time, load after load; then the deadlines of groups, by number; last what
/// arrives, in the order in which it was sent (chosen).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "hasim/time.hpp"

namespace hasim::sim {

/// Whom an appointment is for, in the order of their turns; `index` and `detail` are that party's own.
enum class Party : std::uint8_t {
    script,     ///< a scenario's own time line; `detail` is the line's, in its low 60 bits
    fault,      ///< a fault that was put off (`for D`, `after D`, a pattern); `detail` counts them
    appliance,  ///< next_deadline of an appliance
    load,       ///< a thread of the workload makes its next call
    client,     ///< next_deadline of a client process' group
    delivery,   ///< the virtual network: something arrives
};

struct Appointment {
    Instant due{};
    std::uint64_t order = 0;  ///< at one instant
    Party party = Party::client;
    std::uint32_t index = 0;
    std::uint64_t detail = 0;
};

/// A binary heap. Appointments are not cancelled: the party looks whether there is still something to do.
class Agenda {
public:
    void add(Instant due, Party party, std::uint32_t index, std::uint64_t detail = 0)
    {
        heap_.push_back({due, order_of(party, index, detail), party, index, detail});
        ++entered_;
        std::push_heap(heap_.begin(), heap_.end(), Later{});
    }

    [[nodiscard]] std::optional<Instant> next() const
    {
        return heap_.empty() ? std::nullopt : std::optional(heap_.front().due);
    }

    /// The earliest appointment, if it is due at `now`.
    std::optional<Appointment> take_due(Instant now)
    {
        if (heap_.empty() || heap_.front().due > now) {
            return std::nullopt;
        }
        std::pop_heap(heap_.begin(), heap_.end(), Later{});
        const Appointment appointment = heap_.back();
        heap_.pop_back();
        return appointment;
    }

    /// How many were ever entered.
    [[nodiscard]] std::uint64_t entered() const { return entered_; }

private:
    struct Later {
        bool operator()(const Appointment& a, const Appointment& b) const
        {
            return a.due != b.due ? a.due > b.due : a.order > b.order;
        }
    };

    /// But for what arrives it does not depend on when an appointment was entered: early, late, or twice.
    [[nodiscard]] std::uint64_t order_of(Party party, std::uint32_t index,
                                         std::uint64_t detail) const
    {
        constexpr std::uint64_t kRank = std::uint64_t{1} << 60;
        switch (party) {
        case Party::script: return detail % kRank;
        case Party::fault: return kRank + detail;
        case Party::appliance: return 2 * kRank + index;
        case Party::load: return 3 * kRank + index;
        case Party::client: return 4 * kRank + index;
        case Party::delivery: break;
        }
        return 5 * kRank + entered_;
    }

    std::vector<Appointment> heap_;
    std::uint64_t entered_ = 0;
};

/// The appointments that a party with a changing deadline has in the agenda. It enters a new one only when the deadline
/// moved forward, so a party that is always a little later costs nothing.
class Alarm {
public:
    void set(Agenda& agenda, std::optional<Instant> due, Party party, std::uint32_t index)
    {
        if (due && (armed_.empty() || *due < armed_.back())) {
            armed_.push_back(*due);
            agenda.add(*due, party, index);
        }
    }

    /// An appointment of this party came up.
    void rang() { armed_.pop_back(); }

private:
    std::vector<Instant> armed_;  ///< the earliest last
};

}  // namespace hasim::sim
