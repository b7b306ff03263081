/// Reading a configuration: text in, validated settings out, with everything there is to say about the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hasim/result.hpp"
#include "hasim/settings.hpp"

namespace hasim::conf {

/// A configuration longer than this is not read (chosen). The longest legal one, 100 groups of 32 members, has 80 KiB.
inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20U;
/// Nor is one that has a longer line (chosen).
inline constexpr std::size_t kMaxLineBytes = std::size_t{64} << 10U;
/// Longest label of a group, in bytes (chosen).
inline constexpr std::size_t kMaxLabelBytes = 255;

/// One value in force and where it comes from.
struct Origin {
    std::string section;
    std::string key;
    std::string value;       ///< as it is in force; as it was written, when it comes from the file
    std::uint32_t line = 0;  ///< of the file; 0: the default

    friend bool operator==(const Origin&, const Origin&) = default;
};

/// A configuration file, read.
struct Configuration {
    std::string file;
    Settings settings;              ///< to be used only when ok()
    std::vector<Finding> findings;  ///< in the order of the file, then what concerns all of it
    std::vector<Origin> origins;    ///< every setting that is in force, by section

    /// No error; there may be warnings and notes.
    [[nodiscard]] bool ok() const;
};

/// Reads `text`, which calls itself `file_name` in findings. Never fails otherwise than by findings.
[[nodiscard]] Configuration read(std::string_view text, std::string_view file_name);

/// Whether there is nothing to read in `text`: it is empty, or blank.
[[nodiscard]] bool is_blank(std::string_view text);

/// What a run has to say to a configuration that is otherwise good: it needs a group. `read` only warns of that.
[[nodiscard]] std::optional<Finding> missing_groups(const Configuration& configuration);

}  // namespace hasim::conf
