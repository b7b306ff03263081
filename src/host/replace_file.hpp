/// Writes a file as a whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "host/file_handle.hpp"

namespace hasim::host {

/// `path` holds `text` afterwards, or what it held before: written beside it, then renamed, with the mode and the owner
/// it had. A link is followed and stays; what is no regular file (a device, a pipe) is written into. The answer is
/// empty, or what went wrong, with the path.
[[nodiscard]] std::string replace_file(const std::string& path, std::string_view text);

/// A regular file that is edited: held, so that others who edit it in this way take turns, and put back as a whole
/// while nobody else has touched it.
class FileEdit {
public:
    /// Waits for another process that edits the same file, for ten seconds at most. A link, what is no regular file,
    /// one with several names and one that is read-only is a problem.
    explicit FileEdit(std::string path);

    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// The file holds `text` afterwards, if it still says `before`; else it is as it was, and the answer says why.
    [[nodiscard]] std::string replace(std::string_view before, std::string_view text);

private:
    [[nodiscard]] bool hold();

    std::string path_;
    std::string problem_;
    FileHandle file_;
};

/// Whether two names lead to one file that exists: a result must not be written over what it was made from.
[[nodiscard]] bool same_file(const std::string& a, const std::string& b);

}  // namespace hasim::host
