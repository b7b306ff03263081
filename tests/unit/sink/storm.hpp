/// Several processes that write one log at once, and the check that nothing was lost, torn or doubled. Also used by
/// bench/log_storm.cpp.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "hasim/ha_log.hpp"
#include "log/format.hpp"
#include "log/rotation.hpp"
#include "sink/ha_log_file.hpp"
#include "sink/log_queue.hpp"

namespace hasim::sink::test {

struct Storm {
    std::string directory;
    std::uint32_t processes = 8;
    std::uint32_t records = 2000;  ///< of each process
    std::uint64_t limit = 262144;
    bool queued = false;  ///< through a queue, as a live run and the PKCS#11 library write
};

/// The record number `attempt` of process `pid`, as text. Stamps are all the same, so that the names of
/// rotated files collide.
inline std::string_view storm_line(std::uint32_t pid, std::uint32_t attempt,
                                   std::array<char, log::kMaxLineLength>& out)
{
    LogRecord record;
    record.pid = Pid{pid};
    record.form = LogForm::recovered;
    record.group = *Serial::parse("11234840370164");
    record.member = *Serial::parse("1234924189183");
    record.attempt = attempt;
    return {out.data(), log::format_line(record, LocalSeconds{}, StampStyle::note, out)};
}

/// What one process of the storm does.
inline void write_storm_records(HaLogFile& file, std::uint32_t pid, std::uint32_t records)
{
    std::array<char, log::kMaxLineLength> line{};
    for (std::uint32_t attempt = 1; attempt <= records; ++attempt) {
        file.append(storm_line(pid, attempt, line), WallTime{});
    }
}

/// The same, through a queue, from the record number `first` on.
inline void queue_storm_records(LogQueue& queue, std::uint32_t pid, std::uint32_t records,
                                std::uint32_t first = 1)
{
    std::array<char, log::kMaxLineLength> line{};
    for (std::uint32_t attempt = first; attempt <= records; ++attempt) {
        const std::string text(storm_line(pid, attempt, line));
        while (!queue.post(text, WallTime{})) {
            queue.finish();
        }
    }
}

/// Forks `processes` children that run `body(pid)` with pid from 1, and waits; the number of those that failed.
template <class Body>
std::uint32_t run_processes(std::uint32_t processes, Body body)
{
    std::vector<pid_t> children;
    for (std::uint32_t pid = 1; pid <= processes; ++pid) {
        const pid_t child = fork();
        if (child == 0) {
            _exit(body(pid) ? 0 : 1);
        }
        children.push_back(child);
    }
    std::uint32_t failed = 0;
    for (const pid_t child : children) {
        int status = 0;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
            ++failed;
        }
    }
    return failed;
}

inline std::uint32_t run_storm(const Storm& storm)
{
    return run_processes(storm.processes, [&storm](std::uint32_t pid) {
        const std::shared_ptr<HaLogFile> file =
            HaLogFile::open({storm.directory, storm.limit, {}, {}});
        if (storm.queued) {
            LogQueue queue(file);
            queue_storm_records(queue, pid, storm.records);
            queue.finish();
        } else {
            write_storm_records(*file, pid, storm.records);
        }
        return file->counts().lost == 0;
    });
}

/// The log's files, oldest first.
inline std::vector<std::filesystem::path> log_files(const std::filesystem::path& directory)
{
    std::vector<std::pair<log::RotatedName, std::filesystem::path>> rotated;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (const auto name = log::parse_rotated_name(entry.path().filename().string())) {
            rotated.emplace_back(*name, entry.path());
        }
    }
    std::sort(rotated.begin(), rotated.end());
    std::vector<std::filesystem::path> files;
    for (const auto& [name, path] : rotated) {
        files.push_back(path);
    }
    if (std::filesystem::exists(directory / log::kLogFileName)) {
        files.push_back(directory / log::kLogFileName);
    }
    return files;
}

inline std::string content_of(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// What is wrong with the log that a storm left: nothing, or one line per complaint (the first few).
inline std::string complaints_about(const Storm& storm)
{
    constexpr std::size_t kMost = 1000;
    std::string complaints;
    const auto complain = [&complaints](const std::string& text) {
        if (complaints.size() < kMost) {
            complaints += text + "\n";
        }
    };
    std::vector<std::uint32_t> last_attempt(storm.processes + 1, 0);
    for (const auto& path : log_files(storm.directory)) {
        const std::string text = content_of(path);
        const std::string name = path.filename().string();
        log::LineReader reader(text);
        std::size_t last_offset = 0;
        for (log::Line line; reader.next(line); last_offset = line.offset) {
            const std::string place = name + ":" + std::to_string(line.number);
            if (line.kind != log::LineKind::record || !line.terminated) {
                complain(place + ": " + std::string(to_text(line.kind)) + ": " +
                         std::string(line.text));
                continue;
            }
            const std::uint32_t pid = line.parsed.pid.value;
            if (pid == 0 || pid > storm.processes) {
                complain(place + ": a process that is none of ours");
            } else if (line.parsed.attempt != ++last_attempt[pid]) {
                complain(place + ": lost, doubled or out of order");
                last_attempt[pid] = line.parsed.attempt;
            }
        }
        const bool current = name == log::kLogFileName;
        if (current ? text.size() >= storm.limit
                    : text.size() < storm.limit || last_offset >= storm.limit) {
            complain(name + ": crossed its limit at another place than by its last record");
        }
    }
    for (std::uint32_t pid = 1; pid <= storm.processes; ++pid) {
        if (last_attempt[pid] != storm.records) {
            complain("process " + std::to_string(pid) + " got to record " +
                     std::to_string(last_attempt[pid]));
        }
    }
    return complaints;
}

}  // namespace hasim::sink::test
