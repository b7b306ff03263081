/// The system calls behind a log that several processes write: lock, look, write, rotate. No policy
/// about failures: they are returned, for the sink above to account for.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "hasim/time.hpp"
#include "host/file_handle.hpp"

namespace hasim::sink {

/// Why a step failed: an errno and what was being done, or a text of its own.
struct Failure {
    int error = 0;
    std::string text;
};

/// Whether the directory is marked, and whether it holds a log.
struct DirectoryState {
    bool marked = false;
    bool has_log = false;
};
[[nodiscard]] DirectoryState look_at(const std::string& directory);

/// How many times this process is a child of the one that first asked.
[[nodiscard]] unsigned forks();

/// One record to be written.
struct RecordToWrite {
    std::size_t size = 0;  ///< bytes, with its newline
    WallTime utc{};        ///< when it happened
};

/// One process's hold on a log directory. Not thread-safe.
class SharedLog {
public:
    SharedLog(std::string directory, std::uint64_t limit);

    /// Makes the directory and its parents.
    [[nodiscard]] std::optional<Failure> make_directory() const;

    /// What became of the first records.
    struct Outcome {
        std::size_t written = 0;             ///< so many of them are in the file
        std::optional<Failure> not_written;  ///< why the one behind those is not
        std::optional<Failure> not_rotated;
    };

    /// Appends the first of `records`, at least one, whose `bytes` stand one behind the other: under one lock and in
    /// one write as many as there are until the file is full. It is rotated then.
    Outcome append(std::string_view bytes, std::span<const RecordToWrite> records);

    /// Opens marker and file, and rotates a file that is full already.
    Outcome open(std::optional<WallTime> utc);

    /// From now on writes fail as on a full disk, or as in a directory that is gone.
    void simulate_full_disk(bool on) { full_disk_ = on; }
    void simulate_missing_directory(bool on) { missing_directory_ = on; }

    [[nodiscard]] const std::string& path() const { return path_; }
    /// By this process.
    [[nodiscard]] std::uint64_t rotations() const { return rotations_; }

private:
    class Lock;

    using Progress = std::pair<ino_t, off_t>;

    [[nodiscard]] Progress progress() const;
    [[nodiscard]] std::optional<Failure> open_marker();
    [[nodiscard]] std::optional<Failure> lock_marker(Lock& lock);
    [[nodiscard]] std::optional<Failure> open_file();
    [[nodiscard]] std::optional<Failure> ready(Lock& lock);
    [[nodiscard]] std::optional<Failure> end_last_line();
    [[nodiscard]] std::size_t up_to_full(std::span<const RecordToWrite> records) const;
    [[nodiscard]] std::optional<Failure> write(std::string_view bytes,
                                               std::span<const RecordToWrite> records,
                                               std::size_t& written);
    [[nodiscard]] std::optional<Failure> rotate(WallTime utc);
    void forget_after_fork();

    std::string directory_;
    std::string path_;
    std::string marker_path_;
    std::uint64_t limit_;
    std::uint64_t rotations_ = 0;
    host::FileHandle marker_;
    host::FileHandle file_;
    struct stat file_identity_ {};          ///< of file_, as opened
    std::uint64_t size_ = 0;                ///< of file_, as of the last look under the lock
    unsigned forks_seen_ = 0;               ///< when the handles were opened
    std::uint32_t records_until_look_ = 0;  ///< before the marker is looked at again
    std::optional<Progress> held_at_;  ///< the lock was held by somebody who wrote nothing more
    bool full_disk_ = false;
    bool missing_directory_ = false;
};

}  // namespace hasim::sink
