// How fast a corpus is made, with its labels and digests, on one core, to nowhere. Beside it, in the same run: the
// machines alone, without any text; and a bare loop (to_chars into a block of 1 MiB, written to /dev/null) that prints
// the same lines from records in memory: the ratio is that of the corpus to it; and how many events the machines take
// for a line. Then the same on more cores.
// usage: hasim_bench_corpus_rate [PROFILE [DAYS]]
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "corpus/manifest.hpp"
#include "corpus/profiles.hpp"
#include "corpus/workstation_writer.hpp"
#include "log/catalogue.hpp"

namespace {

using namespace hasim;
using Clock = std::chrono::steady_clock;

template <class Work>
void keep_best(double& seconds, Work work)
{
    const auto start = Clock::now();
    work();
    seconds = std::min(seconds, std::chrono::duration<double>(Clock::now() - start).count());
}

class Collector final : public corpus::CorpusTarget {
public:
    void on_record(const LogRecord& record, Duration, std::uint64_t) override
    {
        records.push_back(record);
    }
    bool go_on() override { return true; }
    std::vector<LogRecord> records;
};

/// What anybody would write who has records and wants lines.
class BareLoop {
public:
    explicit BareLoop(int descriptor) : descriptor_(descriptor), block_(kBlock, '\0') {}

    std::size_t print(const std::vector<LogRecord>& records, WallTime start)
    {
        std::size_t total = 0;
        for (const LogRecord& record : records) {
            if (size_ + log::kMaxLineLength > kBlock) {
                total += flush();
            }
            stamp(start + record.at.time_since_epoch());
            text(" : [");
            number(record.pid.value, 10);
            text("] HA group: ");
            text(record.group.text());
            message(record);
            text("\n");
        }
        return total + flush();
    }

private:
    static constexpr std::size_t kBlock = std::size_t{1} << 20;

    void text(std::string_view piece)
    {
        std::memcpy(block_.data() + size_, piece.data(), piece.size());
        size_ += piece.size();
    }
    void number(std::uint64_t value, int base)
    {
        char* const at = block_.data() + size_;
        size_ += static_cast<std::size_t>(std::to_chars(at, at + 20, value, base).ptr - at);
    }
    void two(std::int64_t value)
    {
        text(value < 10 ? "0" : "");
        number(static_cast<std::uint64_t>(value), 10);
    }

    void stamp(WallTime time)
    {
        using namespace std::chrono;
        constexpr std::array kDays{"Sun ", "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat "};
        constexpr std::array kMonths{"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                     "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};
        const sys_days day = floor<days>(time);
        if (day != day_) {
            day_ = day;
            date_ = year_month_day(day);
        }
        const std::int64_t second = floor<seconds>(time - day).count();
        text(kDays[weekday(day).c_encoding()]);
        text(kMonths[static_cast<unsigned>(date_.month()) - 1]);
        number(static_cast<unsigned>(date_.day()), 10);
        text(" ");
        two(second / 3600);
        text(":");
        two(second / 60 % 60);
        text(":");
        two(second % 60);
        text(" ");
        number(static_cast<std::uint64_t>(static_cast<int>(date_.year())), 10);
    }

    void message(const LogRecord& record)
    {
        std::string_view rest =
            log::kCatalogue[static_cast<std::size_t>(record.form)].message_template;
        rest.remove_prefix(log::kPrefixPlaceholder.size());
        while (!rest.empty()) {
            const std::size_t open = std::min(rest.find('<'), rest.size());
            text(rest.substr(0, open));
            rest.remove_prefix(open);
            const std::size_t close =
                std::min(rest.find('>'), rest.size() - (rest.empty() ? 0 : 1));
            const std::string_view name = rest.substr(0, rest.empty() ? 0 : close + 1);
            rest.remove_prefix(name.size());
            argument(name, record);
        }
    }

    void argument(std::string_view name, const LogRecord& record)
    {
        if (name == "<SerialNumber>") {
            text(record.member.text());
        } else if (name == "<Integer>") {
            number(record.attempt, 10);
        } else if (name == "<ErrorCodeHex>") {
            text("0x");
            number(static_cast<std::uint32_t>(record.code), 16);
        } else if (name == "<ErrorCodeString>") {
            text(name_of(record.code));
        }
    }

    std::size_t flush()
    {
        const ssize_t written = ::write(descriptor_, block_.data(), size_);
        size_ = 0;
        return written > 0 ? static_cast<std::size_t>(written) : 0;
    }

    int descriptor_;
    std::string block_;
    std::size_t size_ = 0;
    std::chrono::sys_days day_{};
    std::chrono::year_month_day date_{std::chrono::sys_days{}};
};

corpus::CorpusRequest request_for(const corpus::BuiltInProfile& profile, long days)
{
    corpus::CorpusRequest request;
    request.profile_text = profile.text;
    if (!corpus::complete(request).empty()) {
        std::abort();
    }
    request.profile.boot = std::chrono::hours(24 * days);
    request.span = request.profile.boot;
    request.shape.groups = 2;
    request.shape.processes = 4;
    return request;
}

const std::atomic<bool> kGoOn = false;

std::uint64_t make(const corpus::CorpusRequest& request, std::uint64_t workstation)
{
    return corpus::WorkstationWriter(request, workstation, "", kGoOn, {}, false).run().lines;
}

/// What the corpus of that workstation plays: one part, or several where more happens than a scenario can hold.
std::vector<corpus::DrawnPart> parts_of(const corpus::CorpusRequest& request,
                                        const corpus::Workstation& workstation)
{
    std::vector<corpus::DrawnPart> parts;
    corpus::PartRequest asked;
    asked.start = request.start;
    for (Duration left = *request.span; left > Duration::zero();) {
        asked.length = std::min(request.profile.boot, left);
        const corpus::DrawnPart& part =
            parts.emplace_back(corpus::draw_part(request.profile, workstation, asked));
        const Duration gone = *part.scenario.length + corpus::kBootTime;
        left -= gone;
        asked.start += gone;
        asked.first_outage += part.outages.size();
        ++asked.number;
    }
    return parts;
}

/// One core: a corpus, its machines alone, and the bare loop.
void print_rates(const corpus::BuiltInProfile& profile, long days)
{
    const corpus::CorpusRequest request = request_for(profile, days);
    const corpus::Workstation workstation =
        corpus::draw_workstation(request.profile, request.shape, request.seed, 1);
    const std::vector<corpus::DrawnPart> parts = parts_of(request, workstation);
    Collector collector;
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    BareLoop bare(nowhere);
    std::uint64_t lines = 0;
    std::uint64_t events = 0;
    double made = 1e9;
    double played = 1e9;
    double printed = 1e9;
    // In turns, so that what else the machine does troubles all of them.
    for (int round = 0; round < 9; ++round) {
        keep_best(made, [&] { lines = make(request, 1); });
        collector.records.clear();
        events = 0;
        keep_best(played, [&] {
            for (const corpus::DrawnPart& part : parts) {
                corpus::CorpusPlay play(workstation, part, collector);
                play.run();
                events += play.events();
            }
        });
        keep_best(printed, [&] { bare.print(collector.records, request.start); });
    }
    ::close(nowhere);
    const auto rate = [&](double seconds) { return static_cast<double>(lines) / seconds / 1e6; };
    std::printf("%-20s %9llu  %8.3f  %8.3f  %8.3f  %6.3f  %6.1f%s\n",
                std::string(profile.name).c_str(), static_cast<unsigned long long>(lines),
                rate(made), rate(played), rate(printed), printed / made,
                static_cast<double>(events) / static_cast<double>(lines),
                lines == collector.records.size() ? "" : "  NOT THE SAME LINES");
}

/// The same workstations on one thread and on more.
void print_scaling(const corpus::BuiltInProfile& profile, long days)
{
    constexpr std::uint64_t kWorkstations = 16;
    const corpus::CorpusRequest request = request_for(profile, days);
    double alone = 0;
    for (unsigned jobs = 1; jobs <= std::max(1U, std::thread::hardware_concurrency()); jobs *= 2) {
        double seconds = 1e9;
        for (int round = 0; round < 5; ++round) {
            keep_best(seconds, [&] {
                std::atomic<std::uint64_t> next = 1;
                std::vector<std::jthread> threads;
                for (unsigned job = 0; job < jobs; ++job) {
                    threads.emplace_back([&] {
                        for (std::uint64_t one = next++; one <= kWorkstations; one = next++) {
                            make(request, one);
                        }
                    });
                }
            });
        }
        alone = jobs == 1 ? seconds : alone;
        std::printf("-j %-3u %6.2f times as fast as -j 1\n", jobs, alone / seconds);
    }
}

}  // namespace

int main(int argc, char** argv)
{
    const long days = argc > 2 ? std::strtol(argv[2], nullptr, 10) : 90;
    bool found = false;
    std::printf(
        "%ld days, M lines/s:        lines    corpus  machines      bare   ratio  events a line\n",
        days);
    for (const corpus::BuiltInProfile& profile : corpus::built_in_profiles()) {
        if (days >= 1 && (argc < 2 || profile.name == argv[1])) {
            found = true;
            print_rates(profile, days);
        }
    }
    if (!found) {
        std::fprintf(stderr, "usage: hasim_bench_corpus_rate [PROFILE [DAYS]]\n");
        return 2;
    }
    for (const corpus::BuiltInProfile& profile : corpus::built_in_profiles()) {
        if (profile.name == (argc > 1 ? std::string_view(argv[1]) : "datacentre-loss")) {
            print_scaling(profile, days);
        }
    }
    return 0;
}
