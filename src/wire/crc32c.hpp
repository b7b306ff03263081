/// CRC-32C (Castagnoli), the checksum of iSCSI and ext4: what ends every frame's header.
#pragma once

#include <cstdint>
#include <string_view>

namespace hasim::wire {

/// The CRC-32C of what `crc` covers, continued by `bytes`; start with 0. Polynomial 0x1edc6f41, reflected, initial
/// value and final xor 0xffffffff (RFC 3720, appendix B.4), so "123456789" gives 0xe3069283.
[[nodiscard]] std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes);

}  // namespace hasim::wire
