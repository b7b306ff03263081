/// Frames between client and appliance: the byte layout, and writing it. Reading: wire/frame_reader.hpp. The layout is
/// hasim's own, not the vendor's; docs/protocol.md describes it for who wants to speak it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "hasim/exchange.hpp"

namespace hasim::wire {

inline constexpr std::string_view kMagic = "HSIM";
inline constexpr std::uint8_t kVersion = 1;
inline constexpr std::size_t kHeaderSize = 28;            ///< bytes before the body
inline constexpr std::size_t kMaxBody = std::size_t{1024} * 1024;
inline constexpr std::size_t kMaxFrame = kHeaderSize + kMaxBody;

/// Which way a frame goes.
enum class FrameKind : std::uint8_t {
    request = 1,  ///< from the client to the appliance
    reply = 2,    ///< from the appliance to the client
};

/// Where each field of the header starts, in bytes. Numbers are big-endian.
namespace offset {
inline constexpr std::size_t magic = 0;         ///< 4 bytes
inline constexpr std::size_t version = 4;       ///< 1 byte
inline constexpr std::size_t kind = 5;          ///< 1 byte, FrameKind
inline constexpr std::size_t operation = 6;     ///< 1 byte, Operation; 0 in a reply
inline constexpr std::size_t parity = 7;        ///< 1 byte that makes the xor of bytes 0 to 23 zero
inline constexpr std::size_t id = 8;            ///< 8 bytes, RequestId
inline constexpr std::size_t code = 16;         ///< 4 bytes, Code; 0 in a request
inline constexpr std::size_t body_size = 20;    ///< 4 bytes, at most kMaxBody
inline constexpr std::size_t checksum = 24;     ///< 4 bytes, CRC-32C of bytes 0 to 23 and the body
}  // namespace offset

/// Appends the frame of `request` to `out`. The body must not be longer than kMaxBody (asserted).
void encode(const Request& request, std::string& out);

/// Appends the frame of `reply` to `out`. The body must not be longer than kMaxBody (asserted).
void encode(const Reply& reply, std::string& out);

}  // namespace hasim::wire
