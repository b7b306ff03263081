// Goal: plain lines are counted and read as LineReader reads them, whatever the bytes. Method: the same text both ways,
// with every form of the catalogue, every tolerated spelling, and every byte of a line replaced once.
#include "support/catch.hpp"

#include <array>
#include <random>

#include "log/catalogue.hpp"
#include "log/format.hpp"
#include "logtools/counts_text.hpp"
#include "logtools/line_counter.hpp"
#include "stream_lines.hpp"

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

// How the text is counted or read otherwise than by LineReader; nothing when it is not.
std::string difference(const std::string& text)
{
    return fast(text) != slow(text) ? "counts" : hasim::test::difference_of_lines(text);
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

TEST_CASE("every form of the catalogue is counted and read as itself")
{
    for (const log::Message& message : log::kCatalogue) {
        const LineCounts counts = fast(among_plain_lines(message.sample));
        CHECK(difference(among_plain_lines(message.sample)) == "");
        CHECK(counts.records() == 14);
        CHECK(counts.forms[static_cast<std::size_t>(message.form)] >= 1);
    }
}

TEST_CASE("a line with any byte changed, left out or put in is counted and read as by LineReader")
{
    constexpr std::string_view kBytes("\0 \n\r.:[]09aAf_x\x7f\xff/", 18);
    for (const log::Message& message : log::kCatalogue) {
        const std::string line(message.sample);
        for (std::size_t at = 0; at <= line.size(); ++at) {
            std::string less = line;
            less.erase(std::min(at, line.size() - 1), 1);
            std::string text = among_plain_lines(less);
            for (const char byte : kBytes) {
                std::string more = line;
                more.insert(at, 1, byte);
                std::string other = line;
                other[std::min(at, line.size() - 1)] = byte;
                text += among_plain_lines(more) + among_plain_lines(other);
            }
            INFO("at " << at << " of " << line);
            REQUIRE(difference(text) == "");
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
    CHECK(difference(text) == "");
}

TEST_CASE("a last line without its newline has its place, too")
{
    for (const log::Message& message : log::kCatalogue) {
        const std::string text = among_plain_lines("x") + std::string(message.sample);
        CHECK(difference(text) == "");
        CHECK(difference(text.substr(0, text.size() - 20)) == "");
        CHECK(difference(text + text) == "");
    }
}

TEST_CASE("what the lines of a day share is known from any line of it")
{
    // A leap second, which belongs to the day before; a weekday that is not that of the date; both ways to write a day.
    for (const std::string first :
         {"Wed Oct 4 23:59:60", "Mon Oct 4 16:29:21", "Wed Oct  4 16:29:21", "Wed Oct 14 16:29:21",
          "Sat Oct 14 16:29:21"}) {
        std::string text;
        for (const std::string& stamp :
             {first, first.substr(0, first.find(':') - 2) + "16:29:22", first}) {
            text += stamp + " 2017 : [17469] HA group: 11234840370164 has dropped member: 1\n";
        }
        CHECK(difference(text + among_plain_lines("")) == "");
    }
}

TEST_CASE("every value that a plain line may hold is read as what it is")
{
    std::mt19937_64 random(GENERATE(range(0U, 20U)));
    const auto digits = [&random](std::size_t most) {
        std::string text(1 + random() % most, '0');
        for (char& digit : text) {
            digit = static_cast<char>('0' + random() % 10);
        }
        return text;
    };
    std::string text;
    log::Formatter formatter;
    std::array<char, log::kMaxLineLength> line{};
    LocalSeconds stamp = std::chrono::local_days{std::chrono::year(2017) / 2 / 27};
    for (int i = 0; i < 300; ++i) {
        LogRecord record;
        record.form = static_cast<LogForm>(random() % kLogForms);
        record.pid = Pid{static_cast<std::uint32_t>(random() >> (32 + random() % 32))};
        record.group = *Serial::parse(digits(20));
        record.member = *Serial::parse(digits(20));
        record.attempt = static_cast<std::uint32_t>(random() >> (32 + random() % 32));
        record.code = static_cast<Code>(random() >> (32 + random() % 32));
        stamp += std::chrono::seconds(random() % 5000);
        for (int again = 0; again < 2; ++again) {  // with a head that is known by then
            text.append(line.data(), formatter.format(record, stamp, line));
            text += random() % 8 == 0 ? ".\r\n" : "\n";
        }
    }
    CHECK(difference(text + among_plain_lines("")) == "");
    CHECK(fast(text).records() == 600);
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
