// Feeds any bytes to the frame reader of either direction. The first byte chooses the direction and the size of the
// pieces. Holds: what is found does not depend on the pieces, and encodes back to the very bytes that were read.
#include "harness.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "wire/frame_reader.hpp"

namespace {

using hasim::wire::encode;
using hasim::wire::FrameKind;
using hasim::wire::FrameReader;
using hasim::wire::ReadStatus;

struct Outcome {
    std::string encoded;  ///< the frames found, encoded again
    std::string error;
    bool inside_frame = false;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome read(FrameKind kind, std::string_view bytes, std::size_t piece)
{
    FrameReader reader(kind);
    Outcome outcome;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const std::string fed(bytes.substr(at, piece));
        reader.feed(fed);
        while (reader.next() == ReadStatus::frame) {
            if (kind == FrameKind::request) {
                encode(reader.request(), outcome.encoded);
            } else {
                encode(reader.reply(), outcome.encoded);
            }
        }
    }
    outcome.error = reader.error();
    outcome.inside_frame = reader.inside_frame();
    return outcome;
}

}  // namespace

HASIM_FUZZ(frame)
(const std::uint8_t* data, std::size_t size)
{
    if (size < 1) {
        return 0;
    }
    const FrameKind kind = (data[0] & 1) != 0 ? FrameKind::reply : FrameKind::request;
    const std::size_t piece = 1 + data[0] / 2U;
    const std::string bytes(data + 1, data + size);
    const Outcome whole = read(kind, bytes, bytes.size() + 1);
    HASIM_ASSERT(whole == read(kind, bytes, piece));
    HASIM_ASSERT(std::string_view(bytes).substr(0, whole.encoded.size()) == whole.encoded);
    HASIM_ASSERT(!whole.error.empty() ||
                 whole.inside_frame == (whole.encoded.size() < bytes.size()));
    return 0;
}
