#include "wire/crc32c.hpp"

#include <array>
#include <cstddef>

namespace hasim::wire {
namespace {

using Table = std::array<std::uint32_t, 256>;

// tables[k][b] is the remainder of byte b followed by k zero bytes: eight of them let one round eat eight bytes.
constexpr std::array<Table, 8> make_tables()
{
    constexpr std::uint32_t kReflectedPolynomial = 0x82f63b78;
    std::array<Table, 8> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) {
            remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kReflectedPolynomial : 0);
        }
        tables[0][byte] = remainder;
    }
    for (std::size_t k = 1; k < tables.size(); ++k) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = tables[k - 1][byte];
            tables[k][byte] = (before >> 8) ^ tables[0][before & 0xff];
        }
    }
    return tables;
}

constexpr std::array<Table, 8> kTables = make_tables();

std::uint32_t byte_at(std::string_view bytes, std::size_t index)
{
    return static_cast<unsigned char>(bytes[index]);
}

std::uint32_t little_endian_at(std::string_view bytes, std::size_t index)
{
    return byte_at(bytes, index) | (byte_at(bytes, index + 1) << 8) |
           (byte_at(bytes, index + 2) << 16) | (byte_at(bytes, index + 3) << 24);
}

}  // namespace

std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes)
{
    crc = ~crc;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        const std::uint32_t low = crc ^ little_endian_at(bytes, i);
        const std::uint32_t high = little_endian_at(bytes, i + 4);
        crc = kTables[7][low & 0xff] ^ kTables[6][(low >> 8) & 0xff] ^
              kTables[5][(low >> 16) & 0xff] ^ kTables[4][low >> 24] ^ kTables[3][high & 0xff] ^
              kTables[2][(high >> 8) & 0xff] ^ kTables[1][(high >> 16) & 0xff] ^
              kTables[0][high >> 24];
    }
    for (; i < bytes.size(); ++i) {
        crc = (crc >> 8) ^ kTables[0][(crc ^ byte_at(bytes, i)) & 0xff];
    }
    return ~crc;
}

}  // namespace hasim::wire
