// Goal: what encode writes is the layout of docs/protocol.md, byte for byte. Method: frames spelt out by hand.
#include "wire/frame.hpp"

#include "support/catch.hpp"

#include "wire/crc32c.hpp"

using namespace hasim;
using namespace hasim::wire;

namespace {

// The bytes given as numbers.
template <class... Byte>
std::string bytes(Byte... byte)
{
    return {static_cast<char>(byte)...};
}

std::string big_endian(std::uint32_t number)
{
    return bytes(number >> 24, number >> 16, number >> 8, number);
}

}  // namespace

TEST_CASE("a request has the documented layout")
{
    std::string out = "before";
    encode(Request{RequestId{0x0102030405060708}, Operation::sign, "abc"}, out);

    // The xor of "HSIM" is 0x1f; with version 1, kind 1, operation 4, the id (8) and the body's size (3) it is 0x10.
    const std::string head =
        "HSIM" + bytes(1, 1, 4, 0x10, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 3);
    const std::string expected = "before" + head + big_endian(crc32c(0, head + "abc")) + "abc";
    CHECK(out == expected);
}

TEST_CASE("a reply has the documented layout")
{
    std::string out;
    encode(Reply{RequestId{255}, Code::partition_not_activated, ""}, out);

    const int parity = 'H' ^ 'S' ^ 'I' ^ 'M' ^ 1 ^ 2 ^ 255 ^ 0xc0 ^ 0x10 ^ 0x01;
    const std::string head =
        "HSIM" + bytes(1, 2, 0, parity, 0, 0, 0, 0, 0, 0, 0, 255, 0xc0, 0, 0x10, 1, 0, 0, 0, 0);
    CHECK(out == head + big_endian(crc32c(0, head)));
    CHECK(out.size() == kHeaderSize);
}
