// How fast lines are formatted and read, on one core, in memory. Beside it: the memchr loop that only
// counts lines, which is what reading costs at least.
// usage: hasim_bench_log_text [lines]
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "hasim/ha_log.hpp"
#include "log/catalogue.hpp"
#include "log/format.hpp"

namespace {

using namespace hasim;
using Clock = std::chrono::steady_clock;

template <class Work>
void measure(const char* what, std::size_t lines, std::size_t bytes, Work work)
{
    constexpr int kRounds = 5;  // the best of them: the machine may be busy
    double seconds = 1e9;
    std::size_t done = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto start = Clock::now();
        done = work();
        seconds = std::min(seconds, std::chrono::duration<double>(Clock::now() - start).count());
    }
    std::printf("%-28s %7.2f M lines/s %8.1f MB/s%s\n", what,
                static_cast<double>(lines) / seconds / 1e6,
                static_cast<double>(bytes) / seconds / 1e6, done == lines ? "" : "  WRONG COUNT");
}

LogRecord record_number(std::size_t i)
{
    LogRecord record;
    record.pid = Pid{17469};
    record.form = static_cast<LogForm>(i * 7 % kLogForms);
    record.group = *Serial::parse("11234840370164");
    record.member = *Serial::parse(i % 2 == 0 ? "1234924189183" : "1234840370164");
    record.attempt = static_cast<std::uint32_t>(i % 120);
    record.code = Code::unable_to_connect;
    return record;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::size_t lines = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2'000'000;
    std::string text(lines * log::kMaxLineLength / 2, ' ');
    const LocalSeconds start = std::chrono::local_days{std::chrono::year(2017) / 10 / 4};
    std::size_t size = 0;
    log::Formatter formatter;
    const auto write_all = [&](std::size_t per_second) {
        size = 0;
        for (std::size_t i = 0; i < lines; ++i) {
            const LocalSeconds stamp = start + std::chrono::seconds(i / per_second);
            if (text.size() - size <= log::kMaxLineLength) {
                return i;
            }
            size += formatter.format(record_number(i), stamp,
                                     {text.data() + size, log::kMaxLineLength});
            text[size++] = '\n';
        }
        return lines;
    };
    write_all(1);  // pages touched
    measure("format, a second each", lines, size, [&] { return write_all(1); });
    measure("format, 100 lines a second", lines, size, [&] { return write_all(100); });
    measure("read", lines, size, [&] {
        log::LineReader reader(std::string_view(text.data(), size));
        std::size_t records = 0;
        for (log::Line line; reader.next(line);) {
            records += line.kind == log::LineKind::record ? 1 : 0;
        }
        return records;
    });
    measure("memchr", lines, size, [&] {
        std::size_t count = 0;
        const char* at = text.data();
        const char* const end = at + size;
        while (const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
            at = static_cast<const char*>(found) + 1;
            ++count;
        }
        return count;
    });
    return 0;
}
