/// The one Catch2 header that tests include: version 2 (Debian 12) and version 3 (Debian 13) name things differently.
/// String matchers have the newer names: StartsWith, EndsWith, ContainsSubstring.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& text)
{
    return Contains(text);
}
}  // namespace Catch::Matchers
#endif

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
