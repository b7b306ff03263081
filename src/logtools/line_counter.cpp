#include "logtools/line_counter.hpp"

#include <cstring>
#include <numeric>

namespace hasim::logtools {

std::uint64_t LineCounts::records() const
{
    return std::accumulate(forms.begin(), forms.end(), std::uint64_t{0});
}

LineCounts& LineCounts::operator+=(const LineCounts& other)
{
    for (std::size_t form = 0; form < forms.size(); ++form) {
        forms[form] += other.forms[form];
    }
    unknown += other.unknown;
    torn += other.torn;
    empty += other.empty;
    unterminated += other.unterminated;
    return *this;
}

void LineCounts::add(const log::Line& line)
{
    switch (line.kind) {
    case log::LineKind::record:
        ++forms[static_cast<std::size_t>(line.parsed.form)];
        unterminated += line.terminated ? 0 : 1;
        return;
    case log::LineKind::unknown: ++unknown; return;
    case log::LineKind::torn: ++torn; return;
    case log::LineKind::empty: ++empty; return;
    }
}

void LineCounter::count(const Block& block)
{
    if (block.cut) {
        ++counts_.unknown;
        return;
    }
    const char* at = block.text.data();
    const char* const end = at + block.text.size();
    while (at != end) {
        at = plain_.count(at, end, counts_.forms);
        // One line the slow way. It is whole: a block ends with a newline, or its stream does.
        const void* const newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
        const char* const stop = newline == nullptr ? end : static_cast<const char*>(newline) + 1;
        log::LineReader reader(std::string_view(at, static_cast<std::size_t>(stop - at)));
        for (log::Line line; reader.next(line);) {
            counts_.add(line);
            plain_.learn(line);
        }
        at = stop;
    }
}

}  // namespace hasim::logtools
