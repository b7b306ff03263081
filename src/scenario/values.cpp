#include "scenario/values.hpp"

#include <array>

#include <fmt/core.h>

namespace hasim::scenario {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
};

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::array<Unit, 7> kUnits{{
    {"d", 86'400 * kSecond},
    {"h", 3'600 * kSecond},
    {"m", 60 * kSecond},
    {"s", kSecond},
    {"ms", 1'000'000},
    {"us", 1'000},
    {"ns", 1},
}};

constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t count_digits(std::string_view text)
{
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) {
        ++n;
    }
    return n;
}

// A fraction of `unit` nanoseconds written as the digits after a point; nothing when it is no whole nanosecond.
std::optional<std::int64_t> read_fraction(std::string_view digits, std::int64_t unit)
{
    std::int64_t sum = 0;
    for (const char c : digits) {
        const std::int64_t digit = c - '0';
        if (digit != 0 && unit % 10 != 0) {
            return std::nullopt;
        }
        unit /= 10;
        sum += digit * unit;
    }
    return sum;
}

// The digits of `nanoseconds` behind the point of a second, without zeros at the end.
std::string fraction_text(std::int64_t nanoseconds)
{
    if (nanoseconds == 0) {
        return {};
    }
    std::string digits = fmt::format(".{:09}", nanoseconds);
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

// Consumes one number with its unit from the front of `text` and adds it to `sum`; `next_unit` is the first unit that
// may still come.
bool read_part(std::string_view& text, std::size_t& next_unit, std::int64_t& sum)
{
    const std::size_t whole = count_digits(text);
    const auto number = read_number(text.substr(0, whole), 1'000'000'000'000'000'000U);
    if (!number) {
        return false;
    }
    text.remove_prefix(whole);
    std::string_view fraction;
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        fraction = text.substr(0, count_digits(text));
        text.remove_prefix(fraction.size());
        if (fraction.empty() || fraction.size() > 18) {
            return false;
        }
    }
    std::size_t letters = 0;
    while (letters < text.size() && is_letter(text[letters])) {
        ++letters;
    }
    const std::string_view name = text.substr(0, letters);
    text.remove_prefix(letters);
    if (!fraction.empty() && !text.empty()) {
        return false;
    }
    for (std::size_t i = next_unit; i < kUnits.size(); ++i) {
        const Unit& unit = kUnits[i];
        if (unit.name != name) {
            continue;
        }
        const auto part = read_fraction(fraction, unit.nanoseconds);
        if (!part ||
            *number > static_cast<std::uint64_t>(kLongestDuration.count() / unit.nanoseconds)) {
            return false;
        }
        sum += static_cast<std::int64_t>(*number) * unit.nanoseconds + *part;
        next_unit = i + 1;
        return sum <= kLongestDuration.count();
    }
    return false;
}

}  // namespace

std::optional<Duration> read_duration(std::string_view text)
{
    if (text.empty()) {
        return std::nullopt;
    }
    std::size_t next_unit = 0;
    std::int64_t sum = 0;
    while (!text.empty()) {
        if (!read_part(text, next_unit, sum)) {
            return std::nullopt;
        }
    }
    return Duration(sum);
}

std::optional<Duration> read_signed_duration(std::string_view text)
{
    const bool minus = !text.empty() && text.front() == '-';
    if (minus || (!text.empty() && text.front() == '+')) {
        text.remove_prefix(1);
    }
    const auto duration = read_duration(text);
    if (!duration) {
        return std::nullopt;
    }
    return minus ? -*duration : *duration;
}

std::string duration_text(Duration duration)
{
    std::int64_t rest = duration.count();
    if (rest < 0) {
        return "-" + duration_text(Duration(-rest));
    }
    if (rest == 0) {
        return "0s";
    }
    if (rest < kSecond) {
        for (std::size_t i = 4; i < kUnits.size(); ++i) {
            if (rest % kUnits[i].nanoseconds == 0) {
                return fmt::format("{}{}", rest / kUnits[i].nanoseconds, kUnits[i].name);
            }
        }
    }
    std::string text;
    if (rest >= 600 * kSecond) {
        for (std::size_t i = 0; i < 3; ++i) {
            const Unit& unit = kUnits[i];
            if (rest >= unit.nanoseconds) {
                text += fmt::format("{}{}", rest / unit.nanoseconds, unit.name);
                rest %= unit.nanoseconds;
            }
        }
    }
    if (rest != 0) {
        text += fmt::format("{}{}s", rest / kSecond, fraction_text(rest % kSecond));
    }
    return text;
}

std::string instant_text(Instant instant)
{
    return duration_text(instant - kStart);
}

std::optional<std::uint64_t> read_number(std::string_view text, std::uint64_t largest)
{
    if (text.empty() || count_digits(text) != text.size()) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char c : text) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (digit > largest || number > (largest - digit) / 10) {
            return std::nullopt;
        }
        number = number * 10 + digit;
    }
    return number;
}

std::optional<std::uint32_t> read_thousandths(std::string_view text)
{
    const std::size_t point = text.find('.');
    const auto whole = read_number(text.substr(0, point), 1'000'000);
    if (!whole) {
        return std::nullopt;
    }
    std::uint64_t number = *whole * 1000;
    if (point != std::string_view::npos) {
        const std::string_view digits = text.substr(point + 1);
        if (digits.size() > 3) {
            return std::nullopt;
        }
        const auto fraction = read_number(digits, 999);
        if (!fraction) {
            return std::nullopt;
        }
        constexpr std::array<std::uint64_t, 4> kScale{0, 100, 10, 1};
        number += *fraction * kScale[digits.size()];
    }
    return number <= 1'000'000'000 ? std::optional(static_cast<std::uint32_t>(number))
                                   : std::nullopt;
}

std::string thousandths_text(std::uint32_t thousandths)
{
    return fmt::format("{}{}", thousandths / 1000,
                       fraction_text(static_cast<std::int64_t>(thousandths % 1000) * 1'000'000));
}

std::optional<std::uint32_t> read_percent(std::string_view text)
{
    if (text.empty() || text.back() != '%') {
        return std::nullopt;
    }
    text.remove_suffix(1);
    const auto thousandths = read_thousandths(text);
    if (!thousandths || *thousandths > 100'000 || *thousandths % 100 != 0) {
        return std::nullopt;
    }
    return *thousandths / 100;
}

std::string percent_text(std::uint32_t per_mille)
{
    return thousandths_text(per_mille * 100) + "%";
}

std::optional<std::uint64_t> read_bandwidth(std::string_view text)
{
    constexpr std::uint64_t kLargest = 1'000'000'000'000;
    const std::size_t digits = count_digits(text);
    const std::string_view unit = text.substr(digits);
    const std::uint64_t scale = unit == "B/s"    ? 1
                                : unit == "kB/s" ? 1'000
                                : unit == "MB/s" ? 1'000'000
                                                 : 0;
    if (scale == 0) {
        return std::nullopt;
    }
    const auto number = read_number(text.substr(0, digits), kLargest / scale);
    if (!number || *number == 0) {
        return std::nullopt;
    }
    return *number * scale;
}

std::string bandwidth_text(std::uint64_t bytes_per_second)
{
    if (bytes_per_second % 1'000'000 == 0) {
        return fmt::format("{}MB/s", bytes_per_second / 1'000'000);
    }
    if (bytes_per_second % 1'000 == 0) {
        return fmt::format("{}kB/s", bytes_per_second / 1'000);
    }
    return fmt::format("{}B/s", bytes_per_second);
}

std::optional<WallTime> read_wall_time(std::string_view text)
{
    // 2017-10-04T16:29:11[.fraction]Z
    constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
    if (text.size() < kForm.size() + 1 || text.back() != 'Z') {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        if (kForm[i] == 'd' ? !is_digit(text[i]) : text[i] != kForm[i]) {
            return std::nullopt;
        }
    }
    const auto field = [text](std::size_t at, std::size_t size) {
        return static_cast<unsigned>(*read_number(text.substr(at, size), 9999));
    };
    const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(field(0, 4))),
                                          std::chrono::month(field(5, 2)),
                                          std::chrono::day(field(8, 2))};
    const unsigned hour = field(11, 2);
    const unsigned minute = field(14, 2);
    const unsigned second = field(17, 2);
    if (!day.ok() || field(0, 4) < 1970 || field(0, 4) > 2199 || hour > 23 || minute > 59 ||
        second > 59) {
        return std::nullopt;
    }
    std::int64_t fraction = 0;
    const std::string_view rest = text.substr(kForm.size(), text.size() - kForm.size() - 1);
    if (!rest.empty()) {
        const std::string_view digits = rest.substr(1);
        if (rest.front() != '.' || digits.empty() || digits.size() > 9 ||
            count_digits(digits) != digits.size()) {
            return std::nullopt;
        }
        fraction = *read_fraction(digits, kSecond);
    }
    return WallTime(std::chrono::sys_days(day)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + std::chrono::seconds(second) + Duration(fraction);
}

std::string wall_time_text(WallTime time)
{
    const auto days = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day day(days);
    const std::int64_t rest = (time - days).count();
    const std::int64_t seconds = rest / kSecond;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                       seconds / 3600, seconds / 60 % 60, seconds % 60,
                       fraction_text(rest % kSecond));
}

bool is_bare(std::string_view text)
{
    if (text.empty() || text == "for" || text == "<<") {
        return false;
    }
    for (const char c : text) {
        const bool plain = is_digit(c) || is_letter(c) ||
                           std::string_view("._:/@+-").find(c) != std::string_view::npos;
        if (!plain) {
            return false;
        }
    }
    return true;
}

std::string quoted_text(std::string_view text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return quoted + '"';
}

std::string word_text(std::string_view text)
{
    return is_bare(text) ? std::string(text) : quoted_text(text);
}

}  // namespace hasim::scenario
