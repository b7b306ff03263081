/// Whether the stream of a text's lines, which reads plain ones its own way, gives what LineReader gives.
#pragma once

#include <string>
#include <string_view>

#include "memory_source.hpp"

namespace hasim::test {

/// What is different, with the line; nothing when all is the same.
[[nodiscard]] inline std::string difference_of_lines(std::string_view text)
{
    logtools::LineStream stream = stream_of({std::string(text)});
    log::LineReader reader(text);
    logtools::PlacedLine seen;
    for (log::Line line; reader.next(line);) {
        const auto differs = [&](std::string_view what) {
            return std::string(what) + " of: " + std::string(line.text);
        };
        if (!stream.next(seen)) {
            return differs("the end instead");
        }
        if (seen.line.kind != line.kind || seen.line.text != line.text) {
            return differs("kind or text");
        }
        if (seen.line.number != line.number || seen.offset != line.offset) {
            return differs("place");
        }
        if (seen.line.terminated != line.terminated || seen.line.glued != line.glued || seen.cut) {
            return differs("newline");
        }
        if (line.kind == log::LineKind::record ? seen.line.parsed != line.parsed
                                               : seen.line.parsed.matched != line.parsed.matched) {
            return differs("value");
        }
    }
    return stream.next(seen) ? "a further line: " + std::string(seen.line.text) : "";
}

}  // namespace hasim::test
