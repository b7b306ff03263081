/// Reads the files that a user names.
#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "hasim/result.hpp"

namespace hasim::host {

/// What a file has to be to be read.
enum class Content : unsigned char {
    text,   ///< plain text (base/plain_text.hpp); anything else is an error with its place
    bytes,  ///< whatever it holds
};

/// The whole of the file at `path`, or an error that says what is wrong with it and names it: missing, unreadable, a
/// directory, a socket, longer than `limit` bytes, or not text. Pipes and devices are read too, up to the limit.
/// Nothing else is ever read than that file, and never more than `limit` + 1 bytes of it.
[[nodiscard]] std::variant<std::string, Finding> read_file(const std::string& path,
                                                           std::size_t limit,
                                                           Content content = Content::text);

}  // namespace hasim::host
