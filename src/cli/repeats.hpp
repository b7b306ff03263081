/// Says what is said over and over less and less often: whoever floods an appliance must not flood the terminal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hasim::cli {

class Repeats {
public:
    /// What to say instead of `text`: itself the first time, then at the 100th, 1,000th, 10,000th ... time with that
    /// number, and nothing in between. Remembers 1,000 texts; beyond that it begins anew.
    [[nodiscard]] std::optional<std::string> say(const std::string& text);

    /// At the end: each text that came more often than was said, with how often it came in all.
    [[nodiscard]] std::vector<std::string> rest() const;

private:
    struct Count {
        std::uint64_t times = 0;
        std::uint64_t said = 0;  ///< `times`, when it was said last
    };
    static constexpr std::size_t kMostTexts = 1000;
    std::map<std::string, Count> counts_;
};

}  // namespace hasim::cli
