// Goal: the fast counter counts what LineReader reads, whatever the bytes. Method: the same text both ways, with every
// form of the catalogue, every tolerated spelling, and every byte of a line replaced once.
#include "support/catch.hpp"

#include "log/catalogue.hpp"
#include "logtools/counts_text.hpp"
#include "logtools/line_counter.hpp"
#include "memory_source.hpp"

using namespace hasim;
using namespace hasim::logtools;

namespace {

LineCounts slow(std::string_view text)
{
    LineCounts counts;
    log::LineReader reader(text);
    for (log::Line line; reader.next(line);) {
        counts.add(line);
    }
    return counts;
}

LineCounts fast(std::string_view text)
{
    LineCounter counter;
    counter.count({text, 0, true, false});
    return counter.counts();
}

// Plain lines before and behind, so that the line at hand is met by the fast path in mid-run.
std::string among_plain_lines(std::string_view line)
{
    std::string text;
    for (int i = 0; i < 3; ++i) {
        text += std::string(log::kCatalogue[0].sample) + '\n';
    }
    text += std::string(line) + '\n';
    for (int i = 0; i < 10; ++i) {
        text += std::string(log::kCatalogue[6].sample) + '\n';
    }
    return text;
}

}  // namespace

TEST_CASE("every form of the catalogue is counted as itself")
{
    for (const log::Message& message : log::kCatalogue) {
        const LineCounts counts = fast(among_plain_lines(message.sample));
        CHECK(counts == slow(among_plain_lines(message.sample)));
        CHECK(counts.records() == 14);
        CHECK(counts.forms[static_cast<std::size_t>(message.form)] >= 1);
    }
}

TEST_CASE("a line with any byte changed, left out or put in is counted as LineReader reads it")
{
    constexpr std::string_view kBytes("\0 \n\r.:[]09aAf_x\x7f\xff/", 18);
    for (const log::Message& message : log::kCatalogue) {
        const std::string line(message.sample);
        for (std::size_t at = 0; at <= line.size(); ++at) {
            std::string less = line;
            less.erase(std::min(at, line.size() - 1), 1);
            CHECK(fast(among_plain_lines(less)) == slow(among_plain_lines(less)));
            for (const char byte : kBytes) {
                std::string more = line;
                more.insert(at, 1, byte);
                std::string other = line;
                other[std::min(at, line.size() - 1)] = byte;
                if (fast(among_plain_lines(more)) != slow(among_plain_lines(more)) ||
                    fast(among_plain_lines(other)) != slow(among_plain_lines(other))) {
                    FAIL("byte " << int(byte) << " at " << at << " of " << line);
                }
            }
        }
    }
}

TEST_CASE("several processes, days and groups in one log are counted alike")
{
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text += "Wed Oct " + std::to_string(i % 28 + 1) + " 23:59:59 2017 : [" +
                std::to_string(i * 37) + "] HA group: " + std::to_string(1000 + i % 7) +
                " has dropped member: " + std::to_string(i) + "\n";
        text += "Wed Oct  4 24:00:00 2017 : [1] HA group: 1 member: 2 revoked\n";
        text +=
            "Thu Oct  5 00:00:60 2017 : [1] HA group: 123456789012345678901 member: 2 revoked\r\n";
        text +=
            "Thu Oct  5 00:00:60 2017 : [4294967296] HA group: 12345678901234567890 member: 2 "
            "revoked\r\n";
    }
    CHECK(fast(text) == slow(text));
}

TEST_CASE("a line too long to be held is one unknown line")
{
    hasim::test::MemorySource source(std::string(100, 'x') + '\n' + std::string(1000, 'y') + "\n" +
                                         std::string(log::kCatalogue[0].sample) + "\n",
                                     7);
    BlockReader blocks(source, 256);
    LineCounter counter;
    for (Block block; blocks.next(block);) {
        counter.count(block);
    }
    CHECK(counter.counts().unknown == 2);
    CHECK(counter.counts().records() == 1);
    CHECK(counts_summary(counter.counts()) == "3 lines: 1 records, 2 unknown, 0 torn, 0 empty");
}
