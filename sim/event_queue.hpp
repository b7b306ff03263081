/// What is due when, in a simulated world: one queue, ordered by time. At one instant comes first what is done to the
/// world: lines of a scenario in the order of the file, what was put off, deadlines of appliances by number. Then the
/// calls that applications make at that time, load after load; then the deadlines of groups, by number; last what
/// arrives, in the order in which it was sent (chosen).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "hasim/time.hpp"

namespace hasim::sim {

/// Whom an event is for, in the order of their turns; `index` and `detail` are that owner's own.
enum class EventOwner : std::uint8_t {
    script,     ///< a scenario's own time line; `detail` is the line's, in its low 60 bits
    fault,      ///< a fault that was put off (`for D`, `after D`, a pattern); `detail` counts them
    appliance,  ///< next_deadline of an appliance
    load,       ///< a thread of the workload makes its next call
    client,     ///< next_deadline of a client process' group
    delivery,   ///< the virtual network: something arrives
};

struct QueuedEvent {
    Instant due{};
    std::uint64_t order = 0;  ///< at one instant
    EventOwner owner = EventOwner::client;
    std::uint32_t index = 0;
    std::uint64_t detail = 0;
};

/// Whether `a` comes before `b`.
[[nodiscard]] inline bool is_earlier(const QueuedEvent& a, const QueuedEvent& b)
{
    return a.due != b.due ? a.due < b.due : a.order < b.order;
}

/// A lane for each kind of owner, because most events of a kind are entered in their order (what arrives, and calls at
/// an even pace, are), and a binary heap for the others. Events are not cancelled: the owner looks whether there is
/// still something to do. What is due at kNever never comes.
class EventQueue {
public:
    void add(Instant due, EventOwner owner, std::uint32_t index, std::uint64_t detail = 0)
    {
        if (is_done_to_world(owner)) {
            planned_.push(due);
        }
        const QueuedEvent event{due, order_of(owner, index, detail), owner, index, detail};
        ++entered_;
        const auto number = static_cast<std::size_t>(owner);
        Lane& lane = lanes_[number];
        if (!lane.empty() && is_earlier(event, lane.back())) {
            heap_.push(event);
            return;
        }
        if (lane.empty()) {
            first_due_[number] = due;
        }
        lane.push_back(event);
    }

    [[nodiscard]] std::optional<Instant> next() const
    {
        const std::size_t lane = first_lane();
        const Instant due = heap_first(lane) ? heap_.top().due : first_due_[lane];
        return due == kNever ? std::nullopt : std::optional(due);
    }

    /// The earliest event, if it is due at `now`.
    std::optional<QueuedEvent> take_due(Instant now)
    {
        const std::size_t lane = first_lane();
        const bool from_heap = heap_first(lane);
        const Instant due = from_heap ? heap_.top().due : first_due_[lane];
        if (due > now || due == kNever) {
            return std::nullopt;
        }
        std::optional<QueuedEvent> event;
        if (from_heap) {
            event = heap_.top();
            heap_.pop();
        } else {
            Lane& events = lanes_[lane];
            event = events.front();
            events.pop_front();
            first_due_[lane] = events.empty() ? kNever : events.front().due;
        }
        if (is_done_to_world(event->owner)) {
            planned_.pop();
        }
        return event;
    }

    /// Who turns the queue promises that nothing comes from elsewhere up to then. Without such a promise something may
    /// at any time.
    void promise_nothing_until(Instant end) { promised_ = end; }
    /// Up to then nothing is done to the world but what comes of itself.
    [[nodiscard]] Instant undisturbed_until() const
    {
        return planned_.empty() ? promised_ : std::min(promised_, planned_.top());
    }

    /// How many were ever entered.
    [[nodiscard]] std::uint64_t entered() const { return entered_; }

private:
    /// Events that were entered in the order in which they are due.
    using Lane = std::deque<QueuedEvent>;

    static bool is_done_to_world(EventOwner owner)
    {
        return owner == EventOwner::script || owner == EventOwner::fault;
    }

    struct Later {
        bool operator()(const QueuedEvent& a, const QueuedEvent& b) const
        {
            return is_earlier(b, a);
        }
    };

    /// The lane with the earliest event of all lanes. At one instant they stand in the order of their turns.
    [[nodiscard]] std::size_t first_lane() const
    {
        std::size_t first = 0;
        for (std::size_t lane = 1; lane < kLanes; ++lane) {
            first = first_due_[lane] < first_due_[first] ? lane : first;
        }
        return first;
    }

    /// Whether the heap has an earlier one than that lane.
    [[nodiscard]] bool heap_first(std::size_t lane) const
    {
        return !heap_.empty() &&
               (lanes_[lane].empty() || is_earlier(heap_.top(), lanes_[lane].front()));
    }

    /// But for what arrives it does not depend on when an event was entered: early, late, or twice.
    [[nodiscard]] std::uint64_t order_of(EventOwner owner, std::uint32_t index,
                                         std::uint64_t detail) const
    {
        constexpr std::uint64_t kRank = std::uint64_t{1} << 60;
        switch (owner) {
        case EventOwner::script: return detail % kRank;
        case EventOwner::fault: return kRank + detail;
        case EventOwner::appliance: return 2 * kRank + index;
        case EventOwner::load: return 3 * kRank + index;
        case EventOwner::client: return 4 * kRank + index;
        case EventOwner::delivery: break;
        }
        return 5 * kRank + entered_;
    }

    static constexpr std::size_t kLanes = static_cast<std::size_t>(EventOwner::delivery) + 1;
    static constexpr auto kAllEmpty = [] {
        std::array<Instant, kLanes> due{};
        due.fill(kNever);
        return due;
    }();

    std::array<Lane, kLanes> lanes_;  ///< by owner
    std::array<Instant, kLanes> first_due_ = kAllEmpty;  ///< of each lane; kNever when it is empty
    std::priority_queue<QueuedEvent, std::vector<QueuedEvent>, Later> heap_;
    std::priority_queue<Instant, std::vector<Instant>, std::greater<>> planned_;
    Instant promised_{};
    std::uint64_t entered_ = 0;
};

/// The events that a owner with a changing deadline has in the queue. It enters a new one only when the deadline
/// moved forward, so a owner that is always a little later costs nothing.
class Timer {
public:
    void set(EventQueue& queue, std::optional<Instant> due, EventOwner owner, std::uint32_t index)
    {
        if (due && (armed_.empty() || *due < armed_.back())) {
            armed_.push_back(*due);
            queue.add(*due, owner, index);
        }
    }

    /// An event of this owner came up.
    void fired() { armed_.pop_back(); }

private:
    std::vector<Instant> armed_;  ///< the earliest last
};

}  // namespace hasim::sim
