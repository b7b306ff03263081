// Feeds any bytes to the decompressors. Holds: reading ends, within what compressed data may become at most; a stream
// that was not read to a proper end says why; and the size of the pieces that it comes in changes nothing but how much
// of a damaged stream comes out before the damage is noticed.
#include "harness.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "base/assert.hpp"
#include "logtools/byte_source.hpp"
#include "logtools/decompress.hpp"

namespace {

using namespace hasim::logtools;

constexpr std::size_t kMostBytes = std::size_t{4} << 20;  // a few bytes may become gigabytes

/// Bytes that come in pieces of a given size.
class Pieces final : public ByteSource {
public:
    Pieces(std::string_view bytes, std::size_t size) : bytes_(bytes), size_(size) {}

    std::size_t read(std::span<char> out) override
    {
        const std::size_t count = std::min({out.size(), bytes_.size(), size_});
        std::memcpy(out.data(), bytes_.data(), count);
        bytes_.remove_prefix(count);
        return count;
    }

private:
    std::string_view bytes_;
    std::size_t size_;
};

struct Read {
    std::string bytes;
    bool ended = false;
    std::string trouble;

    friend bool operator==(const Read&, const Read&) = default;
};

Read read_all(std::string_view input, std::size_t piece)
{
    const std::unique_ptr<ByteSource> source = text_of(std::make_unique<Pieces>(input, piece));
    Read read;
    std::array<char, 4096> block{};
    while (read.bytes.size() < kMostBytes) {
        const std::size_t count = source->read(block);
        HASIM_ASSERT(count <= block.size());
        if (count == 0) {
            read.ended = true;
            read.trouble = source->trouble();
            return read;
        }
        read.bytes.append(block.data(), count);
    }
    read.bytes.resize(kMostBytes);
    return read;
}

}  // namespace

HASIM_FUZZ(decompress)
(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const Read whole = read_all(input, input.size() + 1);
    const Read cut = read_all(input, 7);
    if (whole.trouble.empty()) {
        HASIM_ASSERT(cut == whole);
    } else {
        HASIM_ASSERT(!cut.ended || !cut.trouble.empty());
        HASIM_ASSERT(cut.bytes.starts_with(whole.bytes) || whole.bytes.starts_with(cut.bytes));
    }
    if (compression_of(input) == Compression::none) {
        // Text as it is, but for its mark; or nothing, where what it begins with says that it is no text.
        constexpr std::string_view kMark = "\xef\xbb\xbf";
        const std::string_view text = input.substr(input.starts_with(kMark) ? kMark.size() : 0);
        HASIM_ASSERT(whole.trouble.empty() ? whole.bytes == text.substr(0, kMostBytes)
                                           : whole.bytes.empty());
    }
    return 0;
}
