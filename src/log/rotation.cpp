#include "log/rotation.hpp"

namespace hasim::log {
namespace {

constexpr std::string_view kHead = "haErrorLog_";
constexpr std::string_view kTail = ".txt";
constexpr std::size_t kStampSize = 16;  // 20171004T162921Z
constexpr std::size_t kMaxNumberDigits = 9;

void append_padded(std::string& text, std::uint32_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    text.append(width > digits.size() ? width - digits.size() : 0, '0');
    text += digits;
}

// The number that all of `text` spells, or nothing.
std::optional<std::uint32_t> number_in(std::string_view text)
{
    std::uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return value;
}

std::optional<std::chrono::sys_seconds> parse_stamp(std::string_view text)
{
    using namespace std::chrono;
    const auto date = number_in(text.substr(0, 8));
    const auto clock = number_in(text.substr(9, 6));
    if (!date || !clock || text[8] != 'T' || text[15] != 'Z') {
        return std::nullopt;
    }
    const year_month_day day{year(static_cast<int>(*date / 10000)), month(*date / 100 % 100),
                             std::chrono::day(*date % 100)};
    if (!day.ok() || *clock / 10000 > 23 || *clock / 100 % 100 > 59 || *clock % 100 > 59) {
        return std::nullopt;
    }
    return sys_days(day) + hours(*clock / 10000) + minutes(*clock / 100 % 100) +
           seconds(*clock % 100);
}

}  // namespace

RotatedName next_name(std::chrono::sys_seconds stamp, const std::optional<RotatedName>& newest)
{
    return newest && newest->stamp >= stamp ? RotatedName{newest->stamp, newest->number + 1}
                                            : RotatedName{stamp, 0};
}

std::string_view uncompressed_name(std::string_view name)
{
    for (const std::string_view ending : {".gz", ".zst", ".xz", ".bz2", ".lz4"}) {
        if (name.ends_with(ending)) {
            return name.substr(0, name.size() - ending.size());
        }
    }
    return name;
}

std::string to_text(const RotatedName& name)
{
    using namespace std::chrono;
    const sys_days day = floor<days>(name.stamp);
    const year_month_day date{day};
    const hh_mm_ss clock{name.stamp - day};
    std::string text{kHead};
    append_padded(text, static_cast<std::uint32_t>(static_cast<int>(date.year())), 4);
    append_padded(text, static_cast<unsigned>(date.month()), 2);
    append_padded(text, static_cast<unsigned>(date.day()), 2);
    text += 'T';
    append_padded(text, static_cast<std::uint32_t>(clock.hours().count()), 2);
    append_padded(text, static_cast<std::uint32_t>(clock.minutes().count()), 2);
    append_padded(text, static_cast<std::uint32_t>(clock.seconds().count()), 2);
    text += 'Z';
    if (name.number != 0) {
        text += '_';
        append_padded(text, name.number, 3);
    }
    text += kTail;
    return text;
}

std::optional<RotatedName> parse_rotated_name(std::string_view text)
{
    if (text.size() < kHead.size() + kStampSize + kTail.size() ||
        text.substr(0, kHead.size()) != kHead || text.substr(text.size() - kTail.size()) != kTail) {
        return std::nullopt;
    }
    text.remove_prefix(kHead.size());
    text.remove_suffix(kTail.size());
    const auto stamp = parse_stamp(text.substr(0, kStampSize));
    if (!stamp) {
        return std::nullopt;
    }
    text.remove_prefix(kStampSize);
    RotatedName name{*stamp, 0};
    if (!text.empty()) {
        const auto number = number_in(text.substr(1));
        if (text[0] != '_' || text.size() < 4 || text.size() > 1 + kMaxNumberDigits || !number ||
            *number == 0) {
            return std::nullopt;
        }
        name.number = *number;
    }
    return name;
}

}  // namespace hasim::log
