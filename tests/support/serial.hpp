/// Serials in tests.
#pragma once

#include <string_view>

#include "hasim/ids.hpp"

namespace hasim::test {

/// The serial of digits that are one; a test that gives anything else ends there.
inline Serial serial(std::string_view digits)
{
    return Serial::parse(digits).value();
}

}  // namespace hasim::test
