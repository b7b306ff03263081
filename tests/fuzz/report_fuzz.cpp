// Feeds any bytes, as a log and as its name, to the report. Holds: the page is made, is plain UTF-8 without control
// characters, and the log adds no script, link, picture or comment to it. Each input is a page of some 30 KB, which is
// what bounds its rate.
#include "harness.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "base/plain_text.hpp"
#include "hasim/ha_log.hpp"
#include "logtools/line_stream.hpp"
#include "logtools/report.hpp"

namespace {

using namespace hasim;

std::size_t count(std::string_view text, std::string_view part)
{
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + part.size())) {
        ++found;
    }
    return found;
}

std::string page_of(std::string_view text, const std::string& name)
{
    logtools::Report report;
    log::LineReader reader(text);
    for (logtools::PlacedLine line; reader.next(line.line);) {
        line.file = name;
        report.feed(line);
    }
    return std::move(report).page({name});
}

}  // namespace

HASIM_FUZZ(report)
(const std::uint8_t* data, std::size_t size)
{
    static const std::string empty = page_of("", "name");
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string page = page_of(text, std::string(text.substr(0, 40)));
    HASIM_ASSERT(printable_lines(page) == page);
    for (const std::string_view tag : {"<script", "</script", "<img", "<a ", "<!--", "<link"}) {
        HASIM_ASSERT(count(page, tag) == count(empty, tag));
    }
    HASIM_ASSERT(page.ends_with("</html>\n"));
    return 0;
}
