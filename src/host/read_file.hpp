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

/// What is read from. Only a regular file is sure to end, or to come at all, without a wait.
enum class From : unsigned char {
    anything,  ///< pipes and devices too, up to the limit: for files that a user names, before anything runs
    regular_file,  ///< anything else is an error: for what is read while others wait
};

/// The whole of the file at `path`, or an error that says what is wrong with it and names it: missing, unreadable, a
/// directory, a socket, longer than `limit` bytes, or not text. Pipes and devices are read too, up to the limit.
/// Nothing else is ever read than that file, and never more than `limit` + 1 bytes of it.
[[nodiscard]] std::variant<std::string, Finding> read_file(const std::string& path,
                                                           std::size_t limit,
                                                           Content content = Content::text,
                                                           From from = From::anything);

}  // namespace hasim::host
