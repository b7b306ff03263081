// Several processes write one HA log at once: is anything lost, torn or doubled, and how fast is it? Through the queue
// that a live run and the PKCS#11 library write through, and record by record as a run in virtual time does. Beside it,
// in the same run and directory: the bare system calls under the same lock (flock, write, flock), which cannot rotate;
// and spdlog's own rotating sink with one process, as it is not made for more.
// usage: hasim_bench_log_storm [processes [records of each [directory]]]
#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "tests/unit/sink/storm.hpp"

namespace {

using namespace hasim::sink::test;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void print_rate(const char* what, std::uint64_t records, double seconds)
{
    std::printf("%-52s %9.0f records/s\n", what, static_cast<double>(records) / seconds);
}

bool bare_writes(const Storm& storm, std::uint32_t pid)
{
    const std::string path = storm.directory + "/bare.txt";
    const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    const int lock = open((path + ".lock").c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
    std::array<char, hasim::log::kMaxLineLength> line{};
    bool good = file >= 0 && lock >= 0;
    for (std::uint32_t attempt = 1; good && attempt <= storm.records; ++attempt) {
        const std::size_t size = storm_line(pid, attempt, line).size();
        line[size] = '\n';
        flock(lock, LOCK_EX);
        good = write(file, line.data(), size + 1) == static_cast<ssize_t>(size + 1);
        flock(lock, LOCK_UN);
    }
    close(file);
    close(lock);
    return good;
}

void fill_with_rotated_files(const std::string& directory, std::uint32_t files)
{
    for (std::uint32_t number = 1; number <= files; ++number) {
        const hasim::log::RotatedName name{std::chrono::sys_seconds{}, number};
        std::ofstream(directory + "/" + hasim::log::to_text(name));
    }
}

void stock_rotating_sink(const std::string& directory, std::uint64_t limit, std::uint64_t records)
{
    // It renames all its files at each rotation: eight of them, not the hundreds that hasim keeps.
    constexpr std::size_t kMostFiles = 8;
    const auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(
        directory + "/stock/log.txt", limit, kMostFiles);
    spdlog::logger logger("stock", sink);
    logger.set_pattern("%v");
    std::array<char, hasim::log::kMaxLineLength> line{};
    for (std::uint32_t attempt = 1; attempt <= records; ++attempt) {
        const std::string_view text = storm_line(1, attempt, line);
        logger.log(spdlog::level::info, spdlog::string_view_t(text.data(), text.size()));
        logger.flush();  // as durable, towards the kernel, as one write a record
    }
}

}  // namespace

int main(int argc, char** argv)
{
    const auto argument = [&](int i, unsigned long otherwise) {
        return static_cast<std::uint32_t>(argc > i ? std::strtoul(argv[i], nullptr, 10)
                                                   : otherwise);
    };
    std::string scratch =
        ((argc > 3 ? std::filesystem::path(argv[3]) : std::filesystem::temp_directory_path()) /
         "hasim-storm-XXXXXX")
            .string();
    if (mkdtemp(scratch.data()) == nullptr) {
        std::perror("cannot make a directory");
        return 3;
    }
    const Storm storm{scratch + "/log", argument(1, 8), argument(2, 50000), 262144};
    const std::uint64_t total = std::uint64_t{storm.processes} * storm.records;
    std::printf("%u processes, %u records each, logLen %llu\n", storm.processes, storm.records,
                static_cast<unsigned long long>(storm.limit));

    const auto measure = [](const char* what, const Storm& one) {
        const auto start = Clock::now();
        const std::uint32_t failed = run_storm(one);
        print_rate(what, std::uint64_t{one.processes} * one.records, seconds_since(start));
        const std::string complaints = complaints_about(one);
        const bool good = complaints.empty() && failed == 0;
        std::printf("  %zu files; %s\n", log_files(one.directory).size(),
                    good ? "no line lost, torn or doubled" : complaints.c_str());
        return good;
    };
    bool good = measure("hasim's log file, shared, record by record", storm);
    Storm queued = storm;
    queued.directory = scratch + "/queued";
    queued.queued = true;
    good = measure("hasim's log file, shared, through the queue", queued) && good;

    const Storm bare{scratch, storm.processes, storm.records, storm.limit};
    auto start = Clock::now();
    run_processes(bare.processes, [&](std::uint32_t pid) { return bare_writes(bare, pid); });
    print_rate("flock, O_APPEND write(2), flock; no rotation", total, seconds_since(start));

    const auto all = static_cast<std::uint32_t>(total);
    good = measure("hasim's log file, one process, record by record",
                   {scratch + "/alone", 1, all, storm.limit}) &&
           good;
    good = measure("hasim's log file, one process, through the queue",
                   {scratch + "/alone-queued", 1, all, storm.limit, true}) &&
           good;

    start = Clock::now();
    stock_rotating_sink(scratch, storm.limit, total);
    print_rate("spdlog rotating_file_sink, flushed, one process", total, seconds_since(start));

    // Rotated files are kept for ever: a rotation must not cost more the more there are.
    Storm crowded = queued;
    crowded.directory = scratch + "/crowded";
    good = run_storm({crowded.directory, 1, 1, storm.limit}) == 0 && good;
    fill_with_rotated_files(crowded.directory, 20'000);
    start = Clock::now();
    good = run_storm(crowded) == 0 && good;
    print_rate("hasim's, shared, queue, 20,000 rotated files there", total, seconds_since(start));

    std::filesystem::remove_all(scratch);
    return good ? 0 : 1;
}
