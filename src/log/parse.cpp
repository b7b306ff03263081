// Reads one line. Written by hand on the catalogue's templates: one function per form, made at compile
// time, so that every literal is a comparison of known length.
#include <utility>

#include "hasim/ha_log.hpp"
#include "log/line_scanner.hpp"
#include "log/template_pieces.hpp"

namespace hasim::log {
namespace {

template <ArgumentKind kind>
bool argument(Scanner& scan, ParsedLine& out)
{
    if constexpr (kind == ArgumentKind::serial) {
        return serial(scan, out.member);
    } else if constexpr (kind == ArgumentKind::attempt) {
        if (scan.at != scan.end && *scan.at == '#') {
            ++scan.at;
        }
        return number(scan, out.attempt);
    } else if constexpr (kind == ArgumentKind::code_hex) {
        return code_hex(scan, out.code);
    } else {
        return code_name(scan, out.code_name);
    }
}

template <std::size_t form, std::size_t index>
bool piece(Scanner& scan, ParsedLine& out)
{
    constexpr Piece kPiece = kPieces[form].list[index];
    if constexpr (!kPiece.has_argument && kPiece.literal == ".") {
        return true;  // the full stop is read for every form alike
    } else {
        if (!literal(scan, kPiece.literal)) {
            return false;
        }
        if constexpr (kPiece.has_argument) {
            return argument<kPiece.argument>(scan, out);
        }
        return true;
    }
}

template <std::size_t form>
bool whole_message(Scanner& scan, ParsedLine& out)
{
    const bool pieces_match = [&]<std::size_t... index>(std::index_sequence<index...>)
    {
        return (piece<form, index>(scan, out) && ...);
    }
    (std::make_index_sequence<kPieces[form].count>{});
    if (!pieces_match) {
        return false;
    }
    if (scan.at != scan.end && *scan.at == '.') {
        ++scan.at;
    }
    if (scan.at != scan.end) {
        return scan.fail();
    }
    out.form = static_cast<LogForm>(form);
    if constexpr (!has_attempt(static_cast<LogForm>(form))) {
        out.attempt = 0;
    }
    if constexpr (!has_code(static_cast<LogForm>(form))) {
        out.code = Code::ok;
        out.code_name = {};
    }
    return true;
}

// Tries the forms whose message starts with `first` (after the blank), in the order of the catalogue. The failure that
// came furthest is kept in `furthest`.
template <char first>
bool messages_starting(const Scanner& start, ParsedLine& out, Scanner& furthest)
{
    const auto attempt = [&]<std::size_t form>(std::integral_constant<std::size_t, form>) {
        if constexpr (kPieces[form].list[0].literal[1] == first) {
            Scanner scan = start;
            if (whole_message<form>(scan, out)) {
                furthest = scan;
                return true;
            }
            if (scan.at > furthest.at || (scan.at == furthest.at && scan.ended)) {
                furthest = scan;
            }
        }
        return false;
    };
    return [&]<std::size_t... form>(std::index_sequence<form...>)
    {
        return (attempt(std::integral_constant<std::size_t, form>{}) || ...);
    }
    (std::make_index_sequence<kLogForms>{});
}

constexpr std::string_view kFirstLetters = "hucmdreR";
static_assert(
    [] {
        for (const Pieces& pieces : kPieces) {
            if (pieces.list[0].literal[0] != ' ' ||
                kFirstLetters.find(pieces.list[0].literal[1]) == kFirstLetters.npos) {
                return false;
            }
        }
        return true;
    }(),
    "every first letter of a message has its case in message()");

// Everything after the group's serial.
bool message(Scanner& scan, ParsedLine& out)
{
    if (scan.left() < 2 || *scan.at != ' ') {
        return scan.left() == 0 ? scan.fail() : literal(scan, " ") && scan.fail();
    }
    const Scanner start = scan;
    switch (scan.at[1]) {
    case 'h': return messages_starting<'h'>(start, out, scan);
    case 'u': return messages_starting<'u'>(start, out, scan);
    case 'c': return messages_starting<'c'>(start, out, scan);
    case 'm': return messages_starting<'m'>(start, out, scan);
    case 'd': return messages_starting<'d'>(start, out, scan);
    case 'r': return messages_starting<'r'>(start, out, scan);
    case 'e': return messages_starting<'e'>(start, out, scan);
    case 'R': return messages_starting<'R'>(start, out, scan);
    default: ++scan.at; return scan.fail();
    }
}

bool group_and_message(Scanner& scan, ParsedLine& out)
{
    return serial(scan, out.group) && message(scan, out);
}

bool whole_line(Scanner& scan, ParsedLine& out)
{
    return head(scan, out) && group_and_message(scan, out);
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Takes up to `most` characters of `kind` off the end of `text`; false when there are less than `least`.
bool take_from_end(std::string_view& text, bool (*kind)(char), std::size_t least, std::size_t most)
{
    std::size_t taken = 0;
    while (taken < most && !text.empty() && kind(text.back())) {
        text.remove_suffix(1);
        ++taken;
    }
    return taken >= least;
}

// Whether `text` could be the end, not the whole, of "Wed Oct 4 16:29:21 2017 : [17469".
bool is_end_of_head(std::string_view text)
{
    struct Part {
        bool (*kind)(char);
        std::size_t least;
        std::size_t most;
    };
    constexpr auto kBlank = [](char c) { return c == ' '; };
    constexpr auto kColon = [](char c) { return c == ':'; };
    constexpr auto kBracket = [](char c) { return c == '['; };
    constexpr std::size_t kMaxPid = 10;
    constexpr std::size_t kMaxBlanks = 16;
    const Part parts[] = {
        {is_digit, 1, kMaxPid}, {kBracket, 1, 1},  {kBlank, 1, 1},          {kColon, 1, 1},
        {kBlank, 1, 1},         {is_digit, 4, 4},  {kBlank, 1, 1},          {is_digit, 2, 2},
        {kColon, 1, 1},         {is_digit, 2, 2},  {kColon, 1, 1},          {is_digit, 2, 2},
        {kBlank, 1, 1},         {is_digit, 1, 2},  {kBlank, 1, kMaxBlanks}, {is_letter, 3, 3},
        {kBlank, 1, 1},         {is_letter, 0, 2},
    };
    for (const Part& part : parts) {
        if (!take_from_end(text, part.kind, part.least, part.most)) {
            return text.empty();
        }
    }
    return text.empty();
}

// A record whose head is missing: what is left starts within the prefix, before the group's serial.
bool is_tail(std::string_view line)
{
    constexpr std::size_t kLongestHead = 64;
    const std::size_t found = line.substr(0, kLongestHead).find(kBeforeGroup);
    std::size_t message_at = 0;
    if (found != std::string_view::npos) {
        if (!is_end_of_head(line.substr(0, found))) {
            return false;
        }
        message_at = found + kBeforeGroup.size();
    } else {
        std::size_t cut = 1;
        while (cut < kBeforeGroup.size() && !line.starts_with(kBeforeGroup.substr(cut))) {
            ++cut;
        }
        if (cut == kBeforeGroup.size()) {
            return false;
        }
        message_at = kBeforeGroup.size() - cut;
    }
    ParsedLine ignored;
    Scanner scan{line.data() + message_at, line.data() + line.size()};
    return group_and_message(scan, ignored);
}

}  // namespace

std::string_view to_text(LineKind kind)
{
    switch (kind) {
    case LineKind::record: return "record";
    case LineKind::unknown: return "unknown";
    case LineKind::torn: return "torn";
    case LineKind::empty: return "empty";
    }
    return "";
}

LineKind parse_line(std::string_view line, ParsedLine& out)
{
    const char* const first = line.data();
    const char* last = first + line.size();
    while (last != first && is_blank(last[-1])) {
        --last;
    }
    out.matched = 0;
    if (last == first) {
        return LineKind::empty;
    }
    Scanner scan{first, last};
    if (whole_line(scan, out)) {
        out.matched = line.size();
        return LineKind::record;
    }
    // What is right but for blanks that were cut off its end is right as far as it goes, too.
    out.matched = static_cast<std::size_t>(scan.at - first);
    return scan.ended || is_tail({first, static_cast<std::size_t>(last - first)})
               ? LineKind::torn
               : LineKind::unknown;
}

}  // namespace hasim::log
