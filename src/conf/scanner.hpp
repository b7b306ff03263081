/// The grammar of Chrystoki.conf (bodies in braces) and crystoki.ini, one statement at a time. What is accepted, and
/// what of it is documented: docs/configuration.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "conf/document.hpp"
#include "conf/finding_list.hpp"

namespace hasim::conf {

/// Splits a text into statements. What cannot be understood becomes an error in the finding list, and scanning goes on
/// behind it, so that one reading tells everything there is to tell.
class Scanner {
public:
    enum class Step : std::uint8_t {
        section,  ///< a section opened: section()
        entry,    ///< an entry of the section opened last: entry()
        end,      ///< nothing is left
    };

    /// `text` must outlive the scanner and what it returns.
    Scanner(std::string_view text, FindingList& findings);

    [[nodiscard]] Step next();
    [[nodiscard]] const Section& section() const { return section_; }
    /// Entry::section is left for the caller to fill in.
    [[nodiscard]] const Entry& entry() const { return entry_; }

private:
    enum class Body : std::uint8_t {
        none,      ///< before the first section, or behind a closing brace
        braces,    ///< between the braces of a section
        brackets,  ///< behind a [Section] line
    };
    enum class Found : std::uint8_t { nothing, section, entry };

    /// Where a value ends, and how.
    struct Extent {
        std::size_t end = 0;
        bool closed = false;     ///< by a semicolon
        bool commented = false;  ///< by a comment
        bool broken = false;     ///< a quote is not closed; an error was added
    };

    [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
    [[nodiscard]] bool comment_at(std::size_t position) const;
    [[nodiscard]] bool blank_or_line_end(std::size_t position) const;
    [[nodiscard]] std::size_t line_end(std::size_t from) const;
    [[nodiscard]] std::size_t find_before(std::size_t end, std::string_view characters,
                                          std::size_t from) const;
    [[nodiscard]] std::size_t behind_blanks(std::size_t from) const;
    [[nodiscard]] Place place(std::size_t position) const;
    [[nodiscard]] std::string_view trimmed(std::size_t from, std::size_t to) const;

    void skip_line() { position_ = line_end(position_); }
    void new_line();
    void finish();

    [[nodiscard]] Found statement();
    [[nodiscard]] Found bracket_section();
    [[nodiscard]] Found brace_section(std::string_view name, Place name_place, std::size_t brace);
    [[nodiscard]] bool lacks_brace(std::string_view word) const;
    [[nodiscard]] Found section_without_brace(std::string_view name, Place name_place,
                                              std::size_t behind);
    [[nodiscard]] Found pair(std::string_view key, Place key_place, std::size_t equals);
    void close_braces();
    void open_section(std::string_view name, Place name_place, Body body);
    [[nodiscard]] bool opens_section(std::size_t behind_equals, std::size_t& brace) const;
    [[nodiscard]] Extent value_extent(std::size_t from);
    [[nodiscard]] bool semicolon_closes(std::size_t position) const;
    void leave_value(const Extent& extent, Place value_place, std::string_view value);

    std::string_view text_;
    FindingList& findings_;
    std::size_t position_ = 0;
    std::size_t line_start_ = 0;
    std::uint32_t line_ = 1;
    Body body_ = Body::none;
    bool brace_forgiven_ =
        false;        ///< a section opened inside another: its surplus } was already explained
    Place unclosed_;  ///< end of the last value when it had no semicolon; line 0: it had one
    Section section_;
    Entry entry_;
};

}  // namespace hasim::conf
