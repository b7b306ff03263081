// How much memory hasim takes for a lot of data, in and out, and for a tenth of it: the peak of each command, beside
// the limit of 100 MB. What is read comes through a pipe from this program, which tells an endless story of outages;
// what is written goes to DIRECTORY, which must have room for it and is emptied again.
// usage: hasim_bench_flat_memory HASIM DIRECTORY [GB, 10]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>

#include "log/format.hpp"

namespace {

using namespace hasim;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr double kLimitMegabytes = 100;

struct Run {
    bool good = false;
    double seconds = 0;
    double megabytes = 0;  ///< peak of resident memory
};

/// Outages of six members in three processes, one after the other, until nobody reads.
void tell(int descriptor, std::uint64_t bytes)
{
    log::Formatter formatter;
    std::array<char, log::kMaxLineLength> line{};
    std::string block;
    LocalSeconds time{std::chrono::local_days{std::chrono::year(2017) / 10 / 4}};
    LogRecord record;
    record.group = *Serial::parse("11234840370164");
    record.code = Code::unable_to_connect;
    const auto write_line = [&](LogForm form, std::uint32_t attempt) {
        record.form = form;
        record.attempt = attempt;
        block.append(line.data(), formatter.format(record, time, line));
        block += '\n';
        time += std::chrono::seconds(60);
    };
    for (std::uint64_t outage = 0, told = 0; told < bytes; ++outage) {
        record.pid = Pid{static_cast<std::uint32_t>(1000 + outage % 3)};
        record.member = *Serial::parse(std::to_string(1234840370164 + outage % 6));
        write_line(LogForm::drop_member, 0);
        const auto attempts = static_cast<std::uint32_t>(1 + outage % 7);
        for (std::uint32_t attempt = 1; attempt < attempts; ++attempt) {
            write_line(LogForm::recovery_failed, attempt);
        }
        write_line(LogForm::recovered, attempts);
        if (block.size() > (1U << 20)) {
            for (std::size_t at = 0; at < block.size();) {
                const ssize_t written = ::write(descriptor, block.data() + at, block.size() - at);
                if (written <= 0) {
                    return;
                }
                at += static_cast<std::size_t>(written);
            }
            told += block.size();
            block.clear();
        }
    }
}

/// Runs a command, its output to nowhere, its input `bytes` of the story.
Run run(const std::vector<std::string>& command, std::uint64_t bytes)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return {};
    }
    std::vector<char*> arguments;
    for (const std::string& word : command) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    const auto start = Clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(ends[0], STDIN_FILENO);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    ::close(ends[0]);
    tell(ends[1], bytes);
    ::close(ends[1]);
    int status = 0;
    rusage usage{};
    if (child < 0 || ::wait4(child, &status, 0, &usage) != child) {
        return {};
    }
    Run result;
    // `log check` ends with 1 when it has something to say.
    result.good = WIFEXITED(status) && WEXITSTATUS(status) <= 1;
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    result.megabytes = static_cast<double>(usage.ru_maxrss) / 1024;
    return result;
}

std::uint64_t size_of(const fs::path& directory)
{
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    }
    return bytes;
}

bool print(const std::string& what, double gigabytes, const Run& result)
{
    const bool good = result.good && result.megabytes < kLimitMegabytes;
    std::printf("%-28s %7.2f GB  %8.1f s  %6.1f MB%s\n", what.c_str(), gigabytes, result.seconds,
                result.megabytes, good ? "" : result.good ? "  OVER THE LIMIT" : "  FAILED");
    std::fflush(stdout);
    return good;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: hasim_bench_flat_memory HASIM DIRECTORY [GB, 10]\n");
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    const std::string hasim = fs::absolute(argv[1]).string();
    const fs::path directory = fs::path(argv[2]) / "hasim-flat-memory";
    const double most = argc > 3 ? std::strtod(argv[3], nullptr) : 10;
    bool good = most > 0;
    std::printf("limit: %.0f MB\n", kLimitMegabytes);
    for (const double gigabytes : {most / 10, most}) {
        const auto bytes = static_cast<std::uint64_t>(gigabytes * 1e9);
        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"log", "parse", "--counts", "-"},
              {"log", "parse", "--json", "-"},
              {"log", "check", "-"},
              {"log", "stats", "-"}}) {
            std::vector<std::string> command{hasim};
            command.insert(command.end(), words.begin(), words.end());
            std::string name = "in:  " + words[0] + " " + words[1];
            name += words.size() > 3 ? " " + words[2] : "";
            good = print(name, gigabytes, run(command, bytes)) && good;
        }
        // Labels and tables are three times the logs.
        const Run made = run({hasim, "corpus", "--out", directory.string(), "--profile",
                              "datacentre-loss", "--groups", "2", "--processes", "4", "-j", "1",
                              "--bytes", std::to_string(bytes * 10 / 43)},
                             0);
        good = print("out: corpus", static_cast<double>(size_of(directory)) / 1e9, made) && good;
        good = print("in:  corpus verify", static_cast<double>(size_of(directory)) / 1e9,
                     run({hasim, "corpus", "verify", directory.string()}, 0)) &&
               good;
        fs::remove_all(directory);
    }
    return good ? 0 : 1;
}
