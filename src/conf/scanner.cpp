#include "conf/scanner.hpp"

#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "conf/keys.hpp"

namespace hasim::conf {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// A carriage return counts as a blank, so that CRLF needs no thought anywhere else.
constexpr bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

constexpr bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

// Without the quotes that stand round the whole of `text`; not round the first of several quoted items.
std::string_view without_quotes(std::string_view text)
{
    const bool around =
        text.size() >= 2 && is_quote(text.front()) && text.find(text.front(), 1) == text.size() - 1;
    return around ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

Scanner::Scanner(std::string_view text, FindingList& findings) : text_(text), findings_(findings)
{
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        text_.remove_prefix(kByteOrderMark.size());
    }
}

// `//` or `#`. What stands before it is the caller's business: an address such as https://x holds no comment.
bool Scanner::comment_at(std::size_t position) const
{
    return position < text_.size() && (text_[position] == '#' || text_.substr(position, 2) == "//");
}

bool Scanner::blank_or_line_end(std::size_t position) const
{
    return position >= text_.size() || is_blank(text_[position]) || text_[position] == '\n';
}

std::size_t Scanner::line_end(std::size_t from) const
{
    return std::min(text_.find('\n', from), text_.size());
}

// The first of `characters` in [from, end), or `end`. It never looks beyond the line: that would take quadratic time.
std::size_t Scanner::find_before(std::size_t end, std::string_view characters,
                                 std::size_t from) const
{
    return std::min(text_.substr(0, end).find_first_of(characters, from), end);
}

std::size_t Scanner::behind_blanks(std::size_t from) const
{
    while (from < text_.size() && is_blank(text_[from])) {
        ++from;
    }
    return from;
}

// Of a position in the line that is being scanned.
Place Scanner::place(std::size_t position) const
{
    return {line_, static_cast<std::uint32_t>(position - line_start_ + 1)};
}

std::string_view Scanner::trimmed(std::size_t from, std::size_t to) const
{
    from = std::min(behind_blanks(from), to);
    while (to > from && is_blank(text_[to - 1])) {
        --to;
    }
    return text_.substr(from, to - from);
}

void Scanner::new_line()
{
    ++position_;
    line_start_ = position_;
    ++line_;
}

Scanner::Step Scanner::next()
{
    for (;;) {
        position_ = behind_blanks(position_);
        if (at_end()) {
            finish();
            return Step::end;
        }
        const char c = text_[position_];
        if (c == '\n') {
            new_line();
        } else if (comment_at(position_)) {
            skip_line();
        } else if (c == ';') {
            // Nothing between braces, and behind a closing brace; elsewhere the comment of an INI file.
            if (body_ == Body::braces || trimmed(line_start_, position_).ends_with('}')) {
                ++position_;
            } else {
                skip_line();
            }
        } else if (c == '}') {
            close_braces();
        } else {
            const Found found = c == '[' ? bracket_section() : statement();
            if (found != Found::nothing) {
                return found == Found::section ? Step::section : Step::entry;
            }
        }
    }
}

void Scanner::finish()
{
    if (body_ == Body::braces) {
        findings_.error(section_.place,
                        fmt::format("section {} is not closed; put a }} behind its last entry",
                                    in_quotes(section_.name)));
    }
    body_ = Body::none;
}

void Scanner::close_braces()
{
    if (body_ == Body::braces) {
        body_ = Body::none;
    } else if (brace_forgiven_) {
        brace_forgiven_ = false;
    } else {
        findings_.error(place(position_),
                        "this } closes nothing; remove it, or open a section with 'Name = {'");
    }
    unclosed_ = {};
    ++position_;
}

void Scanner::open_section(std::string_view name, Place name_place, Body body)
{
    brace_forgiven_ = body_ == Body::braces;
    if (brace_forgiven_) {
        findings_.error(
            name_place,
            fmt::format("section {} begins inside section {} of line {}, which lacks its }}; "
                        "sections cannot be nested",
                        in_quotes(name), in_quotes(section_.name), section_.place.line));
    }
    section_ = {name, name_place};
    body_ = body;
    unclosed_ = {};
}

Scanner::Found Scanner::bracket_section()
{
    const std::size_t open = position_;
    const std::size_t end = line_end(open);
    const std::size_t close = find_before(end, "]", open);
    if (close >= end) {
        findings_.error(place(open), "a section line needs its closing bracket: [Name]");
        position_ = end;
        return Found::nothing;
    }
    open_section(trimmed(open + 1, close), place(open), Body::brackets);
    position_ = behind_blanks(close + 1);
    if (!blank_or_line_end(position_) && text_[position_] != ';' && !comment_at(position_)) {
        findings_.error(place(position_),
                        "text behind the section's name; start the entry on a line of its own");
    }
    position_ = end;
    return Found::section;
}

// A statement that begins with a word: `Name = {` or `key = value`.
Scanner::Found Scanner::statement()
{
    const std::size_t start = position_;
    const std::size_t end = line_end(start);
    const std::size_t stop = find_before(end, body_ == Body::brackets ? "=" : "=;{}", start);
    const std::string_view word = trimmed(start, stop);
    if (stop < end && text_[stop] == '=') {
        if (word.empty()) {
            findings_.error(place(start), "no key before the =; an entry is 'key = value;'");
            position_ = end;
            return Found::nothing;
        }
        std::size_t brace = 0;
        if (opens_section(stop + 1, brace)) {
            return brace_section(without_quotes(word), place(start), brace);
        }
        return trimmed(stop + 1, end).empty() && lacks_brace(word)
                   ? section_without_brace(word, place(start), stop + 1)
                   : pair(word, place(start), stop);
    }
    if (stop < end && text_[stop] == '{') {
        if (word.empty()) {
            findings_.error(place(stop), "a { without a section's name; a section is 'Name = {'");
            position_ = stop + 1;
            return Found::nothing;
        }
        findings_.warning(place(stop),
                          fmt::format("no = before the {{; write '{} = {{'", word.substr(0, 50)));
        return brace_section(without_quotes(word), place(start), stop);
    }
    if (stop == end && lacks_brace(word)) {
        return section_without_brace(word, place(start), start + word.size());
    }
    findings_.error(place(start),
                    fmt::format("expected 'key = value', found {}; put // before a comment",
                                in_quotes(trimmed(start, std::max(stop, start + 1)))));
    position_ = stop < end && text_[stop] == '}' ? stop : end;
    return Found::nothing;
}

// Whether what follows an = is the brace of a section; it may stand on a later line, as its first character.
bool Scanner::opens_section(std::size_t behind_equals, std::size_t& brace) const
{
    std::size_t position = behind_blanks(behind_equals);
    if (position < text_.size() && text_[position] == '{') {
        brace = position;
        const std::size_t rest = behind_blanks(position + 1);
        return body_ != Body::brackets || rest >= text_.size() || text_[rest] == '\n' ||
               comment_at(rest);
    }
    if (body_ == Body::brackets) {
        return false;
    }
    while (position < text_.size() && (text_[position] == '\n' || comment_at(position))) {
        position = line_end(position);
        position = behind_blanks(position < text_.size() ? position + 1 : position);
    }
    brace = position;
    return position < text_.size() && text_[position] == '{';
}

Scanner::Found Scanner::brace_section(std::string_view name, Place name_place, std::size_t brace)
{
    open_section(name, name_place, Body::braces);
    for (std::size_t end = line_end(position_); end < brace; end = line_end(position_)) {
        position_ = end;
        new_line();
    }
    position_ = brace + 1;
    return Found::section;
}

/// Outside of sections, the name of one alone on its line can only be the beginning of that section.
bool Scanner::lacks_brace(std::string_view word) const
{
    return body_ == Body::none && knows_section(word);
}

/// The section is opened all the same, so that its entries are read, and its } closes something.
Scanner::Found Scanner::section_without_brace(std::string_view name, Place name_place,
                                              std::size_t behind)
{
    findings_.error(place(behind), fmt::format("section {} lacks its {{; write '{} = {{'",
                                               in_quotes(name), name.substr(0, 50)));
    open_section(name, name_place, Body::braces);
    position_ = line_end(behind);
    return Found::section;
}

// In braces every semicolon closes. In an INI file a path may hold one, so there it has to look like the end.
bool Scanner::semicolon_closes(std::size_t position) const
{
    return body_ != Body::brackets || blank_or_line_end(position + 1) || comment_at(position + 1) ||
           is_blank(text_[position - 1]);
}

Scanner::Extent Scanner::value_extent(std::size_t from)
{
    const std::size_t end = line_end(from);
    bool item_start =
        true;  // where a quote opens: at the start of the value, and of each item of a list
    for (std::size_t i = from; i < end; ++i) {
        const char c = text_[i];
        if (item_start && is_quote(c)) {
            const std::size_t close = find_before(end, text_.substr(i, 1), i + 1);
            if (close >= end) {
                findings_.error(place(i), "the quote is not closed on its line");
                return {end, false, false, true};
            }
            i = close;
            item_start = false;
            continue;
        }
        if (c == ';' && semicolon_closes(i)) {
            return {i, true, false, false};
        }
        if (c == '}' && body_ != Body::brackets) {
            return {i, false, false, false};
        }
        // A comment stands behind a blank; as the first thing of a value it needs a blank behind it too, because a
        // path may begin with two slashes.
        const bool behind_blank = i == from || is_blank(text_[i - 1]);
        if (behind_blank && comment_at(i) &&
            (i > from || blank_or_line_end(i + (c == '#' ? 1 : 2)))) {
            return {i, false, true, false};
        }
        item_start = c == ',' || (item_start && is_blank(c));
    }
    return {end, false, false, false};
}

Scanner::Found Scanner::pair(std::string_view key, Place key_place, std::size_t equals)
{
    const std::size_t start = std::min(behind_blanks(equals + 1), line_end(equals));
    const Place raw_place = place(start);
    const Extent extent = value_extent(start);
    if (extent.broken) {
        position_ = extent.end;
        return Found::nothing;
    }
    if (unclosed_.line != 0) {
        findings_.warning(unclosed_,
                          "no semicolon behind the value; it was taken to end with its line");
        unclosed_ = {};
    }
    const std::string_view raw = trimmed(start, extent.end);
    leave_value(extent, place(start + raw.size()), raw);
    if (body_ == Body::none) {
        const std::string_view home = section_of_key(key);
        findings_.error(
            key_place,
            fmt::format("{} stands outside every section; move it into {}", in_quotes(key),
                        home.empty() ? "one" : fmt::format("section '{}'", home)));
        return Found::nothing;
    }
    const std::string_view value = without_quotes(raw);
    entry_ = {0, without_quotes(key), key_place, value, raw_place};
    entry_.value_place.column += value.size() == raw.size() ? 0U : 1U;
    return Found::entry;
}

// Steps behind a value, and remembers what was wrong with its end.
void Scanner::leave_value(const Extent& extent, Place value_end, std::string_view value)
{
    position_ = extent.end + (extent.closed ? 1 : 0);
    if (body_ == Body::brackets) {
        skip_line();  // behind a semicolon an INI file has a comment
        return;
    }
    if (extent.commented) {
        const std::string_view comment = trimmed(extent.end, line_end(extent.end));
        if (comment.ends_with(';')) {
            findings_.warning(
                place(extent.end),
                fmt::format(
                    "the comment begins before the semicolon, so the value is {}; if it should "
                    "be longer, put it in quotes",
                    in_quotes(value)));
            return;
        }
    }
    const bool next_on_same_line = extent.end < text_.size() && text_[extent.end] == '}';
    if (!extent.closed && !next_on_same_line && body_ == Body::braces) {
        unclosed_ = value_end;
    }
}

}  // namespace hasim::conf
