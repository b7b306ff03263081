// The templates of the catalogue become comparisons of eight bytes at a time; digits are told from others eight at a
// time. What is accepted here is a subset of what LineReader reads as the same form: one blank between words, no
// tolerated spelling.
#include "logtools/plain_lines.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <utility>

#include "log/template_pieces.hpp"

namespace hasim::logtools {
namespace {

constexpr bool kLittleEndian = std::endian::native == std::endian::little;

using Word = std::uint64_t;
constexpr std::size_t kWordSize = sizeof(Word);
constexpr Word kEach = 0x0101010101010101U;
constexpr Word kHigh = 0x80 * kEach;
constexpr Word kLow = 0x7f * kEach;

inline Word load(const char* at)
{
    Word word = 0;
    std::memcpy(&word, at, kWordSize);
    return word;
}

// The high bit of each byte that is no digit.
inline Word not_digits(Word word)
{
    const Word value = word ^ (Word{'0'} * kEach);
    return (((value & kLow) + (0x7f - 9) * kEach) | value) & kHigh;
}

// Length of the run of digits at `at`; 24 stands for more.
inline std::size_t digits_at(const char* at)
{
    constexpr std::size_t kWords = 3;
    for (std::size_t i = 0; i < kWords; ++i) {
        const Word wrong = not_digits(load(at + i * kWordSize));
        if (wrong != 0) {
            return i * kWordSize + static_cast<std::size_t>(std::countr_zero(wrong)) / 8;
        }
    }
    return kWords * kWordSize;
}

// Whether "16:29:21" stands at `at`, as a time of day.
inline bool is_clock(const char* at)
{
    constexpr Word kShape = 0x30303a30303a3030U;  // "00:00:00"
    constexpr Word kRoomLeft =
        0x767a7f767a7f767dU;  // 0x7f less the most each place may be: 29:59:59
    const Word value = load(at) ^ kShape;
    const Word wrong = (((value & kLow) + kRoomLeft) | value) & kHigh;
    const Word hour = (value & 0xff) * 10 + ((value >> 8U) & 0xff);
    return wrong == 0 && hour < 24;
}

// The first `count` characters of `text` from `from` on, as `load` would read them.
constexpr Word word_of(std::string_view text, std::size_t from, std::size_t count)
{
    Word word = 0;
    for (std::size_t i = 0; i < count; ++i) {
        word |= Word{static_cast<unsigned char>(text[from + i])} << (8 * i);
    }
    return word;
}

// Whether the literal of a piece stands at `at`.
template <std::size_t form, std::size_t index>
inline bool literal_at(const char* at)
{
    constexpr std::string_view kText = log::kPieces[form].list[index].literal;
    constexpr std::size_t kWords = kText.size() / kWordSize;
    constexpr std::size_t kRest = kText.size() % kWordSize;
    constexpr auto kExpected = []<std::size_t... word>(std::index_sequence<word...>)
    {
        constexpr std::string_view kSame = log::kPieces[form].list[index].literal;
        return std::array<Word, kWords + 1>{word_of(kSame, word * kWordSize, kWordSize)...,
                                            word_of(kSame, kWords * kWordSize, kRest)};
    }
    (std::make_index_sequence<kWords>{});
    constexpr Word kMask = (Word{1} << (8 * kRest)) - 1;
    Word difference = (load(at + kWords * kWordSize) ^ kExpected[kWords]) & kMask;
    [&]<std::size_t... word>(std::index_sequence<word...>)
    {
        ((difference |= load(at + word * kWordSize) ^ kExpected[word]), ...);
    }
    (std::make_index_sequence<kWords>{});
    return difference == 0;
}

// Whether eight hex digits of any case stand at `at`.
inline bool is_hex_at(const char* at)
{
    constexpr Word kLetters = 0x60 * kEach;  // what 'a' to 'f' have besides 1 to 6
    constexpr Word kLowerCase = 0x20 * kEach;
    const Word letter = ((load(at) | kLowerCase) ^ kLetters);
    const Word too_high = ((letter & kLow) + (0x7f - 6) * kEach) | letter;
    const Word not_zero = (letter & kLow) + kLow;
    return ((not_digits(load(at)) & (too_high | ~not_zero)) & kHigh) == 0;
}

// Length of the run at `at` of what a code's name may hold: printable ASCII but blanks, colons and brackets.
inline std::size_t name_at(const char* at)
{
    constexpr std::size_t kMostWords = 8;
    const auto zeros = [](Word word) { return (word - kEach) & ~word; };
    for (std::size_t i = 0; i < kMostWords; ++i) {
        const Word word = load(at + i * kWordSize);
        const Word low =
            (word - 0x21 * kEach) & ~word;  // right up to the first byte that is too low
        const Word stops = (low | (word + kEach) | word | zeros(word ^ (':' * kEach)) |
                            zeros(word ^ ('[' * kEach)) | zeros(word ^ (']' * kEach))) &
                           kHigh;
        if (stops != 0) {
            return i * kWordSize + static_cast<std::size_t>(std::countr_zero(stops)) / 8;
        }
    }
    return 0;
}

// Size of the argument at `at`; 0 when there is none. Told to be inlined: the compiler would not, which costs a tenth.
template <log::ArgumentKind kind>
[[gnu::always_inline]] inline std::size_t argument_at(const char* at)
{
    constexpr std::size_t kMostAttemptDigits = 9;  // always below 2^32
    constexpr std::size_t kHexSize = 8;
    if constexpr (kind == log::ArgumentKind::serial) {
        const std::size_t size = digits_at(at);
        return size <= Serial::kMaxDigits ? size : 0;
    } else if constexpr (kind == log::ArgumentKind::attempt) {
        const std::size_t size = digits_at(at);
        return size <= kMostAttemptDigits ? size : 0;
    } else if constexpr (kind == log::ArgumentKind::code_hex) {
        return at[0] == '0' && at[1] == 'x' && is_hex_at(at + 2) ? 2 + kHexSize : 0;
    } else {
        const std::size_t size = name_at(at);
        const std::size_t full_stop = size != 0 && at[size - 1] == '.' ? 1 : 0;
        return size - full_stop;
    }
}

// Of a line that is only counted nothing is kept, so nothing is converted.
struct Nothing {
    template <log::ArgumentKind kind>
    void take(const char* /*at*/, std::size_t /*size*/)
    {
    }
    template <std::size_t form>
    void is()
    {
    }
};

inline std::uint32_t decimal_of(const char* at, std::size_t size)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value * 10 + static_cast<std::uint32_t>(at[i] - '0');
    }
    return value;
}

// The value of the eight hex digits at `at`.
inline std::uint32_t hex_of(const char* at)
{
    const Word word = load(at);
    const Word letters = (word >> 6U) & kEach;
    Word value = __builtin_bswap64((word & (0x0f * kEach)) + letters * 9);
    value = (value | value >> 4U) & 0x00ff00ff00ff00ffU;
    value = (value | value >> 8U) & 0x0000ffff0000ffffU;
    return static_cast<std::uint32_t>(value | value >> 16U);
}

// What stands in a line, as LineReader reads it.
struct Values {
    log::ParsedLine& out;

    template <log::ArgumentKind kind>
    void take(const char* at, std::size_t size)
    {
        if constexpr (kind == log::ArgumentKind::serial) {
            out.member = Serial::of_digits(at, size);
        } else if constexpr (kind == log::ArgumentKind::attempt) {
            out.attempt = decimal_of(at, size);
        } else if constexpr (kind == log::ArgumentKind::code_hex) {
            out.code = static_cast<Code>(hex_of(at + 2));
        } else {
            out.code_name = {at, size};
        }
    }
    template <std::size_t form>
    void is()
    {
        constexpr auto kForm = static_cast<LogForm>(form);
        out.form = kForm;
        if constexpr (!log::has_attempt(kForm)) {
            out.attempt = 0;
        }
        if constexpr (!log::has_code(kForm)) {
            out.code = Code::ok;
            out.code_name = {};
        }
    }
};

template <std::size_t form, std::size_t index, class Taker>
inline bool piece_at(const char*& at, Taker& taker)
{
    constexpr log::Piece kPiece = log::kPieces[form].list[index];
    if constexpr (!kPiece.has_argument && kPiece.literal == ".") {
        return true;  // the full stop is read for every form alike
    } else {
        if (!literal_at<form, index>(at)) {
            return false;
        }
        at += kPiece.literal.size();
        if constexpr (kPiece.has_argument) {
            const std::size_t size = argument_at<kPiece.argument>(at);
            taker.template take<kPiece.argument>(at, size);
            at += size;
            return size != 0;
        }
        return true;
    }
}

// What follows the first piece of `form` at `at`, to the newline; where the next line starts, or nothing.
template <std::size_t form, class Taker>
inline const char* rest_at(const char* at, Taker& taker)
{
    const bool matches = [&]<std::size_t... index>(std::index_sequence<index...>)
    {
        return (piece_at<form, index + 1>(at, taker) && ...);
    }
    (std::make_index_sequence<log::kPieces[form].count - 1>{});
    if (!matches) {
        return nullptr;
    }
    at += *at == '.' ? 1 : 0;
    at += *at == '\r' ? 1 : 0;
    return *at == '\n' ? at + 1 : nullptr;
}

constexpr bool same_start(std::size_t a, std::size_t b)
{
    const log::Piece& one = log::kPieces[a].list[0];
    const log::Piece& other = log::kPieces[b].list[0];
    return one.literal == other.literal && one.argument == other.argument && one.has_argument &&
           other.has_argument;
}

constexpr std::size_t first_form_starting(char letter)
{
    std::size_t form = 0;
    while (log::kPieces[form].list[0].literal[1] != letter) {
        ++form;
    }
    return form;
}

// The one of the forms whose message starts with `letter` that stands at `at`; kLogForms when none does. They all start
// with the same piece, which is looked at once.
template <char letter, class Taker>
inline std::size_t form_starting(const char*& at, Taker& taker)
{
    constexpr std::size_t kFirst = first_form_starting(letter);
    const char* start = at;
    if (!piece_at<kFirst, 0>(start, taker)) {
        return kLogForms;
    }
    std::size_t found = kLogForms;
    const auto attempt = [&]<std::size_t form>(std::integral_constant<std::size_t, form>) {
        if constexpr (log::kPieces[form].list[0].literal[1] == letter) {
            static_assert(same_start(kFirst, form));
            if (const char* const next = rest_at<form>(start, taker)) {
                taker.template is<form>();
                at = next;
                found = form;
                return true;
            }
        }
        return false;
    };
    [&]<std::size_t... form>(std::index_sequence<form...>)
    {
        (attempt(std::integral_constant<std::size_t, form>{}) || ...);
    }
    (std::make_index_sequence<kLogForms>{});
    return found;
}

template <class Taker>
inline std::size_t form_at(const char*& at, Taker& taker)
{
    switch (at[1]) {
    case 'h': return form_starting<'h'>(at, taker);
    case 'u': return form_starting<'u'>(at, taker);
    case 'c': return form_starting<'c'>(at, taker);
    case 'm': return form_starting<'m'>(at, taker);
    case 'd': return form_starting<'d'>(at, taker);
    case 'r': return form_starting<'r'>(at, taker);
    case 'e': return form_starting<'e'>(at, taker);
    case 'R': return form_starting<'R'>(at, taker);
    default: return kLogForms;
    }
}

constexpr std::size_t kClockSize = 8;
constexpr std::size_t kYearSize = 8;  // " 2017 : "
constexpr std::size_t kWeekdayAndMonth = 8;

// Seconds since midnight of the clock at `at`.
inline std::chrono::seconds clock_of(const char* at)
{
    return std::chrono::hours(decimal_of(at, 2)) + std::chrono::minutes(decimal_of(at + 3, 2)) +
           std::chrono::seconds(decimal_of(at + 6, 2));
}

}  // namespace

// Size of what stands between clock and message, from the year's blank on: " 2017 : [17469] HA group: 11234840370164".
// The year was looked at before. Nothing when it is not of the plain form.
//
// Lines share few of these, and comparing with one that is known takes a fraction of the time: the processor need not
// wait for the length of one number to know where the next begins.
inline const PlainLines::Head* PlainLines::head_at(const char* at)
{
    constexpr Word kSpread = 0x9e3779b97f4a7c15U;
    const Word pid_part = load(at + kYearSize);
    Head& known = heads_[(pid_part * kSpread) >> (64U - kHeadBits)];
    Word difference = 0;
    [&]<std::size_t... i>(std::index_sequence<i...>)
    {
        ((difference |= (load(at + i * kWordSize) ^ known.words[i]) & known.masks[i]), ...);
    }
    (std::make_index_sequence<kHeadWords>{});
    return (difference == 0 && known.size != 0) || learn_head(at, known) ? &known : nullptr;
}

bool PlainLines::learn_head(const char* at, Head& known)
{
    constexpr std::size_t kMostPidDigits = 9;  // always below 2^32
    constexpr std::string_view kGroup = log::kBeforeGroup;
    const char* next = at + kYearSize;
    const std::size_t pid = digits_at(next + 1);
    if (*next != '[' || pid == 0 || pid > kMostPidDigits) {
        return false;
    }
    const char* const first = next + 1;
    next = first + pid;
    if (std::memcmp(next, kGroup.data(), kGroup.size()) != 0) {
        return false;
    }
    next += kGroup.size();
    const std::size_t group = digits_at(next);
    if (group == 0 || group > Serial::kMaxDigits) {
        return false;
    }
    next += group;
    known.pid = Pid{decimal_of(first, pid)};
    known.group = Serial::of_digits(next - group, group);
    // With the character behind it, which is no digit: the serial is not the beginning of a longer one.
    known.size = static_cast<std::size_t>(next - at);
    const std::size_t compared = known.size + 1;
    for (std::size_t i = 0; i < kHeadWords; ++i) {
        const std::size_t before = i * kWordSize;
        const std::size_t here = compared > before ? std::min(compared - before, kWordSize) : 0;
        known.words[i] = load(at + before);
        known.masks[i] = here == kWordSize ? ~Word{0} : (Word{1} << (8 * here)) - 1;
    }
    return true;
}

// Where the line behind the one at `at` starts, nothing when that is not of the plain form.
template <class Taker>
inline const char* PlainLines::line_at(const char* at, const Date& date, const Head*& head,
                                       std::size_t& form, Taker&& taker)
{
    const char* const clock = at + date.size;
    const Word difference =
        (load(at) ^ date.first) | ((load(at + kWeekdayAndMonth) ^ date.day) & date.day_mask);
    if (difference != 0 || !is_clock(clock) || load(clock + kClockSize) != date.year) {
        return nullptr;
    }
    const char* next = clock + kClockSize;
    head = head_at(next);
    if (head == nullptr) {
        return nullptr;
    }
    next += head->size;
    form = form_at(next, taker);
    return form == kLogForms ? nullptr : next;
}

const char* PlainLines::count(const char* at, const char* end,
                              std::array<std::uint64_t, kLogForms>& forms)
{
    const Date date = date_;
    const Head* head = nullptr;
    std::size_t form = kLogForms;
    while (date.size != 0 && static_cast<std::size_t>(end - at) > kRoom) {
        const char* const next = line_at(at, date, head, form, Nothing{});
        if (next == nullptr) {
            return at;
        }
        ++forms[form];
        at = next;
    }
    return at;
}

const char* PlainLines::read(const char* at, const char* end, log::Line& line)
{
    if (date_.size == 0 || static_cast<std::size_t>(end - at) <= kRoom) {
        return nullptr;
    }
    const Head* head = nullptr;
    std::size_t form = kLogForms;
    const char* const next = line_at(at, date_, head, form, Values{line.parsed});
    if (next == nullptr) {
        return nullptr;
    }
    const std::size_t newline = next[-2] == '\r' ? 2 : 1;
    line.kind = log::LineKind::record;
    line.text = {at, static_cast<std::size_t>(next - at) - newline};
    line.terminated = true;
    line.glued = false;
    line.parsed.stamp = date_.midnight + clock_of(at + date_.size);
    line.parsed.pid = head->pid;
    line.parsed.group = head->group;
    line.parsed.day_seen = date_.day_seen;
    line.parsed.weekday_matches = date_.weekday_matches;
    line.parsed.matched = line.text.size();
    return next;
}

// Remembers the date of a record that was read the slow way.
void PlainLines::learn(const log::Line& line)
{
    const std::string_view text = line.text;
    const std::size_t colon = text.find(':');
    // "Wed Oct 4 16:" or "Wed Oct 14 16:", and the whole stamp behind it.
    if (!kLittleEndian || line.kind != log::LineKind::record || colon < 12 || colon > 13 ||
        text.size() < 64 || !is_clock(text.data() + colon - 2)) {
        return;
    }
    date_.size = colon - 2;
    date_.first = load(text.data());
    date_.day_mask = (Word{1} << (8 * (date_.size - kWeekdayAndMonth))) - 1;
    date_.day = load(text.data() + kWeekdayAndMonth) & date_.day_mask;
    date_.year = load(text.data() + date_.size + kClockSize);
    date_.midnight = std::chrono::floor<std::chrono::days>(line.parsed.stamp);
    date_.day_seen = line.parsed.day_seen;
    date_.weekday_matches = line.parsed.weekday_matches;
}

}  // namespace hasim::logtools
