#include "wire/frame.hpp"

#include <array>

#include "base/assert.hpp"
#include "wire/bytes.hpp"
#include "wire/crc32c.hpp"

namespace hasim::wire {
namespace {

void encode_frame(FrameKind kind, std::uint8_t operation, RequestId id, Code code,
                  std::string_view body, std::string& out)
{
    HASIM_ASSERT(body.size() <= kMaxBody);
    std::array<char, kHeaderSize> header{};
    kMagic.copy(header.data(), kMagic.size());
    header[offset::version] = static_cast<char>(kVersion);
    header[offset::kind] = static_cast<char>(kind);
    header[offset::operation] = static_cast<char>(operation);
    put64(&header[offset::id], id.value);
    put32(&header[offset::code], static_cast<std::uint32_t>(code));
    put32(&header[offset::body_size], static_cast<std::uint32_t>(body.size()));
    header[offset::parity] = static_cast<char>(parity_of(header.data()));
    const std::uint32_t crc = crc32c(0, {header.data(), offset::checksum});
    put32(&header[offset::checksum], crc32c(crc, body));
    out.append(header.data(), header.size());
    out.append(body);
}

}  // namespace

void encode(const Request& request, std::string& out)
{
    encode_frame(FrameKind::request, static_cast<std::uint8_t>(request.operation), request.id,
                 Code::ok, request.body, out);
}

void encode(const Reply& reply, std::string& out)
{
    encode_frame(FrameKind::reply, 0, reply.id, reply.code, reply.body, out);
}

}  // namespace hasim::wire
