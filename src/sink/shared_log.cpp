#include "sink/shared_log.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <type_traits>
#include <utility>

#include "hasim/ha_log.hpp"
#include "log/format.hpp"
#include "log/rotation.hpp"
#include "sink/ha_log_file.hpp"
#include "sink/rotation_note.hpp"

namespace hasim::sink {
namespace {

constexpr mode_t kFileMode = 0644;
// Whoever may open the marker may hold its lock, and so keep all others from writing: the owner alone.
constexpr mode_t kMarkerMode = 0600;
// How long a peer may hold the lock without a record to show for it (the machine may keep one from running for tens of
// milliseconds), and how long a record waits at most while peers do write (chosen).
constexpr std::chrono::milliseconds kLockPatience{200};
constexpr std::chrono::milliseconds kLongestWait{2000};
constexpr std::uint32_t kRecordsBetweenLooks = 15;

Failure failure(int error, const std::string& doing, const std::string& path)
{
    return {error, "cannot " + doing + " " + path + ": " + std::generic_category().message(error)};
}

template <class Call>
auto retried(Call call)
{
    decltype(call()) result{};
    do {
        result = call();
    } while (result < 0 && errno == EINTR);
    return result;
}

bool same_file(const struct stat& a, const struct stat& b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::string absolute(const std::string& directory)
{
    std::error_code ignored;
    const std::filesystem::path path = std::filesystem::absolute(directory, ignored);
    return ignored ? directory : path.lexically_normal().string();
}

std::atomic<unsigned> fork_count{0};

// Renames without ever replacing a file: EEXIST when `to` is taken.
int rename_to_free_name(const std::string& from, const std::string& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
    // A file system without that call. All who rotate hold the lock, so looking first is enough among them.
    struct stat taken {};
    if (::lstat(to.c_str(), &taken) == 0) {
        return EEXIST;
    }
    return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

// Counted, because a system call for every record would cost more.
unsigned forks()
{
    static const int registered =
        ::pthread_atfork(nullptr, nullptr, [] { fork_count.fetch_add(1); });
    static_cast<void>(registered);
    return fork_count.load(std::memory_order_relaxed);
}

DirectoryState look_at(const std::string& directory)
{
    struct stat status {};
    const auto holds = [&](std::string_view name) {
        return ::lstat((directory + "/" + std::string(name)).c_str(), &status) == 0;
    };
    return {holds(kMarkerName), holds(log::kLogFileName)};
}

// The lock on the marker, given back at the end of the scope.
class SharedLog::Lock {
public:
    Lock() = default;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() { release(); }

    // Tries once at least, then for as long as somebody makes `progress` (a value that changes with each record that
    // others write), and `patience` beyond that; EWOULDBLOCK when nobody does. It never waits in the kernel: who calls
    // has signals, members and a control socket to see to.
    template <class Progress>
    int acquire(int descriptor, std::chrono::milliseconds patience, Progress progress)
    {
        constexpr int kTriesInARow = 100;  // a peer holds it for one write(2)
        const auto begin = std::chrono::steady_clock::now();
        auto give_up = begin + patience;
        std::optional<std::invoke_result_t<Progress>> seen;
        for (int tries = 0; ::flock(descriptor, LOCK_EX | LOCK_NB) != 0; ++tries) {
            if (errno != EINTR && errno != EWOULDBLOCK) {
                return errno;
            }
            if (tries < kTriesInARow && patience.count() > 0) {
                ::sched_yield();
                continue;
            }
            const auto now = std::chrono::steady_clock::now();
            if (const auto newest = progress(); newest != seen) {
                seen = newest;  // the first look comes within moments of the first try
                give_up = std::min(now + patience, begin + kLongestWait);
            }
            if (now >= give_up) {
                return EWOULDBLOCK;
            }
            const timespec pause{.tv_sec = 0, .tv_nsec = 100'000};
            ::nanosleep(&pause, nullptr);
        }
        descriptor_ = descriptor;
        return 0;
    }

    void release()
    {
        if (descriptor_ >= 0) {
            ::flock(std::exchange(descriptor_, -1), LOCK_UN);
        }
    }

private:
    int descriptor_ = -1;
};

SharedLog::SharedLog(std::string directory, std::uint64_t limit)
    : directory_(absolute(directory)), limit_(limit), forks_seen_(forks())
{
    path_ = directory_ + "/" + std::string(log::kLogFileName);
    marker_path_ = directory_ + "/" + std::string(kMarkerName);
}

std::optional<Failure> SharedLog::make_directory() const
{
    std::error_code error;
    std::filesystem::create_directories(directory_, error);
    if (error) {
        return failure(error.value(), "make the log directory", directory_);
    }
    return std::nullopt;
}

// A lock belongs to the open file that a child shares with its parent: it would not keep the two apart.
void SharedLog::forget_after_fork()
{
    if (const unsigned now = forks(); now != forks_seen_) {
        marker_.close();
        file_.close();
        forks_seen_ = now;
    }
}

std::optional<Failure> SharedLog::open_marker()
{
    const DirectoryState state = look_at(directory_);
    if (!state.marked) {
        struct stat now {};
        const bool ours =
            file_.is_open() && ::lstat(path_.c_str(), &now) == 0 && same_file(now, file_identity_);
        if (state.has_log && !ours) {
            return Failure{EPERM, "cannot log to " + path_ + ": it is not hasim's (use --log-dir)"};
        }
        const host::FileHandle made(
            ::open(marker_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMarkerMode));
        if (!made.is_open() && errno != EEXIST) {
            return failure(errno, "make", marker_path_);
        }
        // An empty marker marks as well.
        [[maybe_unused]] const ssize_t written =
            made.is_open() ? ::write(made.get(), marker_text().data(), marker_text().size()) : 0;
    }
    // Who may only read it can lock it all the same.
    for (const int access : {O_RDWR, O_RDONLY}) {
        if (!marker_.is_open()) {
            marker_ = host::FileHandle(
                ::open(marker_path_.c_str(), access | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        }
    }
    if (!marker_.is_open()) {
        return failure(errno, "open", marker_path_);
    }
    return std::nullopt;
}

// What changes with each record that anybody writes: which file it is, and its size.
SharedLog::Progress SharedLog::progress() const
{
    struct stat now {};
    return ::lstat(path_.c_str(), &now) == 0 ? Progress{now.st_ino, now.st_size} : Progress{};
}

// Locks the marker that the directory holds now, which may not be the one that is open.
std::optional<Failure> SharedLog::lock_marker(Lock& lock)
{
    constexpr int kTries = 8;
    for (int i = 0; i < kTries; ++i) {
        if (!marker_.is_open()) {
            if (auto failed = open_marker()) {
                return failed;
            }
            records_until_look_ = 0;
        }
        // Once it was found held by somebody who does nothing with it, it is not waited for again until somebody does.
        const bool stuck = held_at_ && *held_at_ == progress();
        const int error =
            lock.acquire(marker_.get(), stuck ? std::chrono::milliseconds{0} : kLockPatience,
                         [this] { return progress(); });
        held_at_ = error == EWOULDBLOCK ? std::optional(progress()) : std::nullopt;
        if (held_at_) {
            return Failure{error, "cannot lock " + marker_path_ +
                                      ": another process holds it and does not let go"};
        }
        if (error != 0) {
            return failure(error, "lock", marker_path_);
        }
        // A deleted marker locks nobody out who comes later. That nobody should do; so it is not looked at each time.
        struct stat now {};
        if (records_until_look_ > 0) {
            --records_until_look_;
            return std::nullopt;
        }
        if (::fstat(marker_.get(), &now) == 0 && now.st_nlink > 0) {
            records_until_look_ = kRecordsBetweenLooks;
            return std::nullopt;
        }
        lock.release();
        marker_.close();
    }
    return Failure{EAGAIN, "cannot lock " + marker_path_ + ": it keeps vanishing"};
}

std::optional<Failure> SharedLog::open_file()
{
    // A file that is made here changes the directory, and leaves the note true.
    const RotationNote note(marker_.get(), directory_);
    const auto newest = note.noted();
    file_ = host::FileHandle(
        ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
               kFileMode));
    if (!file_.is_open() || ::fstat(file_.get(), &file_identity_) != 0) {
        return failure(errno, "open", path_);
    }
    if (!S_ISREG(file_identity_.st_mode)) {
        file_.close();
        return Failure{EINVAL, "cannot write " + path_ + ": it is not a regular file"};
    }
    if (newest) {
        note.note(*newest);
    }
    size_ = static_cast<std::uint64_t>(file_identity_.st_size);
    auto failed = end_last_line();
    if (failed) {
        file_.close();
    }
    return failed;
}

// A line without its end must not swallow the next record. A record without it, or the head of one, is what a process
// left that was killed while it wrote: it is taken out, because one that was cut within a serial would name a member
// that there is not.
std::optional<Failure> SharedLog::end_last_line()
{
    std::array<char, log::kMaxLineLength> buffer{};
    const std::size_t wanted = std::min<std::uint64_t>(size_, buffer.size());
    if (wanted == 0 || ::pread(file_.get(), buffer.data(), 1, static_cast<off_t>(size_ - 1)) != 1 ||
        buffer[0] == '\n') {
        return std::nullopt;
    }
    const ssize_t got =
        ::pread(file_.get(), buffer.data(), wanted, static_cast<off_t>(size_ - wanted));
    std::string_view line(buffer.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
    const std::size_t begin = line.rfind('\n') + 1;
    line.remove_prefix(begin);
    const bool is_whole_line = begin > 0 || line.size() == size_;
    log::ParsedLine parsed;
    const log::LineKind kind = log::parse_line(line, parsed);
    if (is_whole_line && (kind == log::LineKind::torn || kind == log::LineKind::record)) {
        size_ -= line.size();
        return retried([&] { return ::ftruncate(file_.get(), static_cast<off_t>(size_)); }) == 0
                   ? std::nullopt
                   : std::optional(failure(errno, "take back a torn record in", path_));
    }
    std::size_t written = 0;
    return write("\n", std::array{RecordToWrite{1, {}}}, written);
}

// Locks, and sees to it that file_ is the file of that name and size_ its size.
std::optional<Failure> SharedLog::ready(Lock& lock)
{
    if (missing_directory_) {
        return failure(ENOENT, "open", path_);
    }
    forget_after_fork();
    constexpr int kTries = 8;
    for (int i = 0; i < kTries; ++i) {
        if (auto failed = lock_marker(lock)) {
            return failed;
        }
        struct stat now {};
        if (file_.is_open() && ::lstat(path_.c_str(), &now) == 0 &&
            same_file(now, file_identity_)) {
            const auto size = static_cast<std::uint64_t>(now.st_size);
            return std::exchange(size_, size) == size ? std::nullopt : end_last_line();
        }
        // The file was rotated by another process, or the whole directory is another one: then so is the marker.
        struct stat marker_now {};
        struct stat marker_held {};
        if (::fstat(marker_.get(), &marker_held) == 0 &&
            ::lstat(marker_path_.c_str(), &marker_now) == 0 && same_file(marker_now, marker_held)) {
            return open_file();
        }
        lock.release();
        marker_.close();
    }
    return Failure{EAGAIN, "cannot open " + path_ + ": its directory keeps changing"};
}

// How many of `records` go into the file until it is full: one at least.
std::size_t SharedLog::up_to_full(std::span<const RecordToWrite> records) const
{
    std::uint64_t size = size_;
    std::size_t count = 0;
    do {
        size += records[count++].size;
    } while (count < records.size() && !log::is_full(size, limit_));
    return count;
}

// Appends whole records only: of what a full disk took, a piece of one is cut off again, while nobody else can write.
std::optional<Failure> SharedLog::write(std::string_view bytes,
                                        std::span<const RecordToWrite> records,
                                        std::size_t& written)
{
    if (full_disk_) {
        return failure(ENOSPC, "write", path_);
    }
    const ssize_t result =
        retried([&] { return ::write(file_.get(), bytes.data(), bytes.size()); });
    if (result < 0) {
        return failure(errno, "write", path_);
    }
    auto piece = static_cast<std::size_t>(result);
    for (; written < records.size() && records[written].size <= piece; ++written) {
        piece -= records[written].size;
        size_ += records[written].size;
    }
    if (piece > 0 &&
        retried([&] { return ::ftruncate(file_.get(), static_cast<off_t>(size_)); }) != 0) {
        return failure(errno, "take back a torn record in", path_);
    }
    if (written == 0) {
        return Failure{ENOSPC, "cannot write " + path_ + ": only " + std::to_string(piece) +
                                   " bytes of a record were taken"};
    }
    return std::nullopt;
}

std::optional<Failure> SharedLog::rotate(WallTime utc)
{
    const RotationNote note(marker_.get(), directory_);
    log::RotatedName name =
        log::next_name(std::chrono::floor<std::chrono::seconds>(utc), note.newest());
    constexpr int kTries = 1000;  // names that are no files of a log, but taken
    for (int tries = 0; tries < kTries; ++tries, ++name.number) {
        const int error = rename_to_free_name(path_, directory_ + "/" + log::to_text(name));
        if (error == 0) {
            note.note(name);
            file_.close();
            ++rotations_;
            return std::nullopt;
        }
        if (error != EEXIST) {
            return failure(error, "rotate", path_);
        }
    }
    return failure(EEXIST, "rotate", path_);
}

SharedLog::Outcome SharedLog::open(std::optional<WallTime> utc)
{
    Outcome outcome;
    Lock lock;
    outcome.not_written = ready(lock);
    if (!outcome.not_written && utc && log::is_full(size_, limit_)) {
        outcome.not_rotated = rotate(*utc);
    }
    return outcome;
}

SharedLog::Outcome SharedLog::append(std::string_view bytes, std::span<const RecordToWrite> records)
{
    Outcome outcome;
    Lock lock;
    outcome.not_written = ready(lock);
    if (!outcome.not_written && log::is_full(size_, limit_)) {
        outcome.not_rotated = rotate(records.front().utc);
        if (!outcome.not_rotated) {
            outcome.not_written = open_file();
        }
    }
    if (outcome.not_written) {
        return outcome;
    }
    // A file that cannot be rotated takes them all.
    records = records.first(outcome.not_rotated ? records.size() : up_to_full(records));
    std::size_t size = 0;
    for (const RecordToWrite& record : records) {
        size += record.size;
    }
    outcome.not_written = write(bytes.substr(0, size), records, outcome.written);
    if (outcome.written > 0 && log::is_full(size_, limit_) && !outcome.not_rotated) {
        outcome.not_rotated = rotate(records[outcome.written - 1].utc);
    }
    return outcome;
}

}  // namespace hasim::sink
