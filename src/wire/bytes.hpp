/// Big-endian numbers in a header.
#pragma once

#include <cstdint>

namespace hasim::wire {

// Both compilers turn the shifts into one load or store and a byte swap.
inline void put32(char* at, std::uint32_t number)
{
    for (int i = 0; i < 4; ++i) {
        at[i] = static_cast<char>(static_cast<unsigned char>(number >> (24 - 8 * i)));
    }
}

inline void put64(char* at, std::uint64_t number)
{
    put32(at, static_cast<std::uint32_t>(number >> 32));
    put32(at + 4, static_cast<std::uint32_t>(number));
}

[[nodiscard]] inline std::uint32_t get32(const char* at)
{
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) {
        number = (number << 8) | static_cast<unsigned char>(at[i]);
    }
    return number;
}

[[nodiscard]] inline std::uint64_t get64(const char* at)
{
    return (std::uint64_t{get32(at)} << 32) | get32(at + 4);
}

/// The xor of the 24 bytes from `at`: 0 in a sound header.
[[nodiscard]] inline std::uint8_t parity_of(const char* at)
{
    std::uint64_t folded = get64(at) ^ get64(at + 8) ^ get64(at + 16);
    folded ^= folded >> 32;
    folded ^= folded >> 16;
    folded ^= folded >> 8;
    return static_cast<std::uint8_t>(folded);
}

}  // namespace hasim::wire
