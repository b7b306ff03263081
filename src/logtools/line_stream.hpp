/// The lines of a set of files, one after the other, each with its place.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hasim/ha_log.hpp"
#include "logtools/block_reader.hpp"
#include "logtools/plain_lines.hpp"

namespace hasim::logtools {

/// A line of one of the files. Views hold until the next line is asked for.
struct PlacedLine {
    std::string_view file;     ///< as the user named it
    std::uint32_t index = 0;   ///< of the file, counted from 0
    std::uint64_t offset = 0;  ///< of its first byte in the (decompressed) file
    bool cut = false;          ///< too long to be held: text is its beginning
    log::Line line;
};

/// The name under which `path` stands in results: itself, or "(standard input)".
[[nodiscard]] std::string_view shown_name(const std::string& path);

/// Opens one source per file, when its turn comes.
using OpenSource =
    std::function<std::variant<std::unique_ptr<ByteSource>, Finding>(const std::string&)>;

/// Walks through the lines of several files. What cannot be opened or read to its end ends the walk, as `failure`.
class LineStream {
public:
    /// `more`, when given, is asked for a further file behind the last one, again and again until it has none.
    explicit LineStream(
        std::vector<std::string> files,
        OpenSource open = [](const std::string& path) { return open_source(path); },
        std::function<std::optional<std::string>()> more = {});

    /// The next line; false at the end, or at a failure.
    bool next(PlacedLine& line);

    [[nodiscard]] const std::optional<Finding>& failure() const { return failure_; }
    /// Files of which at least the beginning was read.
    [[nodiscard]] std::size_t files_begun() const { return begun_; }

private:
    bool open_next();
    bool next_block();
    bool next_in_block(PlacedLine& line);

    std::vector<std::string> files_;
    OpenSource open_;
    std::function<std::optional<std::string>()> more_;
    std::size_t begun_ = 0;
    std::unique_ptr<ByteSource> source_;
    std::optional<BlockReader> blocks_;
    Block block_;
    std::size_t at_ = 0;  // of block_: what is behind was given out, or is in lines_
    std::size_t lines_at_ = 0;
    std::optional<log::LineReader> lines_;  // one line that is not plain
    PlainLines plain_;
    std::uint64_t line_number_ = 0;  // of the last line
    std::optional<Finding> failure_;
};

}  // namespace hasim::logtools
