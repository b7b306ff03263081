/// Compressed bytes in, plain bytes out, in bounded memory.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "logtools/byte_source.hpp"

namespace hasim::logtools {

/// What a stream begins with tells how it is compressed.
enum class Compression : unsigned char { none, gzip, zstd };

inline constexpr std::size_t kMagicSize = 6;  ///< bytes that tell

[[nodiscard]] Compression compression_of(std::string_view first_bytes);

/// Decompresses gzip data, of several members if there are.
[[nodiscard]] std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> raw);

/// Decompresses Zstandard data, of several frames if there are. A frame that needs a window of more than
/// 2^kMaxWindowLog bytes is trouble.
inline constexpr int kMaxWindowLog = 25;
[[nodiscard]] std::unique_ptr<ByteSource> unzstd(std::unique_ptr<ByteSource> raw);

}  // namespace hasim::logtools
