/// Says what is said over and over less and less often: whoever floods an appliance must not flood the terminal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace hasim::cli {

class Repeats {
public:
    /// What to say instead of `text`: itself the first three times, then at the 10th, 100th, 1,000th ... time with that
    /// number, and nothing in between. Remembers 1,000 texts; beyond that it begins anew.
    [[nodiscard]] std::optional<std::string> say(const std::string& text);

private:
    static constexpr std::size_t kMostTexts = 1000;
    std::map<std::string, std::uint64_t> times_;
};

}  // namespace hasim::cli
