/// What is known of each member, found by its serial in constant time. It cannot be iterated: the order of its slots is
/// nobody's business.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "hasim/ids.hpp"

namespace hasim {

template <class Value>
class SerialTable {
public:
    /// Null when nothing is known of it.
    [[nodiscard]] const Value* find(const Serial& serial) const
    {
        if (slots_.empty()) {
            return nullptr;
        }
        const Slot& slot = slots_[place_of(serial)];
        return slot.serial.empty() ? nullptr : &slot.value;
    }

    /// The value of `serial`, which must not be empty; made when there is none.
    Value& operator[](const Serial& serial)
    {
        if (2 * (size_ + 1) > slots_.size()) {
            grow();
        }
        Slot& slot = slots_[place_of(serial)];
        if (slot.serial.empty()) {
            slot.serial = serial;
            ++size_;
        }
        return slot.value;
    }

private:
    struct Slot {
        Serial serial;  ///< empty: the slot is free
        Value value{};
    };

    /// Where it is, or would be: open addressing, the next slot after a collision.
    [[nodiscard]] std::size_t place_of(const Serial& serial) const
    {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = serial.hash() & mask;
        while (!slots_[at].serial.empty() && slots_[at].serial != serial) {
            at = (at + 1) & mask;
        }
        return at;
    }

    void grow()
    {
        std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
        std::swap(old, slots_);
        for (Slot& slot : old) {
            if (!slot.serial.empty()) {
                slots_[place_of(slot.serial)] = std::move(slot);
            }
        }
    }

    std::vector<Slot> slots_;  ///< a power of two of them, at most half in use
    std::size_t size_ = 0;
};

}  // namespace hasim
