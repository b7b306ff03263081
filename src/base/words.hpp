/// Numbers and times in sentences that people read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hasim/time.hpp"

namespace hasim {

/// "1 line", "12 lines"; `several` where an s does not do ("processes").
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view one,
                                  std::string_view several = {});

/// The same letters, whatever their case (ASCII).
[[nodiscard]] bool same_but_for_case(std::string_view a, std::string_view b);

/// A length of time to what people read of it: "0 s", "174 ms", "1.17 ms", "20.03 s", "5m 12s", "3h 0m". Not to be read
/// back: scenario::duration_text is exact.
[[nodiscard]] std::string about(Duration duration);

}  // namespace hasim
