/// haErrorLog.txt on a disk: one write(2) for all records that wait, rotation, several processes on one file, and never
/// a harm to the client that logs.
///
/// Processes share a directory through a lock on its marker file, which they hold for one write at a time. Under the
/// lock the file is compared with the one that is open, so that a rotation by another process is noticed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hasim/time.hpp"

namespace hasim::sink {

/// File in a log directory that says hasim writes the log there; its lock is the log's lock.
inline constexpr std::string_view kMarkerName = ".hasim-log";

/// Nothing when hasim may log into `directory`: it is missing, holds no haErrorLog.txt, or is marked as
/// hasim's. Else an error text that names the remedy (--log-dir): simulated drops must never land in a
/// production log.
[[nodiscard]] std::optional<std::string> check_directory(const std::string& directory);

/// Something that the diagnostic channel should say once.
struct LogTrouble {
    enum class Kind : std::uint8_t {
        begins,       ///< records are no longer written; `text` says why
        ends,         ///< they are written again, or the log is closed; `lost` were not
        not_rotated,  ///< the file is full but could not be renamed; records go on into it
    };
    Kind kind = Kind::begins;
    std::string text;        ///< cause, with the file's path
    std::uint64_t lost = 0;  ///< records not written; with `ends` only
};

/// Sees troubles, each once. Called while the file is locked: it must not come back to the file.
/// What it throws is dropped.
using OnTrouble = std::function<void(const LogTrouble&)>;

/// Since opening, by this process.
struct LogCounts {
    std::uint64_t bytes = 0;    ///< written
    std::uint64_t records = 0;  ///< written
    std::uint64_t rotations = 0;
    std::uint64_t lost = 0;            ///< records that were not written
    std::uint64_t lost_simulated = 0;  ///< of those, the ones that SimulatedFaults took
};

/// What a scenario has go wrong with the log's disk.
struct SimulatedFaults {
    bool full_disk = false;
    bool missing_directory = false;
    friend bool operator==(const SimulatedFaults&, const SimulatedFaults&) = default;
};

struct HaLogOptions {
    std::string directory;         ///< haLogPath; made, with its parents, when missing
    std::uint64_t limit = 262144;  ///< logLen, bytes
    std::optional<WallTime>
        opened_at;  ///< when given, a file found full is rotated at once, else before a record
    OnTrouble on_trouble;  ///< may be empty
};

/// Appends records to haErrorLog.txt. May be used from several threads, and after fork(). Nothing here throws.
class HaLogFile {
public:
    /// Makes the directory if need be, marks it, and opens the file. What fails is told to `on_trouble`;
    /// the object then tries again with every record.
    [[nodiscard]] static std::unique_ptr<HaLogFile> open(HaLogOptions options);

    ~HaLogFile();
    HaLogFile(const HaLogFile&) = delete;
    HaLogFile& operator=(const HaLogFile&) = delete;

    /// Has `line` (without newline) and a newline written with the next flush(). `utc`, the record's time, names the
    /// file should it then be full. A record that waits while the process is forked is the parent's.
    void add(std::string_view line, WallTime utc) noexcept;
    /// Writes what waits.
    void flush() noexcept;
    /// Both at once.
    void append(std::string_view line, WallTime utc) noexcept;

    /// Writes what waits, and behaves from now on as if there were these faults.
    void simulate(SimulatedFaults faults) noexcept;

    [[nodiscard]] LogCounts counts() const noexcept;

private:
    struct Parts;
    explicit HaLogFile(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace hasim::sink
