/// Is it text at all? One test for every kind of text file hasim reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hasim/result.hpp"

namespace hasim {

/// An error with its place when `text` is not plain text: UTF-16, or a control character other than tab, line feed
/// and carriage return. Bytes above 0x7e are left alone: files in UTF-8 and in older encodings are both about.
[[nodiscard]] std::optional<Finding> not_plain_text(std::string_view text, std::string_view file);

/// `text` as valid UTF-8 that no terminal obeys: what does not print stands as \xNN.
[[nodiscard]] std::string printable(std::string_view text);
/// Whether it is UTF-8. C1 control characters, which a terminal may obey, count as none.
[[nodiscard]] bool is_utf8(std::string_view text);

/// The same, but line feeds and tabs stay: what may go to a terminal, whatever outside text is in it.
[[nodiscard]] std::string printable_lines(std::string_view text);

/// `text` in single quotes, fit for a message: shortened when long, with what does not print as \xNN.
/// (Not called quoted: std::quoted would be found by argument and preferred.)
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace hasim
