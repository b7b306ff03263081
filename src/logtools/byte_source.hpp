/// Where bytes come from: a file, a pipe or standard input, compressed or not.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "hasim/result.hpp"

namespace hasim::logtools {

/// A stream of bytes that is read once, from front to end.
class ByteSource {
public:
    virtual ~ByteSource() = default;

    /// Fills `out` from its front and returns how many bytes were put there; 0 means that there are no more.
    virtual std::size_t read(std::span<char> out) = 0;

    /// Why the end is not a proper one (a read error, a cut or damaged compressed file); empty when it is. Has a
    /// meaning once `read` returned 0.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

protected:
    std::string trouble_;
};

/// How a user names standard input, and how it is called in messages.
inline constexpr std::string_view kStandardInput = "-";
inline constexpr std::string_view kStandardInputName = "(standard input)";

/// The bytes of the file at `path`, or of standard input for "-". What begins as gzip or Zstandard data is
/// decompressed, whatever the file is called. An error names the file.
[[nodiscard]] std::variant<std::unique_ptr<ByteSource>, Finding> open_source(
    const std::string& path);

/// The same for bytes that come from elsewhere: decompressed when they begin as compressed data.
[[nodiscard]] std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> raw);

}  // namespace hasim::logtools
