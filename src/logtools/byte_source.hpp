/// Where bytes come from: a file, a pipe or standard input, compressed or not.
#pragma once

#include <cstddef>
#include <functional>
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

/// That the file at `path` cannot be opened or read, because of `error`, an errno.
[[nodiscard]] Finding cannot_open(const std::string& path, int error);

/// The text of the file at `path`, or of standard input for "-". `on_wait`, when given, is called before a read that
/// has to wait for more. An error names the file.
[[nodiscard]] std::variant<std::unique_ptr<ByteSource>, Finding> open_source(
    const std::string& path, std::function<void()> on_wait = {});

/// The same for bytes that come from elsewhere. What begins as gzip or Zstandard data is decompressed, whatever it is
/// called, and a byte-order mark of UTF-8 is left out. What begins as another compression or as UTF-16 is trouble with
/// a remedy: it is never read as if it were a text.
[[nodiscard]] std::unique_ptr<ByteSource> text_of(std::unique_ptr<ByteSource> raw);

/// Bytes that begin so are read as they are: text_of would neither decompress nor refuse them.
[[nodiscard]] bool is_plain_text(std::string_view first);

}  // namespace hasim::logtools
