/// One line of a scenario as words, and a cursor that walks them and says what was wrong, where, and what was expected.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hasim/result.hpp"
#include "hasim/scenario.hpp"

namespace hasim::scenario {

/// Something that stands between blanks, or in quotes.
struct Word {
    std::string text;          ///< without quotes and escapes
    std::uint32_t column = 0;  ///< from 1, in bytes
    bool quoted = false;
};

/// The findings of a file, bounded: after kMaxScenarioFindings errors one more says that there are others.
class Findings {
public:
    explicit Findings(std::string_view file) : file_(file) {}

    void add(Place place, Severity severity, std::string text);
    void error(Place place, std::string text) { add(place, Severity::error, std::move(text)); }
    void warning(Place place, std::string text) { add(place, Severity::warning, std::move(text)); }
    [[nodiscard]] bool full() const { return list_.size() > kMaxScenarioFindings; }
    [[nodiscard]] std::size_t size() const { return list_.size(); }
    /// The findings in the order of their places.
    [[nodiscard]] std::vector<Finding> take();

private:
    std::string file_;
    std::vector<Finding> list_;
};

struct Words {
    std::vector<Word> words;
    std::optional<std::string> comment;  ///< after `#`, without blanks around it
    std::uint32_t end_column = 1;        ///< just behind the last word
};

/// Splits a line; nothing, and one error, for an open quote, an unknown escape or a control character.
[[nodiscard]] std::optional<Words> split_words(std::string_view line, std::uint32_t number,
                                               Findings& findings);

/// Walks the words of one line. The first thing that is wrong is reported; after that everything fails silently, so
/// that a line gives one error.
class Cursor {
public:
    Cursor(const Words& words, std::uint32_t line, Findings& findings)
        : words_(words), line_(line), findings_(findings)
    {
    }

    [[nodiscard]] bool at_end() const { return next_ >= words_.words.size(); }
    [[nodiscard]] bool failed() const { return failed_; }
    /// Where the next word stands, or the end of the line.
    [[nodiscard]] Place place() const;
    /// The next word's text; empty at the end. A quoted word is never a keyword.
    [[nodiscard]] std::string_view peek(std::size_t ahead = 0) const;
    [[nodiscard]] bool next_is_quoted() const;
    void advance(std::size_t count = 1) { next_ += count; }

    /// Consumes the next word if it is this keyword.
    bool accept(std::string_view keyword);
    /// Consumes this keyword, or fails.
    bool expect(std::string_view keyword);
    /// Reports "expected WHAT, found NEXT", with the nearest of `known`. Always false.
    bool fail(std::string_view what, const std::vector<std::string_view>& known = {});
    /// Reports `text` at `place`. Always false.
    bool fail_at(Place place, std::string text);
    /// Fails when something is left.
    bool finish();

    // Each consumes one word, or fails saying what was expected.
    std::optional<Duration> duration(std::string_view what);
    std::optional<Instant> instant(std::string_view what);
    std::optional<std::uint64_t> number(std::string_view what, std::uint64_t least,
                                        std::uint64_t largest);
    std::optional<Serial> serial();
    /// A bare or quoted word that is not empty.
    std::optional<std::string> text(std::string_view what);
    /// A bare word made of letters, digits and ._- only.
    std::optional<std::string> name(std::string_view what);

private:
    const Words& words_;
    std::uint32_t line_;
    Findings& findings_;
    std::size_t next_ = 0;
    bool failed_ = false;
};

/// The longest part of a word that a finding shows.
[[nodiscard]] std::string shown(std::string_view word);

}  // namespace hasim::scenario
