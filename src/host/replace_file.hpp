/// Writes a file as a whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace hasim::host {

/// `path` holds `text` afterwards, or what it held before: written beside it, then renamed. The answer is empty, or
/// what went wrong, with the path.
[[nodiscard]] std::string replace_file(const std::string& path, std::string_view text);

}  // namespace hasim::host
