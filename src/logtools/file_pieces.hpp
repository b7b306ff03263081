/// A log in pieces that several threads read at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "logtools/byte_source.hpp"

namespace hasim::logtools {

/// Bytes of a file from `begin` on.
struct FilePiece {
    std::string path;
    std::uint64_t begin = 0;
    std::uint64_t end = kToTheEnd;
    std::uint64_t inode = 0;  ///< of the file that was cut; 0: it is whole

    /// Wherever the file ends by then.
    static constexpr std::uint64_t kToTheEnd = ~std::uint64_t{0};

    friend bool operator==(const FilePiece&, const FilePiece&) = default;
};

/// No piece is smaller (chosen): it would cost more than it saves.
inline constexpr std::uint64_t kLeastPiece = std::uint64_t{4} << 20U;

/// The whole file in at most `most` pieces of whole lines, in their order, none smaller than `least` bytes. One piece
/// when it cannot be cut: because it is compressed, no text, a pipe, or nothing that can be read.
[[nodiscard]] std::vector<FilePiece> pieces_of(const std::string& path, std::uint64_t most,
                                               std::uint64_t least = kLeastPiece);

/// The text of a piece; an error names the file. One that was replaced since it was cut, as by a rotation, is an error.
[[nodiscard]] std::variant<std::unique_ptr<ByteSource>, Finding> open_piece(const FilePiece& piece);

}  // namespace hasim::logtools
