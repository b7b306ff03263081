/// Reads the values of single entries. What cannot be understood becomes an error with its place and what would be
/// right, and gives nothing; what is empty gives nothing too, with a warning that the default holds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "conf/document.hpp"
#include "conf/finding_list.hpp"
#include "hasim/ids.hpp"

namespace hasim::conf {

/// What a number may be. `meaning` says it in words: "a number of bytes, 1024 or more".
struct NumberRule {
    std::int64_t least = 0;
    std::int64_t most = 0;
    std::string_view meaning;
    std::string_view default_text;
};

[[nodiscard]] std::optional<std::int64_t> number_value(const Entry& entry, const NumberRule& rule,
                                                       FindingList& findings);

/// "0" or "1".
[[nodiscard]] std::optional<bool> switch_value(const Entry& entry, FindingList& findings);

/// The index of the value in `words`. Another case is understood, with a warning: the product may not.
[[nodiscard]] std::optional<std::size_t> word_value(const Entry& entry,
                                                    std::span<const std::string_view> words,
                                                    std::string_view default_text,
                                                    FindingList& findings);

/// One serial number; empty is an error.
[[nodiscard]] std::optional<Serial> serial_value(const Entry& entry, FindingList& findings);

/// A serial in a list, and where it stands.
struct ListedSerial {
    Serial serial;
    Place place;
};

/// Serial numbers separated by commas, at most kMaxMembers, none twice. What is wrong with the list is told; the
/// serials that are right are given.
[[nodiscard]] std::vector<ListedSerial> serial_list(const Entry& entry, FindingList& findings);

}  // namespace hasim::conf
