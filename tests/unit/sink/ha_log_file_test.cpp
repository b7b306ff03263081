// Goal: the log file holds exactly the records, in files that end where they should, and no failure of the machine gets
// through to the client. Method: real files in a temporary directory; real limits of the process for a full disk.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

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

const WallTime kNoteTime = std::chrono::sys_days{std::chrono::year(2017) / 10 / 4} +
                           std::chrono::hours(16) + std::chrono::minutes(29) +
                           std::chrono::seconds(21);

// A log in a directory of its own, and what it had to tell.
struct Fixture {
    explicit Fixture(std::uint64_t limit = 1024)
        : options{(temporary.path() / "log").string(), limit, {}, {}}
    {
        options.on_trouble = [this](const LogTrouble& trouble) { troubles.push_back(trouble); };
    }

    void open() { file = HaLogFile::open(options); }
    [[nodiscard]] fs::path directory() const { return options.directory; }
    [[nodiscard]] fs::path path(const std::string& name = "haErrorLog.txt") const
    {
        return directory() / name;
    }

    TemporaryDirectory temporary;
    std::vector<LogTrouble> troubles;
    HaLogOptions options;
    std::unique_ptr<HaLogFile> file;
};

const std::string kLine(127, 'x');  // with its newline an eighth of 1024

}  // namespace

TEST_CASE("records are appended, a line each, in a directory that is made and marked")
{
    Fixture log;
    CHECK_FALSE(check_directory(log.options.directory).has_value());
    log.open();
    log.file->append("first", kNoteTime);
    log.file->append("second", kNoteTime);
    CHECK(read_file(log.path()) == "first\nsecond\n");
    CHECK(fs::exists(log.path(std::string(kMarkerName))));
    CHECK_FALSE(check_directory(log.options.directory).has_value());
    log.open();
    log.file->append("third", kNoteTime);
    CHECK(read_file(log.path()) == "first\nsecond\nthird\n");
    CHECK(log.troubles.empty());
}

TEST_CASE("the record that reaches the limit is the last of its file")
{
    Fixture log;
    log.open();
    for (int i = 0; i < 7; ++i) {
        log.file->append(kLine, kNoteTime);
    }
    CHECK(fs::file_size(log.path()) == 896);
    log.file->append(kLine, kNoteTime);
    CHECK_FALSE(fs::exists(log.path()));
    CHECK(fs::file_size(log.path("haErrorLog_20171004T162921Z.txt")) == 1024);
    log.file->append("next", kNoteTime);
    CHECK(read_file(log.path()) == "next\n");
    CHECK(log.troubles.empty());
}

TEST_CASE(
    "a record may go beyond the limit, a byte below it is not full, and taken names are passed "
    "over")
{
    Fixture log;
    log.open();
    write_file(log.path("haErrorLog_20171004T162921Z_001.txt"), "not to be touched");
    const std::string below(1022, 'y');
    for (int i = 0; i < 3; ++i) {
        log.file->append(below, kNoteTime);
        CHECK(fs::file_size(log.path()) == 1023);
        log.file->append("z", kNoteTime);
        CHECK_FALSE(fs::exists(log.path()));
    }
    CHECK(read_file(log.path("haErrorLog_20171004T162921Z_001.txt")) == "not to be touched");
    for (const char* name :
         {"haErrorLog_20171004T162921Z_002.txt", "haErrorLog_20171004T162921Z_003.txt",
          "haErrorLog_20171004T162921Z_004.txt"}) {
        CHECK(read_file(log.path(name)) == below + "\nz\n");
    }
}

TEST_CASE("after a clock was set back, names still have the order of writing")
{
    Fixture log;
    log.open();
    write_file(log.path("haErrorLog_20160101T000000Z.txt.gz"), "an older one");
    const std::string full(1023, 'x');
    for (const auto back : {0, 0, 3600, 1800}) {
        log.file->append(std::to_string(back) + full, kNoteTime - std::chrono::seconds(back));
    }
    // So it is when the program is started anew, and when what was written last is compressed.
    fs::rename(log.path("haErrorLog_20171004T162921Z_003.txt"),
               log.path("haErrorLog_20171004T162921Z_003.txt.zst"));
    log.open();
    log.file->append("last" + full, kNoteTime - std::chrono::seconds(60));
    CHECK(fs::exists(log.path("haErrorLog_20171004T162921Z_004.txt")));
    CHECK_THAT(read_file(log.path("haErrorLog_20171004T162921Z_002.txt")), StartsWith("3600"));
    CHECK_THAT(read_file(log.path("haErrorLog_20171004T162921Z_004.txt")), StartsWith("last"));
}

TEST_CASE("a file found full at the start is rotated first")
{
    Fixture log(4096);
    log.open();
    for (int i = 0; i < 8; ++i) {
        log.file->append(kLine, kNoteTime);
    }
    log.options.limit = 1024;
    SECTION("at once, when the time is known")
    {
        log.options.opened_at = kNoteTime;
        log.open();
        CHECK_FALSE(fs::exists(log.path()));
    }
    SECTION("before the next record, when it is not")
    {
        log.open();
        CHECK(fs::exists(log.path()));
    }
    log.file->append("new", kNoteTime);
    CHECK(read_file(log.path()) == "new\n");
    CHECK(fs::file_size(log.path("haErrorLog_20171004T162921Z.txt")) == 1024);
}

TEST_CASE("a torn line at the end of a file does not swallow the next record")
{
    Fixture log;
    log.open();
    write_file(log.path(), "whole\nto");
    log.open();
    log.file->append("next", kNoteTime);
    CHECK(read_file(log.path()) == "whole\nto\nnext\n");
}

TEST_CASE("a file rotated by another process is noticed")
{
    Fixture log;
    log.open();
    log.file->append("old", kNoteTime);
    fs::rename(log.path(), log.path("haErrorLog_20171004T162900Z.txt"));
    log.file->append("new", kNoteTime);
    CHECK(read_file(log.path()) == "new\n");
    CHECK(read_file(log.path("haErrorLog_20171004T162900Z.txt")) == "old\n");
}

TEST_CASE("a full disk is told once, with the number of records that were not written")
{
    Fixture log;
    log.open();
    log.file->append("before", kNoteTime);
    for (int round = 0; round < 2; ++round) {
        log.troubles.clear();
        log.file->simulate({.full_disk = true});
        for (int i = 0; i < 3; ++i) {
            log.file->append("lost", kNoteTime);
        }
        REQUIRE(log.troubles.size() == 1);
        CHECK(log.troubles[0].kind == LogTrouble::Kind::begins);
        CHECK(log.troubles[0].text.find("No space left on device") != std::string::npos);
        CHECK(log.troubles[0].text.find("haErrorLog.txt") != std::string::npos);
        log.file->simulate({});
        log.file->append("after", kNoteTime);
        REQUIRE(log.troubles.size() == 2);
        CHECK(log.troubles[1].kind == LogTrouble::Kind::ends);
        CHECK(log.troubles[1].lost == 3);
    }
    CHECK(log.file->counts().lost == 6);
    CHECK(read_file(log.path()) == "before\nafter\nafter\n");
}

TEST_CASE("what is lost when the log is closed is told, too")
{
    Fixture log;
    log.open();
    log.file->simulate({.full_disk = true});
    log.file->append("lost", kNoteTime);
    log.file.reset();
    REQUIRE(log.troubles.size() == 2);
    CHECK(log.troubles[1].kind == LogTrouble::Kind::ends);
    CHECK(log.troubles[1].lost == 1);
}

TEST_CASE("a record of which the disk took a piece is taken back")
{
    Fixture log(100000);
    log.open();
    log.file->append(kLine, kNoteTime);
    struct rlimit before {};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 200;
    setrlimit(RLIMIT_FSIZE, &small);
    log.file->append(kLine, kNoteTime);
    const auto size_then = fs::file_size(log.path());
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old_handler);
    CHECK(size_then == 128);
    CHECK(log.file->counts().lost == 1);
    log.file->append("after", kNoteTime);
    CHECK(read_file(log.path()) == kLine + "\nafter\n");
    REQUIRE(log.troubles.size() == 2);
    CHECK(log.troubles[0].text.find("only 72 bytes") != std::string::npos);
    CHECK(log.troubles[1].lost == 1);
}

TEST_CASE("a directory that goes and comes back is told once each, simulated or real")
{
    const bool real = GENERATE(false, true);
    Fixture log;
    log.open();
    log.file->append("before", kNoteTime);
    const fs::path elsewhere = log.temporary.path() / "elsewhere";
    if (real) {
        fs::rename(log.directory(), elsewhere);
    } else {
        log.file->simulate({.missing_directory = true});
    }
    log.file->append("lost", kNoteTime);
    log.file->append("lost", kNoteTime);
    REQUIRE(log.troubles.size() == 1);
    CHECK(log.troubles[0].text.find("No such file or directory") != std::string::npos);
    if (real) {
        CHECK_FALSE(fs::exists(log.directory()));
        fs::rename(elsewhere, log.directory());
    } else {
        log.file->simulate({});
    }
    log.file->append("after", kNoteTime);
    CHECK(read_file(log.path()) == "before\nafter\n");
    REQUIRE(log.troubles.size() == 2);
    CHECK(log.troubles[1].lost == 2);
}

TEST_CASE("a directory that is deleted and made again is used again")
{
    Fixture log;
    log.open();
    log.file->append("before", kNoteTime);
    fs::remove_all(log.directory());
    fs::create_directory(log.directory());
    log.file->append("after", kNoteTime);
    CHECK(read_file(log.path()) == "after\n");
    CHECK(fs::exists(log.path(std::string(kMarkerName))));
    CHECK(log.troubles.empty());
}

TEST_CASE("a marker that is deleted is made again, and the log goes on")
{
    Fixture log;
    log.open();
    log.file->append("before", kNoteTime);
    fs::remove(log.path(std::string(kMarkerName)));
    constexpr int kSoon = 20;
    std::string expected = "before\n";
    for (int i = 0; i < kSoon; ++i) {
        log.file->append("after", kNoteTime);
        expected += "after\n";
    }
    CHECK(read_file(log.path()) == expected);
    CHECK_FALSE(check_directory(log.options.directory).has_value());
}

TEST_CASE("somebody else's log is refused and not touched")
{
    Fixture log;
    fs::create_directory(log.directory());
    CHECK_FALSE(check_directory(log.options.directory).has_value());
    write_file(log.path(), "a real outage\n");
    const auto error = check_directory(log.options.directory);
    REQUIRE(error.has_value());
    CHECK(error->find("--log-dir") != std::string::npos);
    CHECK(error->find(log.options.directory) != std::string::npos);
    log.open();
    log.file->append("simulated", kNoteTime);
    CHECK(read_file(log.path()) == "a real outage\n");
    CHECK_FALSE(fs::exists(log.path(std::string(kMarkerName))));
    REQUIRE(log.troubles.size() == 1);
    CHECK(log.file->counts().lost == 1);
}

TEST_CASE("a directory that cannot be made harms nobody")
{
    Fixture log;
    write_file(log.temporary.path() / "log", "a file, not a directory");
    log.open();
    log.file->append("lost", kNoteTime);
    log.file->append("lost", kNoteTime);
    REQUIRE(log.troubles.size() == 1);
    CHECK(log.troubles[0].kind == LogTrouble::Kind::begins);
    fs::remove(log.temporary.path() / "log");
    fs::create_directory(log.directory());
    log.file->append("written", kNoteTime);
    CHECK(read_file(log.path()) == "written\n");
    REQUIRE(log.troubles.size() == 2);
    CHECK(log.troubles[1].lost == 2);
}

TEST_CASE("neither a symbolic link nor a pipe is written through")
{
    Fixture log;
    log.open();
    const fs::path victim = log.temporary.path() / "victim";
    write_file(victim, "mine\n");
    fs::remove(log.path());
    if (GENERATE(true, false)) {
        fs::create_symlink(victim, log.path());
    } else {
        REQUIRE(mkfifo(log.path().c_str(), 0600) == 0);
    }
    log.file->append("lost", kNoteTime);
    CHECK(read_file(victim) == "mine\n");
    CHECK(log.file->counts().lost == 1);
}

TEST_CASE("a listener that throws does not reach the client")
{
    Fixture log;
    log.options.on_trouble = [](const LogTrouble&) {
        throw std::runtime_error("from the listener");
    };
    log.open();
    log.file->simulate({.full_disk = true});
    log.file->append("lost", kNoteTime);
    log.file->simulate({});
    log.file->append("written", kNoteTime);
    CHECK(log.file->counts().lost == 1);
    CHECK(read_file(log.path()) == "written\n");
}

TEST_CASE("processes that share a log lose, tear and double nothing, rotation included")
{
    const TemporaryDirectory directory;
    const Storm storm{(directory.path() / "log").string(), 8, 2000, 65536};
    CHECK(run_storm(storm) == 0);
    CHECK(complaints_about(storm) == "");
    CHECK(log_files(storm.directory).size() > 20);
}

TEST_CASE("children that inherit an open log lock each other out")
{
    const TemporaryDirectory directory;
    const Storm storm{(directory.path() / "log").string(), 4, 500, 16384};
    const auto file = HaLogFile::open({storm.directory, storm.limit, {}, {}});
    CHECK(run_processes(storm.processes, [&](std::uint32_t pid) {
              write_storm_records(*file, pid, storm.records);
              return file->counts().lost == 0;
          }) == 0);
    CHECK(complaints_about(storm) == "");
}

TEST_CASE("threads that share a log lose, tear and double nothing")
{
    const TemporaryDirectory directory;
    const Storm storm{(directory.path() / "log").string(), 4, 500, 16384};
    const auto file = HaLogFile::open({storm.directory, storm.limit, {}, {}});
    std::vector<std::thread> threads;
    for (std::uint32_t pid = 1; pid <= storm.processes; ++pid) {
        threads.emplace_back([&, pid] { write_storm_records(*file, pid, storm.records); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(complaints_about(storm) == "");
}

TEST_CASE("the check of a storm finds what it is there to find")
{
    const TemporaryDirectory directory;
    const Storm storm{directory.path().string(), 1, 25, 1024};
    REQUIRE(run_storm(storm) == 0);
    REQUIRE(complaints_about(storm) == "");
    const fs::path current = directory.path() / "haErrorLog.txt";
    const std::string good = read_file(current);
    REQUIRE_FALSE(good.empty());
    write_file(current, good.substr(0, good.size() - 4));
    CHECK(complaints_about(storm) != "");
    write_file(current, good + good);
    CHECK(complaints_about(storm) != "");
    write_file(current, "");
    CHECK(complaints_about(storm) != "");
    const fs::path rotated = log_files(directory.path()).front();
    write_file(current, good);
    write_file(rotated, read_file(rotated) + "x\n");
    CHECK(complaints_about(storm) != "");
}

TEST_CASE("who holds the lock costs records, which are counted and told, and nothing else")
{
    Fixture log;
    log.open();
    log.file->append(kLine, kNoteTime);
    const int holder = ::open(log.path(".hasim-log").c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(holder >= 0);
    REQUIRE(::flock(holder, LOCK_EX) == 0);
    // Each of these would wait for ever.
    log.file->append(kLine, kNoteTime);
    log.file->append(kLine, kNoteTime);
    CHECK(log.file->counts().lost == 2);
    REQUIRE(log.troubles.size() == 1);
    CHECK_THAT(log.troubles[0].text, ContainsSubstring("another process holds it"));
    // Nor does another hasim wait to begin.
    std::vector<LogTrouble> others;
    HaLogOptions second = log.options;
    second.on_trouble = [&](const LogTrouble& trouble) { others.push_back(trouble); };
    const auto other = HaLogFile::open(second);
    CHECK(others.size() == 1);

    REQUIRE(::flock(holder, LOCK_UN) == 0);
    log.file->append(kLine, kNoteTime);
    CHECK(log.file->counts().lost == 2);
    REQUIRE(log.troubles.size() == 2);
    CHECK(log.troubles[1].kind == LogTrouble::Kind::ends);
    CHECK(log.troubles[1].lost == 2);
    ::close(holder);
    CHECK(read_file(log.path()) == kLine + "\n" + kLine + "\n");
}

TEST_CASE("nobody but the owner can open the marker, and so hold its lock")
{
    Fixture log;
    log.open();
    struct stat status {};
    REQUIRE(::stat(log.path(".hasim-log").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}
