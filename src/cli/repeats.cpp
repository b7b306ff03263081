#include "cli/repeats.hpp"

#include <fmt/format.h>

namespace hasim::cli {

std::optional<std::string> Repeats::say(const std::string& text)
{
    constexpr std::uint64_t kWhole = 3;
    if (times_.size() >= kMostTexts && times_.find(text) == times_.end()) {
        times_.clear();
    }
    const std::uint64_t times = ++times_[text];
    if (times <= kWhole) {
        return text;
    }
    std::uint64_t power = times;
    while (power % 10 == 0) {
        power /= 10;
    }
    if (power != 1) {
        return std::nullopt;
    }
    return fmt::format("{} ({} times by now)", text, times);
}

}  // namespace hasim::cli
