#include "base/words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace hasim {

namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

}  // namespace

std::string counted(std::uint64_t number, std::string_view one, std::string_view several)
{
    if (number == 1) {
        return fmt::format("1 {}", one);
    }
    return several.empty() ? fmt::format("{} {}s", number, one)
                           : fmt::format("{} {}", number, several);
}

std::string about(Duration duration)
{
    const double seconds = std::chrono::duration<double>(duration).count();
    const std::int64_t whole = std::llround(seconds);
    if (whole >= 10 * kDay) {
        return fmt::format("{}d", whole / kDay);
    }
    if (whole >= kDay) {
        return fmt::format("{}d {}h", whole / kDay, whole % kDay / kHour);
    }
    if (whole >= kHour) {
        return fmt::format("{}h {}m", whole / kHour, whole % kHour / kMinute);
    }
    if (whole >= 2 * kMinute) {
        return fmt::format("{}m {}s", whole / kMinute, whole % kMinute);
    }
    if (seconds >= 0.9995) {
        return fmt::format("{:.2f} s", seconds);
    }
    const double milliseconds = seconds * 1000;
    if (milliseconds < 0.005) {
        return "0 s";
    }
    return milliseconds < 10 ? fmt::format("{:.2f} ms", milliseconds)
                             : fmt::format("{:.0f} ms", milliseconds);
}

bool same_but_for_case(std::string_view a, std::string_view b)
{
    const auto upper = [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return upper(x) == upper(y); });
}

}  // namespace hasim
