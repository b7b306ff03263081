/// What is due when, in a simulated world: one queue, ordered by time and, at one instant, by when it was entered.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "hasim/time.hpp"

namespace hasim::sim {

/// Whom an appointment is for; `index` and `detail` are that party's own.
enum class Party : std::uint8_t {
    client,     ///< next_deadline of a client process' group
    load,       ///< a thread of the workload makes its next call
    appliance,  ///< next_deadline of an appliance
    delivery,   ///< the virtual network: something arrives
    fault,      ///< a fault that was put off (`for D`, `after D`, a pattern)
    script,     ///< a scenario's own time line
};

struct Appointment {
    Instant due{};
    std::uint64_t sequence = 0;
    Party party = Party::client;
    std::uint32_t index = 0;
    std::uint64_t detail = 0;
};

/// A binary heap. Appointments are not cancelled: the party looks whether there is still something to do.
class Agenda {
public:
    void add(Instant due, Party party, std::uint32_t index, std::uint64_t detail = 0)
    {
        heap_.push_back({due, next_sequence_++, party, index, detail});
        std::push_heap(heap_.begin(), heap_.end(), later);
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
        std::pop_heap(heap_.begin(), heap_.end(), later);
        const Appointment appointment = heap_.back();
        heap_.pop_back();
        return appointment;
    }

    /// How many were ever entered.
    [[nodiscard]] std::uint64_t entered() const { return next_sequence_; }

private:
    static bool later(const Appointment& a, const Appointment& b)
    {
        return a.due != b.due ? a.due > b.due : a.sequence > b.sequence;
    }

    std::vector<Appointment> heap_;
    std::uint64_t next_sequence_ = 0;
};

/// The earliest appointment that a party with a changing deadline has in the agenda: it enters a new one only when the
/// deadline moved forward, so a party that is always a little later costs nothing.
class Alarm {
public:
    void set(Agenda& agenda, std::optional<Instant> due, Party party, std::uint32_t index)
    {
        if (due && *due < armed_) {
            armed_ = *due;
            agenda.add(*due, party, index);
        }
    }

    /// An appointment of this party came up at `due`.
    void rang(Instant due)
    {
        if (due >= armed_) {
            armed_ = kNever;
        }
    }

private:
    Instant armed_ = kNever;
};

}  // namespace hasim::sim
