#include "log/line_scanner.hpp"

#include <array>
#include <bit>

#include "log/template_pieces.hpp"

namespace hasim::log {
namespace {

int hex_value(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr std::string_view kJoinedWeekdays = "SunMonTueWedThuFriSat";
constexpr std::string_view kJoinedMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

constexpr std::uint32_t packed(const char* three)
{
    std::uint32_t value = 0;
    for (int i = 2; i >= 0; --i) {
        value = value << 8 | static_cast<unsigned char>(three[i]);
    }
    return value;
}

template <std::size_t count>
constexpr std::array<std::uint32_t, count> packed_names(std::string_view names)
{
    std::array<std::uint32_t, count> all{};
    for (std::size_t i = 0; i < count; ++i) {
        all[i] = packed(names.data() + 3 * i);
    }
    return all;
}
constexpr auto kPackedWeekdays = packed_names<7>(kJoinedWeekdays);
constexpr auto kPackedMonths = packed_names<12>(kJoinedMonths);

// Goes as far as the text agrees with any of `names`.
bool fail_name(Scanner& scan, std::string_view names)
{
    const Scanner start = scan;
    for (std::size_t i = 0; i < names.size(); i += 3) {
        Scanner other = start;
        literal(other, names.substr(i, 3));
        if (other.at > scan.at || (other.at == scan.at && other.ended)) {
            scan = other;
        }
    }
    return false;
}

// A three-letter name: `index` counts from 0.
template <std::size_t count>
bool name_in(Scanner& scan, const std::array<std::uint32_t, count>& names, unsigned& index)
{
    if (scan.left() < 3) {
        return false;
    }
    const std::uint32_t seen = packed(scan.at);
    for (std::size_t i = 0; i < count; ++i) {
        if (names[i] == seen) {
            index = static_cast<unsigned>(i);
            scan.at += 3;
            return true;
        }
    }
    return false;
}

bool weekday_name(Scanner& scan, unsigned& weekday)
{
    return name_in(scan, kPackedWeekdays, weekday) || fail_name(scan, kJoinedWeekdays);
}

bool month_name(Scanner& scan, unsigned& month)
{
    return name_in(scan, kPackedMonths, month) || fail_name(scan, kJoinedMonths);
}

template <std::size_t count>
bool digits(Scanner& scan, unsigned& value)
{
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (scan.at == scan.end || !is_digit(*scan.at)) {
            return scan.fail();
        }
        value = value * 10 + static_cast<unsigned>(*scan.at - '0');
        ++scan.at;
    }
    return true;
}

bool day_of_month(Scanner& scan, unsigned& day, DaySeen& seen)
{
    std::size_t blanks = 0;
    while (scan.at != scan.end && *scan.at == ' ') {
        ++scan.at;
        ++blanks;
    }
    if (blanks == 0 || !digits<1>(scan, day)) {
        return scan.fail();
    }
    const bool leading_zero = day == 0;
    std::size_t size = 1;
    if (scan.at != scan.end && is_digit(*scan.at)) {
        day = day * 10 + static_cast<unsigned>(*scan.at - '0');
        ++scan.at;
        size = 2;
    }
    if (leading_zero) {
        seen = DaySeen::other;
    } else if (size == 2) {
        seen = blanks == 1 ? DaySeen::either : DaySeen::other;
    } else {
        seen = blanks == 1 ? DaySeen::note : blanks == 2 ? DaySeen::ctime : DaySeen::other;
    }
    return true;
}

// How many digits the text starts with. Eight characters at a time: no branch depends on their number.
std::size_t digit_run(const char* const first, const char* const end)
{
    constexpr std::uint64_t kEach = 0x0101010101010101;
    const char* at = first;
    while (std::endian::native == std::endian::little && end - at >= 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, at, sizeof eight);
        const std::uint64_t value = eight ^ (kEach * 0x30);  // a digit becomes 0 to 9
        const std::uint64_t over = value | ((value & (kEach * 0x7f)) + kEach * (0x7f - 9));
        const std::uint64_t others = over & (kEach * 0x80);
        if (others != 0) {
            return static_cast<std::size_t>(at - first + std::countr_zero(others) / 8);
        }
        at += 8;
    }
    while (at != end && is_digit(*at)) {
        ++at;
    }
    return static_cast<std::size_t>(at - first);
}

}  // namespace

bool number(Scanner& scan, std::uint32_t& value)
{
    constexpr std::ptrdiff_t kMaxDigits = 10;
    const char* const first = scan.at;
    std::uint64_t sum = 0;
    while (scan.at != scan.end && is_digit(*scan.at)) {
        if (scan.at - first == kMaxDigits) {
            return scan.fail();
        }
        sum = sum * 10 + static_cast<std::uint64_t>(*scan.at - '0');
        ++scan.at;
    }
    if (scan.at == first) {
        return scan.fail();
    }
    if (sum > UINT32_MAX) {
        return false;
    }
    value = static_cast<std::uint32_t>(sum);
    return true;
}

bool serial(Scanner& scan, Serial& value)
{
    const std::string_view run{scan.at, digit_run(scan.at, scan.end)};
    scan.at += run.size();
    if (run.empty()) {
        return scan.fail();
    }
    return value.assign(run);
}

bool code_hex(Scanner& scan, Code& code)
{
    if (scan.left() >= 2 && scan.at[0] == '0' && (scan.at[1] | 0x20) == 'x') {
        scan.at += 2;
    }
    const char* const first = scan.at;
    std::uint64_t value = 0;
    for (; scan.at != scan.end; ++scan.at) {
        const int digit = hex_value(*scan.at);
        if (digit < 0) {
            break;
        }
        value = value << 4 | static_cast<std::uint64_t>(digit);
        if (value > UINT32_MAX) {
            return scan.fail();
        }
    }
    if (scan.at == first) {
        return scan.fail();
    }
    code = static_cast<Code>(value);
    return true;
}

// Any printable text; a colon or a bracket would be the prefix of another record, glued to a torn one.
bool code_name(Scanner& scan, std::string_view& name)
{
    const char* const first = scan.at;
    while (scan.at != scan.end && static_cast<unsigned char>(*scan.at) >= 0x20 && *scan.at != ':' &&
           *scan.at != '[' && *scan.at != ']' && *scan.at != 0x7f) {
        ++scan.at;
    }
    if (scan.at != scan.end) {
        return scan.fail();
    }
    const char* last = scan.at;
    if (last != first && last[-1] == '.') {
        --last;
    }
    if (last == first || *first == ' ') {
        scan.at = first;
        scan.ended = first == scan.end;
        return false;
    }
    scan.at = last;
    name = {first, static_cast<std::size_t>(last - first)};
    return true;
}

bool stamp(Scanner& scan, ParsedLine& out)
{
    unsigned weekday = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    unsigned year = 0;
    if (!(weekday_name(scan, weekday) && literal(scan, " ") && month_name(scan, month) &&
          day_of_month(scan, day, out.day_seen) && literal(scan, " ") && digits<2>(scan, hour) &&
          literal(scan, ":") && digits<2>(scan, minute) && literal(scan, ":") &&
          digits<2>(scan, second) && literal(scan, " ") && digits<4>(scan, year))) {
        return false;
    }
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                           std::chrono::month(month + 1), std::chrono::day(day)};
    constexpr unsigned kLeapSecond = 60;
    if (!date.ok() || hour > 23 || minute > 59 || second > kLeapSecond) {
        scan.ended = false;
        return false;
    }
    const std::chrono::local_days midnight{date};
    out.stamp = midnight + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                std::chrono::seconds(second);
    out.weekday_matches = std::chrono::weekday{midnight}.c_encoding() == weekday;
    return true;
}

bool head(Scanner& scan, ParsedLine& out)
{
    return stamp(scan, out) && literal(scan, kBeforePid) && number(scan, out.pid.value) &&
           literal(scan, kBeforeGroup);
}

}  // namespace hasim::log
