#include "cli/repeats.hpp"

#include <fmt/format.h>

namespace hasim::cli {

namespace {

/// 1, or 100, 1,000, 10,000, ...
bool is_told(std::uint64_t times)
{
    constexpr std::uint64_t kFew = 10;
    if (times == kFew) {
        return false;
    }
    while (times % 10 == 0) {
        times /= 10;
    }
    return times == 1;
}

}  // namespace

std::optional<std::string> Repeats::say(const std::string& text)
{
    if (counts_.size() >= kMostTexts && counts_.find(text) == counts_.end()) {
        counts_.clear();
    }
    Count& count = counts_[text];
    ++count.times;
    if (!is_told(count.times)) {
        return std::nullopt;
    }
    count.said = count.times;
    return count.times == 1 ? text : fmt::format("{} ({} times by now)", text, count.times);
}

std::vector<std::string> Repeats::rest() const
{
    std::vector<std::string> texts;
    for (const auto& [text, count] : counts_) {
        if (count.said != count.times) {
            texts.push_back(fmt::format("{} ({} times in all)", text, count.times));
        }
    }
    return texts;
}

}  // namespace hasim::cli
