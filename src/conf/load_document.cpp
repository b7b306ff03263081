// inih reads INI files: [section] lines, key=value lines, one handler call per pair with the section it stands in. A
// Chrystoki.conf is not one, and Debian's inih has limits that real files cross: lines of 200 bytes (a list of 32
// members is longer), names of 50 bytes, indented lines that continue a value, no line numbers. So it never sees the
// file. It calls `next_line` here for each line it wants, and gets a translation of the scanner's next statement in
// which every text is replaced by its number in a table:
//
//     LunaSA Client = {              [4]
//         ServerName00 = hsm1; //    entry=17
//     }
//
// The numbers come back through `take_pair`, which puts section and entry together again. Names, values and places of
// any length stay in the tables. What inih does is to walk the lines and tell which section a pair belongs to; the
// grammar, and every complaint, is the scanner's.
#include "conf/load_document.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>

#include <fmt/core.h>
#include <ini.h>

#include "base/assert.hpp"
#include "conf/scanner.hpp"

namespace hasim::conf {
namespace {

struct Translation {
    Scanner scanner;
    Document document;
};

// Puts a line into inih's buffer of `size` bytes; a number always fits.
char* put_line(char* buffer, int size, const std::string& line)
{
    HASIM_ASSERT(line.size() < static_cast<std::size_t>(size));
    *std::copy(line.begin(), line.end(), buffer) = '\0';
    return buffer;
}

// inih's reader: like fgets.
char* next_line(char* buffer, int size, void* user)
{
    Translation& translation = *static_cast<Translation*>(user);
    Document& document = translation.document;
    switch (translation.scanner.next()) {
    case Scanner::Step::section:
        document.sections.push_back(translation.scanner.section());
        return put_line(buffer, size, fmt::format("[{}]\n", document.sections.size() - 1));
    case Scanner::Step::entry:
        document.entries.push_back(translation.scanner.entry());
        return put_line(buffer, size, fmt::format("entry={}\n", document.entries.size() - 1));
    case Scanner::Step::end: break;
    }
    return nullptr;
}

std::size_t number_in(std::string_view text)
{
    std::size_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    HASIM_ASSERT(result.ec == std::errc{} && result.ptr == text.data() + text.size());
    return number;
}

// inih's handler: both texts are numbers that next_line wrote.
int take_pair(void* user, const char* section, const char*, const char* value)
{
    Document& document = static_cast<Translation*>(user)->document;
    const std::size_t section_number = number_in(section);
    HASIM_ASSERT(section_number < document.sections.size());
    document.entries.at(number_in(value)).section = section_number;
    return 1;
}

}  // namespace

Document load_document(std::string_view text, FindingList& findings)
{
    Translation translation{Scanner(text, findings), {}};
    const int failed_line = ini_parse_stream(next_line, &translation, take_pair, &translation);
    HASIM_ASSERT(failed_line == 0);  // the lines are ours, so inih has nothing to complain about
    return std::move(translation.document);
}

}  // namespace hasim::conf
