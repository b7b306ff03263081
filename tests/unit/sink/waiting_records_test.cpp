// Goal: records that are written together are in the files as if each had been written alone, and what fails costs only
// the records that it would have cost then. Method: drawn records both ways; real limits, locks and kills.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <random>

#include "sink/ha_log_file.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "unit/sink/storm.hpp"

using namespace hasim;
using namespace hasim::sink;
using namespace hasim::sink::test;
using hasim::test::read_file;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;
namespace fs = std::filesystem;

namespace {

const WallTime kMidnight = std::chrono::sys_days{std::chrono::year(2017) / 10 / 4};

std::map<std::string, std::string> files_in(const fs::path& directory)
{
    std::map<std::string, std::string> files;
    for (const fs::path& path : log_files(directory)) {
        files[path.filename().string()] = read_file(path);
    }
    return files;
}

struct Open {
    explicit Open(std::uint64_t limit) : file(HaLogFile::open({directory(), limit, {}, {}})) {}
    [[nodiscard]] std::string directory() const { return (temporary.path() / "log").string(); }
    [[nodiscard]] fs::path path() const { return fs::path(directory()) / "haErrorLog.txt"; }

    TemporaryDirectory temporary;
    std::unique_ptr<HaLogFile> file;
};

}  // namespace

TEST_CASE("records written together give the files that they give one by one")
{
    std::mt19937 random(GENERATE(range(0U, 20U)));
    const std::uint64_t limit = 200 + random() % 2000;
    Open together(limit);
    Open alone(limit);
    WallTime now = kMidnight;
    for (int records = 0; records < 300; ++records) {
        const std::string line = std::to_string(records) + std::string(random() % 300, 'x');
        now += std::chrono::milliseconds(random() % 3000);
        alone.file->append(line, now);
        together.file->add(line, now);
        if (random() % 20 == 0) {
            together.file->flush();
        }
    }
    together.file->flush();
    CHECK(files_in(together.directory()) == files_in(alone.directory()));
    CHECK(files_in(alone.directory()).size() > 10);
    CHECK(together.file->counts().bytes == alone.file->counts().bytes);
    CHECK(together.file->counts().records == 300);
    CHECK(together.file->counts().rotations == alone.file->counts().rotations);
    CHECK(together.file->counts().lost == 0);
}

TEST_CASE("a record waits for the next flush, and no longer")
{
    Open log(100000);
    log.file->add("first", kMidnight);
    log.file->add("second", kMidnight);
    CHECK(fs::file_size(log.path()) == 0);
    log.file->flush();
    CHECK(read_file(log.path()) == "first\nsecond\n");
    log.file->flush();
    CHECK(read_file(log.path()) == "first\nsecond\n");
    log.file->add("third", kMidnight);
    log.file->append("fourth", kMidnight);
    CHECK(read_file(log.path()) == "first\nsecond\nthird\nfourth\n");
}

TEST_CASE("a fault that begins takes the records after it, not those that wait")
{
    Open log(100000);
    log.file->add("before", kMidnight);
    log.file->simulate({.full_disk = true});
    log.file->add("lost", kMidnight);
    log.file->add("lost", kMidnight);
    log.file->simulate({});
    log.file->add("after", kMidnight);
    log.file->flush();
    CHECK(read_file(log.path()) == "before\nafter\n");
    CHECK(log.file->counts().lost == 2);
    CHECK(log.file->counts().lost_simulated == 2);
    CHECK(log.file->counts().records == 2);
}

TEST_CASE("a disk that takes a part takes whole records, and the small one that still fits")
{
    Open log(100000);
    const std::string line(99, 'x');
    for (int i = 0; i < 3; ++i) {
        log.file->add(line, kMidnight);
    }
    log.file->add("small", kMidnight);
    struct rlimit before {};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 250;
    setrlimit(RLIMIT_FSIZE, &small);
    log.file->flush();
    const std::string then = read_file(log.path());
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old_handler);
    CHECK(then == line + "\n" + line + "\nsmall\n");
    CHECK(log.file->counts().lost == 1);
    CHECK(log.file->counts().lost_simulated == 0);
    CHECK(log.file->counts().records == 3);
    CHECK(log.file->counts().bytes == then.size());
}

TEST_CASE("who holds the lock costs the records that wait, each counted, and is waited for once")
{
    Open log(100000);
    const int holder = ::open((log.directory() + "/.hasim-log").c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(holder >= 0);
    REQUIRE(::flock(holder, LOCK_EX) == 0);
    for (int i = 0; i < 1000; ++i) {  // 200 s, if each of them waited
        log.file->add("lost", kMidnight);
    }
    log.file->flush();
    CHECK(log.file->counts().lost == 1000);
    ::close(holder);
    log.file->append("after", kMidnight);
    CHECK(read_file(log.path()) == "after\n");
}

TEST_CASE("a record that waits while the process is forked is written by the parent alone")
{
    Open log(100000);
    log.file->add("parent's", kMidnight);
    CHECK(run_processes(1, [&](std::uint32_t) {
              log.file->flush();
              log.file->append("child's", kMidnight);
              return log.file->counts().records == 1;
          }) == 0);
    log.file->flush();
    CHECK(read_file(log.path()) == "child's\nparent's\n");
}

TEST_CASE("a record that a killed process did not end is taken out, and any other end is kept")
{
    std::array<char, log::kMaxLineLength> buffer{};
    const std::string record(storm_line(1, 1, buffer));
    const std::string head = record.substr(0, record.size() / 2);
    const bool opened_before = GENERATE(true, false);
    const bool has_line_before = GENERATE(true, false);
    Open log(100000);
    const std::string before = has_line_before ? record + "\n" : "";
    const auto then_append = [&](const std::string& end) {
        if (opened_before) {
            log.file->append("opened", kMidnight);
        } else {
            log.file.reset();
        }
        write_file(log.path(), before + end);
        if (!opened_before) {
            log.file = HaLogFile::open({log.directory(), 100000, {}, {}});
        }
        log.file->append("next", kMidnight);
        return read_file(log.path());
    };
    CHECK(then_append(head) == before + "next\n");
    CHECK(then_append("a word") == before + "a word\nnext\n");
    CHECK(then_append(record) == before + "next\n");
    CHECK(then_append(record.substr(0, record.size() - 1)) == before + "next\n");
    CHECK(then_append(std::string(1000, 'x') + head) ==
          before + std::string(1000, 'x') + head + "\nnext\n");
    CHECK(then_append("") == before + "next\n");
}

namespace {

// A process that writes records through a queue until it is killed; back when the first is in the file.
pid_t start_endless_writer(const std::string& directory, std::uint32_t pid)
{
    constexpr std::uint32_t kEndless = 100'000'000;
    std::array<int, 2> first{};
    REQUIRE(::pipe(first.data()) == 0);
    const pid_t child = fork();
    if (child == 0) {
        LogQueue queue(HaLogFile::open({directory, 262144, {}, {}}));
        queue_storm_records(queue, pid, 1);
        queue.finish();
        [[maybe_unused]] const ssize_t told = ::write(first[1], "1", 1);
        queue_storm_records(queue, pid, kEndless, 2);
        _exit(0);
    }
    char told = 0;
    CHECK(::read(first[0], &told, 1) == 1);
    ::close(first[0]);
    ::close(first[1]);
    return child;
}

void kill_and_wait(pid_t child)
{
    REQUIRE(::kill(child, SIGKILL) == 0);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
}

}  // namespace

TEST_CASE(
    "processes that are killed while they write tear and double nothing, and lose only what waited")
{
    constexpr std::uint32_t kKilled =
        8;  // of which most were in a write(2), which then is cut short
    constexpr std::uint32_t kOwn = kKilled + 1;
    const TemporaryDirectory temporary;
    const std::string directory = (temporary.path() / "log").string();
    const auto own = HaLogFile::open({directory, 262144, {}, {}});
    const pid_t beside = start_endless_writer(directory, kKilled);
    std::array<char, log::kMaxLineLength> buffer{};
    for (std::uint32_t pid = 1; pid < kKilled; ++pid) {
        const pid_t child = start_endless_writer(directory, pid);
        const std::size_t files = log_files(directory).size();
        while (log_files(directory).size() < files + 2) {
            own->append(
                storm_line(kOwn, static_cast<std::uint32_t>(own->counts().records) + 1, buffer),
                kMidnight);
        }
        kill_and_wait(child);
    }
    kill_and_wait(beside);
    own->append(storm_line(kOwn, static_cast<std::uint32_t>(own->counts().records) + 1, buffer),
                kMidnight);
    CHECK(own->counts().lost == 0);
    std::array<std::uint32_t, kOwn + 1> last{};
    for (const fs::path& path : log_files(directory)) {
        const std::string text = read_file(path);
        log::LineReader reader(text);
        for (log::Line line; reader.next(line);) {
            INFO(path.filename().string() << ":" << line.number << ": " << line.text);
            REQUIRE(line.kind == log::LineKind::record);
            REQUIRE(line.terminated);
            REQUIRE(line.parsed.attempt == ++last.at(line.parsed.pid.value));
        }
    }
    CHECK(last[kOwn] == own->counts().records);
}
