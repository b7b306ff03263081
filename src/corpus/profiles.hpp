/// The profiles that come with the program: profiles/*.profile, compiled in as text.
#pragma once

#include <span>
#include <string_view>

namespace hasim::corpus {

struct BuiltInProfile {
    std::string_view name;
    std::string_view text;
};

/// In the order of their names.
[[nodiscard]] std::span<const BuiltInProfile> built_in_profiles();

}  // namespace hasim::corpus
