#include "log/format.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/buffer_writer.hpp"
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

template <ArgumentKind kind>
void put_argument(BufferWriter& writer, const LogRecord& record)
{
    if constexpr (kind == ArgumentKind::serial) {
        writer.text(record.member.text());
    } else if constexpr (kind == ArgumentKind::attempt) {
        writer.number(record.attempt);
    } else if constexpr (kind == ArgumentKind::code_hex) {
        writer.hex(static_cast<std::uint32_t>(record.code));
    } else {
        writer.text(name_of(record.code).substr(0, kMaxCodeName));
    }
}

template <std::size_t form, std::size_t index>
void put_piece(BufferWriter& writer, const LogRecord& record)
{
    constexpr Piece kPiece = kPieces[form].list[index];
    writer.text(kPiece.literal);
    if constexpr (kPiece.has_argument) {
        put_argument<kPiece.argument>(writer, record);
    }
}

// One function per form, so that every literal is a copy of known size.
template <std::size_t form>
void put_message(BufferWriter& writer, const LogRecord& record)
{
    [&]<std::size_t... index>(std::index_sequence<index...>)
    {
        (put_piece<form, index>(writer, record), ...);
    }
    (std::make_index_sequence<kPieces[form].count>{});
}

using PutMessage = void (*)(BufferWriter&, const LogRecord&);

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
        BufferWriter writer(stamp_.data());
        writer.text(kWeekdays[weekday{day}.c_encoding()]);
        writer.text(kMonths[static_cast<unsigned>(date.month()) - 1]);
        if (day_of_month < 10 && style_ == StampStyle::ctime) {
            writer.character(' ');
        }
        if (day_of_month < 10) {
            writer.character(static_cast<char>('0' + day_of_month));
        } else {
            writer.two_digits(day_of_month);
        }
        writer.character(' ');
        clock_at_ = static_cast<std::size_t>(writer.at() - stamp_.data());
        const auto year_number = static_cast<unsigned>(static_cast<int>(date.year()));
        writer.clock(0);
        writer.character(' ');
        writer.two_digits(year_number / 100);
        writer.two_digits(year_number);
        stamp_size_ = static_cast<std::size_t>(writer.at() - stamp_.data());
        day_ = day;
        valid_ = true;
    }
    second_ = stamp - day;
    BufferWriter(stamp_.data() + clock_at_).clock(static_cast<std::uint64_t>(second_.count()));
}

std::size_t Formatter::format(const LogRecord& record, LocalSeconds stamp, std::span<char> out)
{
    if (out.size() < kMaxLineLength) {
        return 0;
    }
    if (!valid_ || stamp != day_ + second_) {
        set_stamp(stamp);
    }
    BufferWriter writer(out.data());
    writer.text({stamp_.data(), stamp_size_});
    writer.text(kBeforePid);
    writer.number(record.pid.value);
    writer.text(kBeforeGroup);
    writer.text(record.group.text());
    kPutMessage[static_cast<std::size_t>(record.form)](writer, record);
    return static_cast<std::size_t>(writer.at() - out.data());
}

std::size_t format_line(const LogRecord& record, LocalSeconds stamp, StampStyle style,
                        std::span<char> out)
{
    return Formatter(style).format(record, stamp, out);
}

}  // namespace hasim::log
