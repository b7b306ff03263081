/// What a return code in an HA log line means, in a sentence.
#pragma once

#include <string>

#include "hasim/code.hpp"

namespace hasim::logtools {

/// What is public about `code`: its own sentence where it is one that outages bring, else which family it is of.
/// Lower case, no full stop.
[[nodiscard]] std::string code_meaning(Code code);

}  // namespace hasim::logtools
