#include "log/format.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "log/template_pieces.hpp"

namespace hasim::log {
namespace {

using std::chrono::local_days;
using std::chrono::seconds;

constexpr std::size_t kMaxUint32Digits = 10;
constexpr std::size_t kHexSize = 10;  // 0x and eight digits

constexpr std::size_t longest(ArgumentKind kind)
{
    switch (kind) {
    case ArgumentKind::serial: return Serial::kMaxDigits;
    case ArgumentKind::attempt: return kMaxUint32Digits;
    case ArgumentKind::code_hex: return kHexSize;
    case ArgumentKind::code_name: return kMaxCodeName;
    }
    return 0;
}

constexpr std::size_t longest_line()
{
    std::size_t most = 0;
    for (const Pieces& pieces : kPieces) {
        std::size_t size =
            kStampLength + kBeforePid.size() + kMaxUint32Digits + kBeforeGroup.size();
        size += Serial::kMaxDigits;
        for (std::size_t i = 0; i < pieces.count; ++i) {
            size += pieces.list[i].literal.size();
            size += pieces.list[i].has_argument ? longest(pieces.list[i].argument) : 0;
        }
        most = std::max(most, size);
    }
    return most;
}
static_assert(longest_line() <= kMaxLineLength, "kMaxLineLength must hold every line");

constexpr std::array<std::string_view, 7> kWeekdays{"Sun ", "Mon ", "Tue ", "Wed ",
                                                    "Thu ", "Fri ", "Sat "};
constexpr std::array<std::string_view, 12> kMonths{"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                                   "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};

char* put(char* at, std::string_view text)
{
    std::memcpy(at, text.data(), text.size());
    return at + text.size();
}

char* put_two_digits(char* at, unsigned value)
{
    at[0] = static_cast<char>('0' + value / 10);
    at[1] = static_cast<char>('0' + value % 10);
    return at + 2;
}

char* put_number(char* at, std::uint32_t value)
{
    return std::to_chars(at, at + kMaxUint32Digits, value).ptr;
}

char* put_hex(char* at, Code code)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto value = static_cast<std::uint32_t>(code);
    *at++ = '0';
    *at++ = 'x';
    for (int shift = 28; shift >= 0; shift -= 4) {
        *at++ = kDigits[(value >> shift) & 0xfU];
    }
    return at;
}

template <ArgumentKind kind>
char* put_argument(char* at, const LogRecord& record)
{
    if constexpr (kind == ArgumentKind::serial) {
        return put(at, record.member.text());
    } else if constexpr (kind == ArgumentKind::attempt) {
        return put_number(at, record.attempt);
    } else if constexpr (kind == ArgumentKind::code_hex) {
        return put_hex(at, record.code);
    } else {
        return put(at, name_of(record.code).substr(0, kMaxCodeName));
    }
}

template <std::size_t form, std::size_t index>
char* put_piece(char* at, const LogRecord& record)
{
    constexpr Piece kPiece = kPieces[form].list[index];
    std::memcpy(at, kPiece.literal.data(), kPiece.literal.size());
    at += kPiece.literal.size();
    if constexpr (kPiece.has_argument) {
        at = put_argument<kPiece.argument>(at, record);
    }
    return at;
}

// One function per form, so that every literal is a copy of known size.
template <std::size_t form>
char* put_message(char* at, const LogRecord& record)
{
    [&]<std::size_t... index>(std::index_sequence<index...>)
    {
        ((at = put_piece<form, index>(at, record)), ...);
    }
    (std::make_index_sequence<kPieces[form].count>{});
    return at;
}

using PutMessage = char* (*)(char*, const LogRecord&);

constexpr auto kPutMessage = []<std::size_t... form>(std::index_sequence<form...>)
{
    return std::array<PutMessage, kLogForms>{&put_message<form>...};
}
(std::make_index_sequence<kLogForms>{});

}  // namespace

void Formatter::set_stamp(LocalSeconds stamp)
{
    using namespace std::chrono;
    constexpr LocalSeconds kFirst = local_days{year{0} / January / 1};
    constexpr LocalSeconds kLast = local_days{year{9999} / December / 31} + hours(24) - seconds(1);
    stamp = std::clamp(stamp, kFirst, kLast);

    const local_days day = floor<days>(stamp);
    if (!valid_ || day != day_) {
        const year_month_day date{day};
        const auto day_of_month = static_cast<unsigned>(date.day());
        char* at = put(stamp_.data(), kWeekdays[weekday{day}.c_encoding()]);
        at = put(at, kMonths[static_cast<unsigned>(date.month()) - 1]);
        if (day_of_month >= 10) {
            at = put_two_digits(at, day_of_month);
        } else {
            if (style_ == StampStyle::ctime) {
                *at++ = ' ';
            }
            *at++ = static_cast<char>('0' + day_of_month);
        }
        *at++ = ' ';
        clock_at_ = static_cast<std::size_t>(at - stamp_.data());
        const auto year_number = static_cast<unsigned>(static_cast<int>(date.year()));
        at += 8;
        *at++ = ' ';
        at = put_two_digits(at, year_number / 100);
        at = put_two_digits(at, year_number % 100);
        stamp_size_ = static_cast<std::size_t>(at - stamp_.data());
        day_ = day;
        valid_ = true;
    }
    second_ = stamp - day;
    const auto second = static_cast<unsigned>(second_.count());
    char* at = put_two_digits(stamp_.data() + clock_at_, second / 3600);
    *at++ = ':';
    at = put_two_digits(at, second / 60 % 60);
    *at++ = ':';
    put_two_digits(at, second % 60);
}

std::size_t Formatter::format(const LogRecord& record, LocalSeconds stamp, std::span<char> out)
{
    if (out.size() < kMaxLineLength) {
        return 0;
    }
    if (!valid_ || stamp != day_ + second_) {
        set_stamp(stamp);
    }
    char* at = put(out.data(), {stamp_.data(), stamp_size_});
    at = put(at, kBeforePid);
    at = put_number(at, record.pid.value);
    at = put(at, kBeforeGroup);
    at = put(at, record.group.text());
    at = kPutMessage[static_cast<std::size_t>(record.form)](at, record);
    return static_cast<std::size_t>(at - out.data());
}

std::size_t format_line(const LogRecord& record, LocalSeconds stamp, StampStyle style,
                        std::span<char> out)
{
    return Formatter(style).format(record, stamp, out);
}

}  // namespace hasim::log
