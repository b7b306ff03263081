// Goal: a result goes where its name leads, and nothing that is no regular file is ever replaced.
#include "host/replace_file.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"

#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;
using hasim::host::replace_file;
using hasim::test::read_file;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;

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
