/// Whole lines from a stream of bytes, in blocks of constant memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "logtools/byte_source.hpp"

namespace hasim::logtools {

/// Some lines of a stream.
struct Block {
    std::string_view text;  ///< whole lines, each with its newline but for the last of the stream
    std::uint64_t offset = 0;  ///< of its first byte in the (decompressed) stream
    bool last = false;         ///< the stream ends with it
    bool cut =
        false;  ///< the beginning of a line too long to be held; what follows of it is left out
};

/// Cuts a stream into blocks. Memory does not depend on the stream.
class BlockReader {
public:
    /// A line longer than `size` bytes is not held as a whole.
    static constexpr std::size_t kBlockSize = 256 * 1024;
    explicit BlockReader(ByteSource& source, std::size_t size = kBlockSize);

    /// The next block, valid until the next call; false at the end.
    bool next(Block& block);

private:
    void fill();
    bool skip_rest_of_line();

    ByteSource& source_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of what was not handed out yet
    std::size_t end_ = 0;
    std::uint64_t offset_ = 0;  // of buffer_[begin_]
    bool at_end_ = false;
    bool skipping_ = false;
};

}  // namespace hasim::logtools
