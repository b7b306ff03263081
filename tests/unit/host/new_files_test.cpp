// Goal: files that belong together are made whole or not at all, secrets are the owner's alone, and nothing that stands
// is lost unless that is asked for.
#include "host/new_files.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/environment.hpp"

namespace fs = std::filesystem;
using hasim::host::make_files;
using hasim::host::NewFile;
using hasim::host::Standing;
using hasim::test::read_file;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;

namespace {

unsigned mode_of_file(const fs::path& path)
{
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

std::size_t count_in(const fs::path& folder)
{
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("new files hold their texts, and a secret is for its owner")
{
    const TemporaryDirectory folder;
    const fs::path open = folder.path() / "open";
    const fs::path secret = folder.path() / "secret";
    const mode_t mask = ::umask(0022);
    const std::vector<NewFile> files{{open, "for all"}, {secret, "for me", true}};
    CHECK(make_files(files, Standing::kept).empty());
    ::umask(mask);
    CHECK(read_file(open) == "for all");
    CHECK(read_file(secret) == "for me");
    CHECK(mode_of_file(open) == 0644);
    CHECK(mode_of_file(secret) == 0600);
    CHECK(count_in(folder.path()) == 2);
}

TEST_CASE("what stands is kept, and then none of the files is made")
{
    const TemporaryDirectory folder;
    const fs::path first = folder.path() / "first";
    const fs::path second = folder.path() / "second";
    write_file(second, "mine");
    const std::vector<NewFile> files{{first, "new"}, {second, "new"}};
    CHECK(make_files(files, Standing::kept) ==
          second.string() + ": cannot be written: File exists");
    CHECK(read_file(second) == "mine");
    CHECK(count_in(folder.path()) == 1);
    fs::remove(second);
    fs::create_symlink(folder.path() / "nowhere", second);
    CHECK_FALSE(make_files(files, Standing::kept).empty());
    CHECK(count_in(folder.path()) == 1);
}

TEST_CASE("what stands is replaced when that is asked for, and a secret is one again")
{
    const TemporaryDirectory folder;
    const fs::path file = folder.path() / "file";
    write_file(file, "old");
    REQUIRE(::chmod(file.c_str(), 0644) == 0);
    CHECK(make_files(std::vector<NewFile>{{file, "new", true}}, Standing::replaced).empty());
    CHECK(read_file(file) == "new");
    CHECK(mode_of_file(file) == 0600);
    CHECK(count_in(folder.path()) == 1);
}

TEST_CASE("where one cannot be written, none is")
{
    const TemporaryDirectory folder;
    const fs::path first = folder.path() / "first";
    const fs::path lost = folder.path() / "no-such-folder" / "lost";
    const std::vector<NewFile> files{{first, "new"}, {lost, "new"}};
    CHECK(make_files(files, Standing::replaced) ==
          lost.string() + ": cannot be written: No such file or directory");
    CHECK(count_in(folder.path()) == 0);
}
