/// Things that come and go under a fresh id each, found in constant time.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace hasim {

/// The low 32 bits of an id are a slot that is used again, the high ones make it fresh. 0 is no id. A Value that has
/// renew() is brought back by it to what it is when it is made, and may keep its room; others are made anew.
template <class Key, class Value>
class SlotMap {
public:
    /// A fresh one, to be filled in. The reference is good until the next one is added.
    std::pair<Key, Value&> add()
    {
        std::uint32_t slot = free_;
        if (slot == kNone) {
            slot = static_cast<std::uint32_t>(slots_.size());
            slots_.emplace_back();
        } else {
            free_ = slots_[slot].next_free;
        }
        slots_[slot].generation += slots_[slot].generation == 0xffffffff ? 2 : 1;  // 0 is no id
        slots_[slot].used = true;
        ++size_;
        return {Key{(std::uint64_t{slots_[slot].generation} << 32) | slot}, slots_[slot].value};
    }

    Key add(Value value)
    {
        const auto [key, fresh] = add();
        fresh = std::move(value);
        return key;
    }

    [[nodiscard]] Value* find(Key key)
    {
        const auto slot = static_cast<std::uint32_t>(key.value & 0xffffffff);
        if (slot >= slots_.size() || !slots_[slot].used ||
            slots_[slot].generation != key.value >> 32) {
            return nullptr;
        }
        return &slots_[slot].value;
    }

    [[nodiscard]] const Value* find(Key key) const
    {
        return const_cast<SlotMap*>(this)->find(key);
    }

    void remove(Key key)
    {
        if (find(key) != nullptr) {
            const auto slot = static_cast<std::uint32_t>(key.value & 0xffffffff);
            if constexpr (requires(Value value) { value.renew(); }) {
                slots_[slot].value.renew();
            } else {
                slots_[slot].value = Value{};
            }
            slots_[slot].used = false;
            slots_[slot].next_free = free_;
            free_ = slot;
            --size_;
        }
    }

    /// Removes every value for which `condition` holds.
    template <class Condition>
    void remove_if(Condition condition)
    {
        for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
            if (slots_[slot].used && condition(slots_[slot].value)) {
                remove(Key{(std::uint64_t{slots_[slot].generation} << 32) | slot});
            }
        }
    }

    [[nodiscard]] std::size_t size() const { return size_; }

private:
    static constexpr std::uint32_t kNone = 0xffffffff;

    /// What is looked at to find a value stands beside its beginning.
    struct Slot {
        std::uint32_t generation = 0;
        std::uint32_t next_free = kNone;
        bool used = false;
        Value value{};
    };

    std::vector<Slot> slots_;
    std::uint32_t free_ = kNone;
    std::size_t size_ = 0;
};

}  // namespace hasim
