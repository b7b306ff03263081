#include "scenario/line.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "scenario/values.hpp"

namespace hasim::scenario {
namespace {

constexpr std::size_t kLongestShown = 40;

constexpr bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

constexpr bool is_control(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

// Reads the quoted word that begins at `i`; leaves `i` behind its closing quote. An empty result is a fault at `i`.
std::optional<Word> read_quoted(std::string_view line, std::size_t& i)
{
    Word word{.text = {}, .column = static_cast<std::uint32_t>(i + 1), .quoted = true};
    for (++i; i < line.size(); ++i) {
        if (line[i] == '"') {
            ++i;
            return word;
        }
        if (line[i] == '\\') {
            if (i + 1 >= line.size() || (line[i + 1] != '"' && line[i + 1] != '\\')) {
                return std::nullopt;
            }
            ++i;
        }
        word.text += line[i];
    }
    return std::nullopt;
}

}  // namespace

void Findings::add(Place place, Severity severity, std::string text)
{
    if (full()) {
        return;
    }
    if (list_.size() == kMaxScenarioFindings) {
        list_.push_back(
            {file_, 0, 0, Severity::error, "too many errors; the others are not shown"});
        return;
    }
    list_.push_back({file_, place.line, place.column, severity, std::move(text)});
}

std::vector<Finding> Findings::take()
{
    const auto key = [](const Finding& finding) {
        // What concerns the file as a whole comes last, as a summary.
        return std::tuple(finding.line == 0, finding.line, finding.column);
    };
    std::stable_sort(list_.begin(), list_.end(),
                     [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
    return std::exchange(list_, {});
}

std::optional<Words> split_words(std::string_view line, std::uint32_t number, Findings& findings)
{
    const auto bad = std::find_if(line.begin(), line.end(), is_control);
    if (bad != line.end()) {
        findings.error({number, static_cast<std::uint32_t>(bad - line.begin() + 1)},
                       fmt::format("control character 0x{:02x}; a scenario is plain text",
                                   static_cast<unsigned>(static_cast<unsigned char>(*bad))));
        return std::nullopt;
    }
    Words result;
    std::size_t i = 0;
    while (true) {
        while (i < line.size() && is_blank(line[i])) {
            ++i;
        }
        if (i >= line.size()) {
            break;
        }
        if (line[i] == '#') {
            result.comment = std::string(trimmed(line.substr(i + 1)));
            break;
        }
        const auto column = static_cast<std::uint32_t>(i + 1);
        if (line[i] == '"') {
            auto word = read_quoted(line, i);
            if (!word || (i < line.size() && !is_blank(line[i]))) {
                findings.error({number, column},
                               word ? "expected a blank after the closing quote"
                                    : "a quote that is not closed, or a \\ before something other "
                                      "than \" and \\");
                return std::nullopt;
            }
            result.words.push_back(std::move(*word));
        } else {
            const std::size_t begin = i;
            while (i < line.size() && !is_blank(line[i])) {
                ++i;
            }
            result.words.push_back({std::string(line.substr(begin, i - begin)), column, false});
        }
        result.end_column = static_cast<std::uint32_t>(i + 1);
    }
    return result;
}

std::string shown(std::string_view word)
{
    if (word.size() <= kLongestShown) {
        return printable(word);
    }
    // Not in the middle of a character of several bytes.
    std::size_t end = kLongestShown;
    while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xc0U) == 0x80U) {
        --end;
    }
    return printable(word.substr(0, end)) + "...";
}

Place Cursor::place() const
{
    return {line_, at_end() ? words_.end_column : words_.words[next_].column};
}

std::string_view Cursor::peek(std::size_t ahead) const
{
    const std::size_t index = next_ + ahead;
    if (index >= words_.words.size() || words_.words[index].quoted) {
        return {};
    }
    return words_.words[index].text;
}

bool Cursor::next_is_quoted() const
{
    return !at_end() && words_.words[next_].quoted;
}

bool Cursor::accept(std::string_view keyword)
{
    if (failed_ || peek() != keyword) {
        return false;
    }
    advance();
    return true;
}

bool Cursor::expect(std::string_view keyword)
{
    return accept(keyword) || fail(fmt::format("'{}'", keyword), {keyword});
}

bool Cursor::fail(std::string_view what, const std::vector<std::string_view>& known)
{
    if (at_end()) {
        return fail_at(place(), fmt::format("expected {}, found the end of the line", what));
    }
    const std::string& word = words_.words[next_].text;
    std::string text = fmt::format("expected {}, found '{}'", what, shown(word));
    const std::string near = nearest(word, known);
    if (!near.empty() && near != word) {
        text += fmt::format("; did you mean '{}'?", near);
    }
    return fail_at(place(), std::move(text));
}

bool Cursor::fail_at(Place place, std::string text)
{
    if (!failed_) {
        findings_.error(place, std::move(text));
        failed_ = true;
    }
    return false;
}

bool Cursor::finish()
{
    return !failed_ && (at_end() || fail("the end of the line"));
}

std::optional<Duration> Cursor::duration(std::string_view what)
{
    const auto duration = read_duration(peek());
    if (failed_ || !duration) {
        fail(fmt::format("{} (a duration: 10s, 1.5s, 250ms, 1h30m)", what));
        return std::nullopt;
    }
    advance();
    return duration;
}

std::optional<Instant> Cursor::instant(std::string_view what)
{
    const auto duration = read_duration(peek());
    if (failed_ || !duration) {
        fail(fmt::format("{} (time since the start: 10s, 1m30s)", what));
        return std::nullopt;
    }
    advance();
    return kStart + *duration;
}

std::optional<std::uint64_t> Cursor::number(std::string_view what, std::uint64_t least,
                                            std::uint64_t largest)
{
    const auto number = read_number(peek(), largest);
    if (failed_ || !number || *number < least) {
        fail(largest == UINT64_MAX
                 ? fmt::format("{} (a number from {})", what, least)
                 : fmt::format("{} (a number from {} to {})", what, least, largest));
        return std::nullopt;
    }
    advance();
    return number;
}

std::optional<Serial> Cursor::serial()
{
    const auto serial = Serial::parse(peek());
    if (failed_ || !serial) {
        fail("a serial number (1 to 20 digits)");
        return std::nullopt;
    }
    advance();
    return serial;
}

std::optional<std::string> Cursor::text(std::string_view what)
{
    if (failed_ || at_end() || words_.words[next_].text.empty()) {
        fail(what);
        return std::nullopt;
    }
    if (words_.words[next_].text.size() > kLongestText) {
        fail_at(place(), fmt::format("a text has at most {} bytes", kLongestText));
        return std::nullopt;
    }
    return words_.words[next_++].text;
}

std::optional<std::string> Cursor::name(std::string_view what)
{
    const std::string_view word = peek();
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    });
    if (failed_ || !plain) {
        fail(fmt::format("{} (letters, digits and ._- only)", what));
        return std::nullopt;
    }
    return words_.words[next_++].text;
}

}  // namespace hasim::scenario
