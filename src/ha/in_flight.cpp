#include "ha/in_flight.hpp"

#include <utility>

#include "base/assert.hpp"

namespace hasim::ha {

std::uint32_t InFlight::slot_of(RequestId id) const
{
    const auto slot = static_cast<std::uint32_t>(id.value & 0xffffffff);
    const auto generation = static_cast<std::uint32_t>(id.value >> 32);
    if (slot >= slots_.size() || !slots_[slot].used || slots_[slot].generation != generation) {
        return kNone;
    }
    return slot;
}

Pending& InFlight::add(Pending pending)
{
    std::uint32_t index = free_;
    if (index == kNone) {
        index = static_cast<std::uint32_t>(slots_.size());
        slots_.emplace_back();
    } else {
        free_ = slots_[index].next;
    }
    Slot& slot = slots_[index];
    slot.used = true;
    slot.generation += slot.generation == 0xffffffff ? 2 : 1;  // 0 is left out: RequestId 0 is none
    slot.pending = std::move(pending);
    slot.pending.id = RequestId{(std::uint64_t{slot.generation} << 32) | index};
    slot.previous = last_;
    slot.next = kNone;
    if (last_ == kNone) {
        first_ = index;
    } else {
        HASIM_ASSERT(slots_[last_].pending.deadline <= slot.pending.deadline);
        slots_[last_].next = index;
    }
    last_ = index;
    ++size_;
    return slot.pending;
}

Pending* InFlight::find(RequestId id)
{
    const std::uint32_t slot = slot_of(id);
    return slot == kNone ? nullptr : &slots_[slot].pending;
}

Pending InFlight::remove(RequestId id)
{
    const std::uint32_t index = slot_of(id);
    HASIM_ASSERT(index != kNone);
    Slot& slot = slots_[index];
    (slot.previous == kNone ? first_ : slots_[slot.previous].next) = slot.next;
    (slot.next == kNone ? last_ : slots_[slot.next].previous) = slot.previous;
    slot.used = false;
    slot.next = free_;
    free_ = index;
    --size_;
    return std::move(slot.pending);
}

const Pending* InFlight::oldest() const
{
    return first_ == kNone ? nullptr : &slots_[first_].pending;
}

const Pending* InFlight::after(const Pending& pending) const
{
    const std::uint32_t slot = slot_of(pending.id);
    HASIM_ASSERT(slot != kNone);
    return slots_[slot].next == kNone ? nullptr : &slots_[slots_[slot].next].pending;
}

}  // namespace hasim::ha
