// Goal: the checksum is CRC-32C as published, however the bytes are cut. Method: the test vectors of RFC 3720, B.4.
#include "wire/crc32c.hpp"

#include "support/catch.hpp"

#include <string>

using hasim::wire::crc32c;

TEST_CASE("crc32c gives the published values")
{
    std::string ascending;
    for (int i = 0; i < 32; ++i) {
        ascending += static_cast<char>(i);
    }
    CHECK(crc32c(0, "") == 0);
    CHECK(crc32c(0, "123456789") == 0xe3069283);
    CHECK(crc32c(0, std::string(32, '\0')) == 0x8a9136aa);
    CHECK(crc32c(0, std::string(32, '\xff')) == 0x62a8ab43);
    CHECK(crc32c(0, ascending) == 0x46dd794e);
}

TEST_CASE("crc32c of a text cut in two is that of the text")
{
    const std::string text = "recovery attempt 1 succeeded for member: 1234924189183";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        CHECK(crc32c(crc32c(0, text.substr(0, cut)), text.substr(cut)) == crc32c(0, text));
    }
}
