/// hasim's own source of random draws: the same seed gives the same draws with any compiler, standard library and
/// machine. (The engines of <random> are specified bit for bit, its distributions are not.) Not for secrets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "hasim/time.hpp"

namespace hasim {

/// xoshiro256** (Blackman and Vigna, public domain), its state filled by splitmix64 from one seed.
class Random {
public:
    explicit Random(std::uint64_t seed);

    /// 64 random bits.
    [[nodiscard]] std::uint64_t next();

    /// A number from 0 to n - 1, each as likely as the others. n must not be 0 (asserted).
    [[nodiscard]] std::uint64_t below(std::uint64_t n);

    /// True `per_mille` times in a thousand; always from 1000 on. Takes one draw, whatever `per_mille` is.
    [[nodiscard]] bool chance(std::uint32_t per_mille);

    /// A duration from `low` to `high`, both included, to the nanosecond. `low` must not be above `high` (asserted).
    [[nodiscard]] Duration between(Duration low, Duration high);

    /// One of `items`, which must not be empty (asserted).
    template <class Item>
    [[nodiscard]] const Item& pick(const std::vector<Item>& items)
    {
        return items[static_cast<std::size_t>(below(items.size()))];
    }

    /// Puts `items` into a random order (Fisher and Yates, from the end).
    template <class Item>
    void shuffle(std::vector<Item>& items)
    {
        for (std::size_t left = items.size(); left > 1; --left) {
            std::swap(items[left - 1], items[static_cast<std::size_t>(below(left))]);
        }
    }

    /// A source of its own for what `label` names. It depends on this one's seed and the label alone, not on the draws
    /// taken so far: a part that draws more often does not change what the others see.
    [[nodiscard]] Random fork(std::string_view label) const;

private:
    std::uint64_t seed_;
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace hasim
