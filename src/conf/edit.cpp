// Theory of operation: the text is read, the bytes that say the one thing are found by the places that the reader
// gives, and a few ways to write the new thing there are tried. Each is read again, and the first one counts that says
// all of what was said before but for that thing. So whatever a file looks like, an edit is right or refused.
#include "conf/edit.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "conf/keys.hpp"
#include "conf/load_document.hpp"

namespace hasim::conf {

namespace {

// ---- What a text says ---------------------------------------------------------------------------------------------

struct Said {
    std::string section;
    std::vector<std::pair<std::string, std::string>> entries;
    friend bool operator==(const Said&, const Said&) = default;
};

struct Read {
    Document document;  ///< points into the text
    std::vector<Said> said;
    std::string problem;
};

Read read_text(std::string_view text)
{
    FindingList findings("");
    Read read;
    read.document = load_document(text, findings);
    for (const Section& section : read.document.sections) {
        read.said.push_back({std::string(section.name), {}});
    }
    for (const Entry& entry : read.document.entries) {
        read.said[entry.section].entries.emplace_back(entry.key, entry.value);
    }
    for (const Finding& finding : findings.take()) {
        if (finding.severity == Severity::error && read.problem.empty()) {
            read.problem = finding.line == 0
                               ? finding.text
                               : fmt::format("line {}: {}", finding.line, finding.text);
        }
    }
    return read;
}

bool says(const std::string& text, const std::vector<Said>& wanted)
{
    const Read read = read_text(text);
    return read.problem.empty() && read.said == wanted;
}

// ---- Where it says it ---------------------------------------------------------------------------------------------

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/// A piece of the text: [begin, end).
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

class Layout {
public:
    Layout(std::string_view text, const Document& document) : text_(text), document_(document) {}

    [[nodiscard]] Span span_of(std::string_view piece) const
    {
        const auto begin = static_cast<std::size_t>(piece.data() - text_.data());
        return {begin, begin + piece.size()};
    }
    /// With the quotes round it.
    [[nodiscard]] Span quoted(Span span) const
    {
        const bool quotes = span.begin > 0 && span.end < text_.size() &&
                            (text_[span.begin - 1] == '"' || text_[span.begin - 1] == '\'') &&
                            text_[span.begin - 1] == text_[span.end];
        return quotes ? Span{span.begin - 1, span.end + 1} : span;
    }
    [[nodiscard]] std::size_t behind_blanks(std::size_t at) const
    {
        while (at < text_.size() && is_space(text_[at])) {
            ++at;
        }
        return at;
    }
    [[nodiscard]] std::size_t line_begin(std::size_t at) const
    {
        const std::size_t before = at == 0 ? std::string_view::npos : text_.rfind('\n', at - 1);
        return before == std::string_view::npos ? 0 : before + 1;
    }
    /// In front of the line's end, CRLF whole.
    [[nodiscard]] std::size_t line_end(std::size_t at) const
    {
        const std::size_t end = std::min(text_.find('\n', at), text_.size());
        return end > at && end < text_.size() && text_[end - 1] == '\r' ? end - 1 : end;
    }
    [[nodiscard]] std::string_view line_break() const
    {
        const std::size_t first = text_.find('\n');
        return first != std::string_view::npos && first > 0 && text_[first - 1] == '\r' ? "\r\n"
                                                                                        : "\n";
    }
    /// The semicolon behind a value, where there is one.
    [[nodiscard]] std::optional<std::size_t> semicolon(const Entry& entry) const
    {
        const std::size_t at = behind_blanks(quoted(span_of(entry.value)).end);
        return at < text_.size() && text_[at] == ';' ? std::optional(at) : std::nullopt;
    }
    [[nodiscard]] std::size_t end_of(const Entry& entry) const
    {
        const auto closed = semicolon(entry);
        return closed ? *closed + 1 : quoted(span_of(entry.value)).end;
    }
    /// Behind `at` there is nothing more in the line, or a comment.
    [[nodiscard]] bool ends_line(std::size_t at) const
    {
        const std::string_view rest = text_.substr(behind_blanks(at));
        return rest.empty() || rest[0] == '\n' || rest[0] == '#' || rest.starts_with("//");
    }
    [[nodiscard]] bool in_brackets(const Section& section) const
    {
        const std::size_t name = quoted(span_of(section.name)).begin;
        const std::size_t begin = line_begin(name);
        return text_.substr(begin, name - begin).find('[') != std::string_view::npos;
    }
    [[nodiscard]] const Entry* last_of(std::size_t section) const
    {
        const Entry* last = nullptr;
        for (const Entry& entry : document_.entries) {
            last = entry.section == section ? &entry : last;
        }
        return last;
    }

private:
    std::string_view text_;
    const Document& document_;
};

/// `text` with the bytes of `span` replaced.
std::string with(std::string_view text, Span span, std::string_view bytes)
{
    std::string changed(text.substr(0, span.begin));
    changed += bytes;
    changed += text.substr(span.end);
    return changed;
}

// ---- Setting ------------------------------------------------------------------------------------------------------

/// Ways to write a value.
std::array<std::string, 3> spellings(std::string_view value)
{
    return {std::string(value), fmt::format("\"{}\"", value), fmt::format("'{}'", value)};
}

class Setting {
public:
    Setting(std::string_view text, const Read& read, std::string_view section, std::string_view key)
        : text_(text), read_(read), layout_(text, read.document), section_(section), key_(key)
    {
        for (std::size_t i = 0; i < read.document.sections.size(); ++i) {
            in_ = read.document.sections[i].name == section ? std::optional(i) : in_;
        }
        for (const Entry& entry : read.document.entries) {
            const bool meant =
                entry.key == key && read.document.sections[entry.section].name == section;
            old_ = meant ? &entry : old_;
        }
    }

    /// What the text must say afterwards.
    [[nodiscard]] std::vector<Said> wanted(std::string_view value) const
    {
        std::vector<Said> said = read_.said;
        if (old_ != nullptr) {
            const auto index =
                std::count_if(read_.document.entries.data(), old_,
                              [&](const Entry& entry) { return entry.section == old_->section; });
            said[old_->section].entries[static_cast<std::size_t>(index)].second = value;
        } else {
            if (!in_) {
                said.push_back({std::string(section_), {}});
            }
            said[in_.value_or(said.size() - 1)].entries.emplace_back(key_, value);
        }
        return said;
    }

    /// Texts that may say so, the best one first.
    [[nodiscard]] std::vector<std::string> candidates(std::string_view value) const
    {
        std::vector<std::string> texts;
        if (old_ != nullptr) {
            const Span inside = layout_.span_of(old_->value);
            texts.push_back(with(text_, inside, value));
            for (const std::string& spelling : spellings(value)) {
                texts.push_back(with(text_, layout_.quoted(inside), spelling));
                if (inside.begin == inside.end) {  // "key =;" and "key="
                    texts.push_back(with(text_, layout_.quoted(inside), " " + spelling));
                }
            }
            return texts;
        }
        for (const std::string& spelling : spellings(value)) {
            texts.push_back(in_ ? behind_last(spelling) : in_new_section(spelling));
        }
        return texts;
    }

private:
    [[nodiscard]] bool brackets() const
    {
        const auto& sections = read_.document.sections;
        return !sections.empty() &&
               layout_.in_brackets(sections[in_.value_or(sections.size() - 1)]);
    }

    /// An entry that shows how they are written here; null in a text without any.
    [[nodiscard]] const Entry* model() const
    {
        const Entry* const last = in_ ? layout_.last_of(*in_) : nullptr;
        const auto& entries = read_.document.entries;
        return last != nullptr || entries.empty() ? last : &entries.front();
    }

    [[nodiscard]] std::string indent() const
    {
        const Entry* const entry = model();
        if (entry == nullptr) {
            return brackets() ? "" : "    ";
        }
        const std::size_t key = layout_.quoted(layout_.span_of(entry->key)).begin;
        const std::size_t line = layout_.line_begin(key);
        const std::string_view before = text_.substr(line, key - line);
        return std::all_of(before.begin(), before.end(), is_space) ? std::string(before) : "    ";
    }

    /// In an INI file a semicolon with something behind it begins a comment.
    [[nodiscard]] bool ends_in_semicolon(const Entry& entry) const
    {
        const auto semicolon = layout_.semicolon(entry);
        return semicolon && layout_.behind_blanks(*semicolon + 1) >= layout_.line_end(*semicolon);
    }

    [[nodiscard]] std::string statement(std::string_view spelling) const
    {
        const Entry* const entry = model();
        const bool tight = entry != nullptr
                               ? text_[layout_.quoted(layout_.span_of(entry->key)).end] == '='
                               : brackets();
        const bool closed = !brackets() || (entry != nullptr && ends_in_semicolon(*entry));
        return fmt::format("{}{}{}{}", key_, tight ? "=" : " = ", spelling, closed ? ";" : "");
    }

    [[nodiscard]] std::string behind_last(std::string_view spelling) const
    {
        const Entry* const last = layout_.last_of(*in_);
        std::size_t at = 0;
        std::string close;  // what the entry before needs now that it is not the last
        if (last != nullptr) {
            at = layout_.end_of(*last);
            close = brackets() || layout_.semicolon(*last) ? "" : ";";
        } else {
            const std::size_t name =
                layout_.quoted(layout_.span_of(read_.document.sections[*in_].name)).end;
            at = std::min(text_.find(brackets() ? ']' : '{', name), text_.size() - 1) + 1;
        }
        std::string text = with(text_, {at, at}, close);
        // What follows a value in an INI file is a comment.
        if (brackets() || layout_.ends_line(at)) {
            const std::size_t end = layout_.line_end(at) + close.size();
            return with(text, {end, end},
                        fmt::format("{}{}{}", layout_.line_break(), indent(), statement(spelling)));
        }
        at += close.size();
        return with(text, {at, at}, " " + statement(spelling));
    }

    [[nodiscard]] std::string in_new_section(std::string_view spelling) const
    {
        const std::string_view end = layout_.line_break();
        std::string text(text_);
        if (!text.empty()) {
            text += text.ends_with('\n') ? "" : end;
            text += end;
        }
        return brackets() ? fmt::format("{0}[{1}]{4}{2}{3}{4}", text, section_, indent(),
                                        statement(spelling), end)
                          : fmt::format("{0}{1} = {{{4}{2}{3}{4}}}{4}", text, section_, indent(),
                                        statement(spelling), end);
    }

    std::string_view text_;
    const Read& read_;
    Layout layout_;
    std::string_view section_;
    std::string_view key_;
    std::optional<std::size_t> in_;  ///< the section, of several of that name the last
    const Entry* old_ = nullptr;
};

/// Without the statement; without its line where nothing else is on it.
std::string without(std::string_view text, const Layout& layout, const Entry& entry, bool closed)
{
    Span span{layout.quoted(layout.span_of(entry.key)).begin,
              closed ? layout.end_of(entry) : layout.quoted(layout.span_of(entry.value)).end};
    const std::size_t line = layout.line_begin(span.begin);
    const std::string_view before = text.substr(line, span.begin - line);
    const std::size_t rest = layout.behind_blanks(span.end);
    const bool alone = std::all_of(before.begin(), before.end(), is_space) &&
                       (rest == text.size() || text[rest] == '\n');
    if (alone) {
        span = {line, std::min(rest + 1, text.size())};
    } else if (rest < text.size() && text[rest] != '\n') {
        span.end = rest;
    }
    return with(text, span, "");
}

}  // namespace

Edited set_entry(std::string_view text, std::string_view section, std::string_view key,
                 std::string_view value)
{
    const Read read = read_text(text);
    if (!read.problem.empty()) {
        return {{}, read.problem};
    }
    const Setting setting(text, read, section, key);
    const std::vector<Said> wanted = setting.wanted(value);
    for (std::string& candidate : setting.candidates(value)) {
        if (says(candidate, wanted)) {
            return {std::move(candidate), {}};
        }
    }
    return {{},
            fmt::format("a Chrystoki.conf cannot hold {} = {} in a section {}", in_quotes(key),
                        in_quotes(value), in_quotes(section))};
}

Edited unset_entry(std::string_view text, std::string_view section, std::string_view key)
{
    Edited edited{std::string(text), {}};
    for (;;) {
        const Read read = read_text(edited.text);
        if (!read.problem.empty()) {
            return {{}, read.problem};
        }
        const Layout layout(edited.text, read.document);
        const auto& entries = read.document.entries;
        const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
            return entry.key == key && read.document.sections[entry.section].name == section;
        });
        if (found == entries.end()) {
            return edited;
        }
        std::vector<Said> wanted = read.said;
        const auto index = std::count_if(entries.begin(), found, [&](const Entry& entry) {
            return entry.section == found->section;
        });
        auto& said = wanted[found->section].entries;
        said.erase(said.begin() + index);
        std::string next = without(edited.text, layout, *found, true);
        if (!says(next, wanted)) {  // in an INI file a semicolon may begin a comment
            next = without(edited.text, layout, *found, false);
        }
        if (!says(next, wanted)) {
            return {{},
                    fmt::format("line {}: {} cannot be taken out of this line without harm",
                                found->key_place.line, in_quotes(key))};
        }
        edited.text = std::move(next);
    }
}

// ---- Groups -------------------------------------------------------------------------------------------------------

std::optional<std::string> group_digits(std::string_view text, std::string_view label)
{
    const Read read = read_text(text);
    std::optional<std::string> digits;
    for (const Entry& entry : read.document.entries) {
        const auto number = key_number(entry.key, kVirtualToken, "Label");
        if (number && entry.value == label) {
            digits = number->digits;
        }
    }
    return digits;
}

std::optional<std::string> free_group_digits(std::string_view text)
{
    const Read read = read_text(text);
    std::set<std::uint32_t> taken;
    for (const Entry& entry : read.document.entries) {
        for (const std::string_view suffix : {"Label", "SN", "Members"}) {
            if (const auto number = key_number(entry.key, kVirtualToken, suffix)) {
                taken.insert(number->number);
            }
        }
    }
    for (std::uint32_t number = 0; number < 100; ++number) {
        if (!taken.contains(number)) {
            return fmt::format("{:02}", number);
        }
    }
    return std::nullopt;
}

}  // namespace hasim::conf
