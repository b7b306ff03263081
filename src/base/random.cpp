#include "base/random.hpp"

#include <bit>

#include "base/assert.hpp"

namespace hasim {
namespace {

// One step of splitmix64: moves `state` on and returns 64 well mixed bits of it.
std::uint64_t splitmix(std::uint64_t& state)
{
    state += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed) : seed_(seed)
{
    for (std::uint64_t& word : state_) {
        word = splitmix(seed);
    }
}

std::uint64_t Random::next()
{
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t n)
{
    HASIM_ASSERT(n > 0);
    // The first 2^64 mod n values would make the low remainders likelier than the others: they are drawn again.
    const std::uint64_t surplus = (0 - n) % n;
    std::uint64_t drawn = next();
    while (drawn < surplus) {
        drawn = next();
    }
    return drawn % n;
}

bool Random::chance(std::uint32_t per_mille)
{
    return below(1000) < per_mille;
}

Duration Random::between(Duration low, Duration high)
{
    HASIM_ASSERT(low <= high);
    const auto span =
        static_cast<std::uint64_t>(high.count()) - static_cast<std::uint64_t>(low.count());
    const std::uint64_t drawn = span == ~std::uint64_t{0} ? next() : below(span + 1);
    return Duration(static_cast<std::int64_t>(static_cast<std::uint64_t>(low.count()) + drawn));
}

Random Random::fork(std::string_view label) const
{
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char c : label) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    std::uint64_t state = seed_;
    state = splitmix(state) ^ hash;
    return Random(splitmix(state));
}

}  // namespace hasim
