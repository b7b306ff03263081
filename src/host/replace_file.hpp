/// Writes a file as a whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace hasim::host {

/// `path` holds `text` afterwards, or what it held before: written beside it, then renamed, with the mode and the owner
/// it had. A link is followed and stays; what is no regular file (a device, a pipe) is written into. The answer is
/// empty, or what went wrong, with the path.
[[nodiscard]] std::string replace_file(const std::string& path, std::string_view text);

/// The same for a file that was read as `before` and is to be edited: only while it still says that. It is refused when
/// somebody else changed it meanwhile, when it is a link, no regular file or read-only; then it is as it was. May wait
/// for another process that edits the same file, for two seconds at most.
[[nodiscard]] std::string replace_unchanged(const std::string& path, std::string_view before,
                                            std::string_view text);

/// Whether two names lead to one file that exists: a result must not be written over what it was made from.
[[nodiscard]] bool same_file(const std::string& a, const std::string& b);

}  // namespace hasim::host
