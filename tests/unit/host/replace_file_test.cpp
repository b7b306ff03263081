// Goal: a result goes where its name leads, and nothing that is no regular file is ever replaced.
#include "host/replace_file.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace fs = std::filesystem;
using hasim::host::replace_file;
using hasim::host::FileEdit;
using hasim::test::read_file;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;

namespace {

std::string edited(const std::string& path, std::string_view before, std::string_view text)
{
    FileEdit edit(path);
    return edit.replace(before, text);
}

}  // namespace

TEST_CASE("a file is replaced whole, with the mode it had")
{
    const TemporaryDirectory folder;
    const std::string file = (folder.path() / "f").string();
    CHECK(replace_file(file, "one").empty());
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    CHECK(replace_file(file, "two").empty());
    CHECK(read_file(file) == "two");
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("a link stays a link, and what it leads to gets the text")
{
    const TemporaryDirectory folder;
    const fs::path target = folder.path() / "target";
    const fs::path link = folder.path() / "link";
    write_file(target, "old");
    fs::create_symlink(target, link);
    CHECK(replace_file(link.string(), "new").empty());
    CHECK(fs::is_symlink(link));
    CHECK(read_file(target) == "new");
}

TEST_CASE("a device stays a device, and a pipe that nobody reads is an error, not a wait")
{
    CHECK(replace_file("/dev/null", "text").empty());
    CHECK(fs::is_character_file("/dev/null"));
    CHECK_FALSE(replace_file("/dev/full", "text").empty());
    const TemporaryDirectory folder;
    const std::string pipe = (folder.path() / "pipe").string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THAT(replace_file(pipe, "text"), ContainsSubstring("nobody reads it"));
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    CHECK(replace_file(pipe, "text").empty());
    char got[8] = {};
    CHECK(::read(reader, got, sizeof got) == 4);
    ::close(reader);
    CHECK(fs::is_fifo(pipe));
}

TEST_CASE("two names of one file are known as such")
{
    const TemporaryDirectory folder;
    const fs::path file = folder.path() / "f";
    write_file(file, "x");
    fs::create_symlink(file, folder.path() / "g");
    write_file(folder.path() / "h", "x");
    CHECK(hasim::host::same_file(file.string(), (folder.path() / "g").string()));
    CHECK_FALSE(hasim::host::same_file(file.string(), (folder.path() / "h").string()));
    CHECK_FALSE(hasim::host::same_file(file.string(), (folder.path() / "none").string()));
}

TEST_CASE("an edit takes the place of what was read, with its mode, and leaves nothing behind")
{
    const TemporaryDirectory folder;
    const std::string file = (folder.path() / "f").string();
    write_file(file, "one");
    REQUIRE(::chmod(file.c_str(), 0666) == 0);
    const mode_t before = ::umask(077);
    CHECK(edited(file, "one", "two").empty());
    ::umask(before);
    CHECK(read_file(file) == "two");
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0666);
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
    if (::geteuid() == 0) {
        REQUIRE(::chown(file.c_str(), 12345, 23456) == 0);
        CHECK(edited(file, "two", "three").empty());
        REQUIRE(::stat(file.c_str(), &status) == 0);
        CHECK(status.st_uid == 12345);
        CHECK(status.st_gid == 23456);
    }
}

TEST_CASE("what somebody else changed is not edited, nor a link, a folder or a read-only file")
{
    const TemporaryDirectory folder;
    const std::string file = (folder.path() / "f").string();
    write_file(file, "theirs");
    for (const char* const read : {"their", "theirs!", "", "another"}) {
        CHECK_THAT(edited(file, read, "mine"),
                   ContainsSubstring("somebody else changes this file"));
    }
    const std::string link = (folder.path() / "link").string();
    fs::create_symlink(file, link);
    CHECK_THAT(edited(link, "theirs", "mine"),
               ContainsSubstring("is a symbolic link; edit the file it leads to: ") &&
                   EndsWith("/f"));
    CHECK_THAT(edited(folder.path().string(), "", "mine"),
               EndsWith("is no regular file"));
    REQUIRE(::chmod(file.c_str(), 0444) == 0);
    CHECK_THAT(edited(file, "theirs", "mine"), ContainsSubstring("is read-only"));
    CHECK(read_file(file) == "theirs");
    CHECK_THAT(edited((folder.path() / "none").string(), "", "mine"),
               ContainsSubstring("No such file"));
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("who edits a file is waited for, and what he did is seen")
{
    const TemporaryDirectory folder;
    const std::string file = (folder.path() / "f").string();
    write_file(file, "one");
    auto first = std::make_unique<FileEdit>(file);
    std::string seen;
    std::thread other([&] {
        FileEdit second(file);
        seen = read_file(file);
        CHECK(second.replace("two", "three").empty());
    });
    CHECK(first->replace("one", "two").empty());
    first.reset();
    other.join();
    CHECK(seen == "two");
    CHECK(read_file(file) == "three");
}

TEST_CASE("what an editor left that was killed is in nobody's way")
{
    const TemporaryDirectory folder;
    const std::string file = (folder.path() / "f").string();
    write_file(file, "one");
    write_file(folder.path() / "f.hasim-new", "half of it");
    CHECK(edited(file, "one", "two").empty());
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a file with two names is not parted, and attributes stay")
{
    const TemporaryDirectory folder;
    const std::string file = (folder.path() / "f").string();
    write_file(file, "one");
    if (::setxattr(file.c_str(), "user.note", "x", 1, 0) == 0) {
        CHECK(edited(file, "one", "two").empty());
        char value = 0;
        CHECK(::getxattr(file.c_str(), "user.note", &value, 1) == 1);
        CHECK(value == 'x');
    }
    fs::create_hard_link(file, folder.path() / "g");
    CHECK_THAT(edited(file, read_file(file), "three"), ContainsSubstring("has several names"));
}

TEST_CASE("editors at the same time take turns, and nothing is lost")
{
    const TemporaryDirectory folder;
    const std::string file = (folder.path() / "f").string();
    write_file(file, "-");
    constexpr int kEditors = 4;
    constexpr int kEach = 25;
    std::vector<std::thread> threads;
    for (int me = 0; me < kEditors; ++me) {
        threads.emplace_back([&, me] {
            for (int i = 0; i < kEach; ++i) {
                FileEdit edit(file);
                const std::string before = read_file(file);
                CHECK(edit.replace(before, before + static_cast<char>('a' + me)).empty());
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const std::string text = read_file(file);
    for (int me = 0; me < kEditors; ++me) {
        CHECK(std::count(text.begin(), text.end(), static_cast<char>('a' + me)) == kEach);
    }
}

TEST_CASE("a disk without room leaves the old file whole")
{
    const TemporaryDirectory folder;
    const std::string file = (folder.path() / "f").string();
    const std::string old(1000, 'o');
    write_file(file, old);
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 4096;  // writing more fails, as on a full disk
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const std::string problem = edited(file, old, std::string(10'000, 'n'));
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    ::signal(SIGXFSZ, handler);
    CHECK_THAT(problem, ContainsSubstring("cannot be written: File too large"));
    CHECK(read_file(file) == old);
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}
