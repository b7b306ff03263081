/// Changes of a configuration's text that leave every other byte as it is: comments, order, indentation, line ends,
/// unknown keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hasim::conf {

/// The changed text, or why there is none.
struct Edited {
    std::string text;
    std::string problem;  ///< empty: `text` is good

    [[nodiscard]] bool ok() const { return problem.empty(); }
};

/// Gives `key` of `section` that value. Of a repeated key the last is changed, which is the one that counts; a new key
/// is put behind the section's last, in its manner; a new section at the end. What the grammar cannot hold, or a text
/// that cannot be read, is a problem. Names are as they are written: case counts.
[[nodiscard]] Edited set_entry(std::string_view text, std::string_view section,
                               std::string_view key, std::string_view value);

/// Takes every `key` of `section` away. A comment on its line stays. Without such a key the text is as it was.
[[nodiscard]] Edited unset_entry(std::string_view text, std::string_view section,
                                 std::string_view key);

/// The NN of the group with that label: "00" in VirtualToken00Label. Nothing when there is none.
[[nodiscard]] std::optional<std::string> group_digits(std::string_view text,
                                                      std::string_view label);
/// The first NN of two digits that no group has; nothing when all are taken.
[[nodiscard]] std::optional<std::string> free_group_digits(std::string_view text);

}  // namespace hasim::conf
