#include "corpus/noise.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace hasim::corpus {
namespace {

constexpr NoiseRates kLight{{1, 0, 2, 0, 0, 0, 50, 1}};
constexpr NoiseRates kHeavy{{10, 20, 20, 100, 100, 2, 200, 10}};

const std::vector<std::string_view> kForeign{
    "logrotate: rotating pattern: /var/log/ha/*.txt",
    "-- MARK --",
    "Chrystoki: library loaded",
    "Oct  4 16:29:21 app01 systemd[1]: Started Daily rotation of log files.",
    "2017-10-04T16:29:21Z INFO application: key ceremony finished",
};

const std::vector<std::string_view> kInvalid{
    "operator note: \xff\xfe reboot planned",
    "caf\xe9 maintenance",
    "\xc3\x28 \xa0\xa1",
};

}  // namespace

bool NoiseRates::any() const
{
    return std::any_of(rate.begin(), rate.end(), [](std::uint32_t one) { return one != 0; });
}

std::optional<NoiseRates> read_noise(std::string_view text)
{
    if (text.empty() || text == "none") {
        return NoiseRates{};
    }
    if (text == "light" || text == "heavy") {
        return text == "light" ? kLight : kHeavy;
    }
    NoiseRates rates;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(','));
        text.remove_prefix(std::min(item.size() + 1, text.size()));
        const std::size_t equals = item.find('=');
        const auto name = std::find(kNoiseNames.begin(), kNoiseNames.end(), item.substr(0, equals));
        std::uint32_t number = 0;
        if (equals == std::string_view::npos || name == kNoiseNames.end()) {
            return std::nullopt;
        }
        const char* const end = item.data() + item.size();
        const auto [stop, error] = std::from_chars(item.data() + equals + 1, end, number);
        if (error != std::errc{} || stop != end || number > 1000) {
            return std::nullopt;
        }
        rates.rate[static_cast<std::size_t>(name - kNoiseNames.begin())] = number;
    }
    const bool clock_often = rates.of(Noise::clock) > 100;
    return clock_often ? std::nullopt : std::optional(rates);
}

std::string_view foreign_line(Random& random)
{
    return random.pick(kForeign);
}

std::string_view invalid_line(Random& random)
{
    return random.pick(kInvalid);
}

std::string other_code(std::string_view line, Random& random)
{
    constexpr std::size_t kDigits = 8;
    std::string text(line);
    constexpr std::string_view kBefore = "Code: 0x";
    const std::size_t found = text.rfind(kBefore);
    const std::uint64_t way = random.below(3);
    if (found == std::string::npos) {
        return text;
    }
    const std::size_t digits = found + kBefore.size();
    if (way == 0) {
        const std::size_t first = text.find_first_not_of('0', digits);
        text.erase(digits, std::min(first, digits + kDigits - 1) - digits);
    } else if (way == 1) {
        for (std::size_t i = digits; i < digits + kDigits; ++i) {
            const char c = text[i];
            text[i] = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
        }
    } else {
        text.erase(digits - 2, 2);
    }
    return text;
}

}  // namespace hasim::corpus
