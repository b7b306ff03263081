// How fast hasim counts a log by message id and tells what it holds, beside the tools that people use for it, in one
// run on the same file: one core each where nothing else is said, best of several rounds in turns, page cache warm.
//   wc -l           counts newlines only: what reading costs at least; two at once: what a second core brings
//   PCRE2 JIT       one expression for a line of any form, with its groups, made from the message catalogue
//   rg              ripgrep: the same expression, full line, counted
//   lognormalizer   liblognorm's tool with the rule base that `hasim log format --to liblognorm` writes
// usage: hasim_bench_log_parse HASIM [lines]
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#if __has_include(<pcre2.h>)
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#endif

#include "log/catalogue.hpp"
#include "log/format.hpp"
#include "logtools/definitions.hpp"

namespace {

using namespace hasim;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr int kRounds = 7;

std::uint64_t next_random(std::uint64_t& state)
{
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return state;
}

// What a group of four members writes over the years: outages of one or more members, some short, some until the
// maximum of attempts is exceeded, in three processes; every tenth outage a rarer message.
class Story {
public:
    explicit Story(std::size_t lines) : lines_(lines) { text_.reserve(lines * 150); }

    std::string tell()
    {
        while (written_ < lines_) {
            outage();
        }
        return std::move(text_);
    }

private:
    void outage()
    {
        constexpr std::array<std::uint32_t, 6> kAttempts{0, 1, 2, 5, 30, 119};
        const std::uint64_t draw = next_random(random_);
        stamp_ += std::chrono::seconds(60 + draw % 20000);
        record_.pid = Pid{static_cast<std::uint32_t>(17469 + (draw >> 16U) % 3)};
        record_.code = (draw >> 20U) % 2 == 0 ? Code::unable_to_connect : Code::operation_timed_out;
        const std::size_t members = (draw >> 24U) % 3 == 0 ? 2 : 1;
        const std::size_t first = (draw >> 28U) % 4;
        const std::uint32_t attempts = kAttempts[(draw >> 32U) % kAttempts.size()];
        if ((draw >> 40U) % 10 == 0) {
            put(static_cast<LogForm>((draw >> 48U) % kLogForms), 1, first, 1);
        }
        put(LogForm::drop_member, 0, first, members);
        for (std::uint32_t attempt = 1; attempt <= attempts; ++attempt) {
            stamp_ += std::chrono::seconds(60);
            put(LogForm::recovery_failed, attempt, first, members);
        }
        if (attempts == kAttempts.back()) {
            put(LogForm::recovery_exhausted, 0, first, members);
        } else {
            put(LogForm::recovered, attempts + 1, first, members);
        }
    }

    void put(LogForm form, std::uint32_t attempt, std::size_t first, std::size_t members)
    {
        constexpr std::array kMembers{"1234924189183", "1234840370164", "154438865287",
                                      "1238700701509", "1234924189183"};
        std::array<char, log::kMaxLineLength> line{};
        for (std::size_t i = first; i < first + members && written_ < lines_; ++i, ++written_) {
            record_.form = form;
            record_.attempt = attempt;
            record_.member = *Serial::parse(kMembers[i]);
            text_.append(line.data(), formatter_.format(record_, stamp_, line));
            text_ += '\n';
        }
    }

    std::size_t lines_;
    std::size_t written_ = 0;
    std::string text_;
    log::Formatter formatter_;
    std::uint64_t random_ = 42;
    LocalSeconds stamp_ = std::chrono::local_days{std::chrono::year(2017) / 10 / 4};
    LogRecord record_{.group = *Serial::parse("11234840370164")};
};

// One of those that are measured, in turns: what slows the machine for a while slows them all.
struct Contender {
    std::string name;
    std::function<std::string()> run;  ///< what is wrong with it, if anything
    int rounds = kRounds;
    double seconds = 0;  ///< the best of the rounds; 0: not run
    std::string remark{};
};

void run_rounds(std::vector<Contender>& contenders)
{
    for (int round = 0; round < kRounds; ++round) {
        for (Contender& each : contenders) {
            if (round >= each.rounds || !each.remark.empty()) {
                continue;
            }
            const auto start = Clock::now();
            each.remark = each.run();
            const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
            each.seconds = round == 0 ? seconds : std::min(each.seconds, seconds);
        }
    }
}

Contender program(const std::string& name, const std::string& command, int rounds = kRounds)
{
    const std::string tool = command.substr(0, command.find(' '));
    if (std::system(("command -v " + tool + " >/dev/null 2>&1").c_str()) != 0) {
        return {name, {}, 0, 0, "not installed"};
    }
    return {name,
            [command] {
                return std::system(command.c_str()) == 0 ? std::string() : "failed: " + command;
            },
            rounds};
}

#if __has_include(<pcre2.h>)
// Reads the file in large pieces and matches each line, groups taken.
class Pcre2 {
public:
    explicit Pcre2(const std::string& expression)
    {
        int error = 0;
        PCRE2_SIZE where = 0;
        code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.c_str()), expression.size(),
                              PCRE2_DUPNAMES, &error, &where, nullptr);
        good_ = code_ != nullptr && pcre2_jit_compile(code_, PCRE2_JIT_COMPLETE) == 0;
        match_ = good_ ? pcre2_match_data_create_from_pattern(code_, nullptr) : nullptr;
    }

    std::string match_lines(const std::string& file, std::size_t lines)
    {
        if (!good_) {
            return "the expression does not compile";
        }
        std::size_t matched = 0;
        std::FILE* const in = std::fopen(file.c_str(), "rb");
        std::vector<char> buffer(1U << 20U);
        std::size_t held = 0;
        while (const std::size_t got =
                   std::fread(buffer.data() + held, 1, buffer.size() - held, in)) {
            held += got;
            const char* at = buffer.data();
            const char* const end = at + held;
            while (const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
                const auto* const stop = static_cast<const char*>(found);
                const int groups =
                    pcre2_jit_match(code_, reinterpret_cast<PCRE2_SPTR>(at),
                                    static_cast<std::size_t>(stop - at), 0, 0, match_, nullptr);
                matched += groups > 0 ? 1 : 0;
                at = stop + 1;
            }
            held = static_cast<std::size_t>(end - at);
            std::memmove(buffer.data(), at, held);
        }
        std::fclose(in);
        return matched == lines ? "" : "WRONG COUNT";
    }

private:
    pcre2_code* code_ = nullptr;
    pcre2_match_data* match_ = nullptr;
    bool good_ = false;
};
#else
class Pcre2 {
public:
    explicit Pcre2(const std::string& /*expression*/) {}
    std::string match_lines(const std::string& /*file*/, std::size_t /*lines*/)
    {
        return "not installed when this was built (libpcre2-dev)";
    }
};
#endif

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::puts("usage: hasim_bench_log_parse HASIM [lines]");
        return 2;
    }
    const std::size_t lines = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 5'000'000;
    const fs::path directory = fs::temp_directory_path() / "hasim_bench_log_parse";
    fs::create_directories(directory);
    const std::string file = (directory / "haErrorLog.txt").string();
    std::ofstream(file, std::ios::binary) << Story(lines).tell();
    const std::string rules = (directory / "hasim.rulebase").string();
    std::ofstream(rules, std::ios::binary) << logtools::definition_for(logtools::Tool::liblognorm);
    // The bare expression for everybody: ripgrep does not know the same group name twice.
    const std::string expression = logtools::line_expression(logtools::GroupNames::none);
    // It reads line by line: the newline at the end of the expression is none that it sees.
    constexpr std::string_view kNewline = "(?:\\n|$)";
    const std::string patterns = (directory / "expression").string();
    std::ofstream(patterns, std::ios::binary)
        << expression.substr(0, expression.rfind(kNewline)) << "$\n";

    const std::string half = (directory / "half.txt").string();
    std::ofstream(half, std::ios::binary) << Story(lines / 2).tell();

    const auto hasim = [&](const std::string& command, const std::string& behind = "") {
        return program("log " + command, std::string(argv[1]) + " log " + command + " " + file +
                                             " >/dev/null 2>&1" + behind);
    };
    Pcre2 pcre2(expression);
    std::vector<Contender> contenders{
        hasim("parse --counts -j 1"),
        hasim("parse --counts -j 2"),
        hasim("stats"),
        hasim("check", " || test $? = 1"),  // findings are no failure
        hasim("report -o -"),
        program("wc -l", "wc -l " + file + " >/dev/null"),
        program("two wc -l, a half each",
                "wc -l " + half + " >/dev/null & wc -l " + half + " >/dev/null; wait"),
        {"PCRE2 JIT, groups", [&] { return pcre2.match_lines(file, lines); }},
        program("rg, full line",
                "rg -j1 --no-config -c -f " + patterns + ' ' + file + " >/dev/null"),
        program("lognormalizer", "lognormalizer -r " + rules + " <" + file + " >/dev/null 2>&1", 1),
    };
    run_rounds(contenders);
    const auto megabytes = static_cast<double>(fs::file_size(file)) / 1e6;
    std::printf("%zu lines, %.1f MB\n", lines, megabytes);
    for (const Contender& each : contenders) {
        if (each.seconds <= 0 || !each.remark.empty()) {
            std::printf("%-26s %s\n", each.name.c_str(), each.remark.c_str());
            continue;
        }
        std::printf("%-26s %7.2f M lines/s %8.1f MB/s   %6.3f times as fast as counting\n",
                    each.name.c_str(), static_cast<double>(lines) / each.seconds / 1e6,
                    megabytes / each.seconds, contenders.front().seconds / each.seconds);
    }
    fs::remove_all(directory);
    return 0;
}
