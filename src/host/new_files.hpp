/// Makes files that belong together, and does not write over what is there.
#pragma once

#include <span>
#include <string>

namespace hasim::host {

struct NewFile {
    std::string path;
    std::string text;
    bool secret =
        false;  ///< for the owner alone: mode 0600; others get what the umask leaves of 0644
};

/// What to do where a file stands already.
enum class Standing : unsigned char {
    kept,      ///< an error
    replaced,  ///< the new one takes its place, with the mode of a new one; a link is replaced, not what it leads to
};

/// Each path holds its text afterwards. All are written beside their places first, so where there is no room for one of
/// them, none is made; a file is never seen in part. The answer is empty, or what went wrong, with the path.
[[nodiscard]] std::string make_files(std::span<const NewFile> files, Standing standing);

}  // namespace hasim::host
