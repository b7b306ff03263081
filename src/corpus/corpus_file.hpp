/// Reading the files of a corpus, which may be anything by now: regular files only, in little memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "corpus/block_file.hpp"
#include "host/file_handle.hpp"

namespace hasim::corpus {

/// A file, line by line. One that is missing, or no regular file, has no lines.
class LineFile {
public:
    explicit LineFile(const std::string& path);

    /// The next line, without its newline; a last one may have none. False at the end, or when a line has more than
    /// 64 MiB.
    bool next();

    [[nodiscard]] std::string_view text() const { return line_; }
    [[nodiscard]] std::uint64_t number() const { return number_; }  ///< from 1; 0 before the first
    [[nodiscard]] std::uint64_t offset() const { return offset_; }  ///< of its first byte
    [[nodiscard]] bool has_newline() const { return has_newline_; }

private:
    static constexpr std::size_t kBlock = std::size_t{256} << 10;
    static constexpr std::size_t kLongestLine = std::size_t{64} << 20;

    bool fill();

    host::FileHandle file_;
    std::size_t block_ = kBlock;  ///< read at a time
    std::string buffer_;
    std::size_t at_ = 0;               ///< in buffer_: what was not handed out yet
    std::uint64_t buffer_offset_ = 0;  ///< of buffer_ in the file
    std::string_view line_;
    std::uint64_t number_ = 0;
    std::uint64_t offset_ = 0;
    bool has_newline_ = false;
};

/// Size and digest of a regular file; nothing when it cannot be read, or is none.
struct FileDigest {
    std::uint64_t bytes = 0;
    std::string digest;
};
[[nodiscard]] std::optional<FileDigest> digest_of(const std::string& path);

}  // namespace hasim::corpus
