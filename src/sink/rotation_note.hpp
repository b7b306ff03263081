/// Which rotated file of a log is the newest, without reading a directory of thousands of them at each rotation. It is
/// noted in the marker, with the time at which the directory was changed then; a directory that was changed since, by
/// whomever, is read again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "log/rotation.hpp"

namespace hasim::sink {

/// What hasim's marker of a log directory begins with.
[[nodiscard]] std::string_view marker_text();

/// To be used under the log's lock. A marker that cannot be read or written costs time and nothing else.
class RotationNote {
public:
    using Newest = std::optional<log::RotatedName>;  ///< nothing: there is none

    RotationNote(int marker, const std::string& directory) : marker_(marker), directory_(directory)
    {
    }

    /// By the note, or by reading the directory.
    [[nodiscard]] Newest newest() const;
    /// By the note, when it is still true.
    [[nodiscard]] std::optional<Newest> noted() const;
    /// Now it is this one.
    void note(const Newest& newest) const;

private:
    int marker_;
    const std::string& directory_;
};

}  // namespace hasim::sink
