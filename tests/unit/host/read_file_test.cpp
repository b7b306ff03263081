// Goal: a file is read whole and unchanged, and every reason why one cannot be is told with the file's name.
#include "host/read_file.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"

#include <filesystem>
#include <string>
#include <variant>

#include <sys/stat.h>

using hasim::Finding;
using hasim::host::Content;
using hasim::host::read_file;

namespace {

class Folder {
public:
    [[nodiscard]] std::string path(const std::string& name) const
    {
        return (folder_.path() / name).string();
    }
    [[nodiscard]] std::string write(const std::string& name, std::string_view text) const
    {
        hasim::test::write_file(path(name), text);
        return path(name);
    }

private:
    hasim::test::TemporaryDirectory folder_;
};

// What read_file says about `path`, or "read" when it has nothing to complain about.
std::string complaint(const std::string& path, std::size_t limit = 1000)
{
    const auto result = read_file(path, limit);
    const auto* const finding = std::get_if<Finding>(&result);
    return finding == nullptr ? "read" : to_text(*finding);
}

}  // namespace

TEST_CASE("a file is read as it is")
{
    const Folder folder;
    const std::string text = "a\r\n\tb\n\n c";
    CHECK(std::get<std::string>(read_file(folder.write("f", text), 1000)) == text);
    CHECK(std::get<std::string>(read_file(folder.write("empty", ""), 1000)).empty());
}

TEST_CASE("a file may be as long as the limit, but not longer")
{
    const Folder folder;
    const std::string path = folder.write("f", std::string(200000, 'x'));
    CHECK(complaint(path, 200000) == "read");
    CHECK(complaint(path, 199999) == path +
                                         ": error: is longer than 199999 bytes, which is the "
                                         "limit; is this the right file?");
}

TEST_CASE("a device without end is read up to the limit")
{
    CHECK_THAT(complaint("/dev/zero"), ContainsSubstring("is longer than 1000 bytes"));
}

TEST_CASE("a missing file, a directory and a file behind a file are told apart")
{
    const Folder folder;
    CHECK(complaint(folder.path("no")) == folder.path("no") + ": error: no such file");
    CHECK(complaint(folder.path("")) ==
          folder.path("") + ": error: is a directory; name the file in it");
    const std::string below = folder.write("f", "x") + "/g";
    CHECK(complaint(below) == below + ": error: cannot be read: Not a directory");
    CHECK(complaint("") == "error: no such file");
}

TEST_CASE("a pipe that nobody writes to does not hang")
{
    const Folder folder;
    REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
    CHECK(std::get<std::string>(read_file(folder.path("pipe"), 1000)).empty());
}

TEST_CASE("what is no text is refused, unless bytes are asked for")
{
    const Folder folder;
    const std::string junk(
        "\x7f"
        "ELF\0\1",
        6);
    const std::string path = folder.write("f", junk);
    CHECK(complaint(path) == path + ":1:1: error: byte 0x7f is not text; is this the right file?");
    CHECK(std::get<std::string>(read_file(path, 1000, Content::bytes)) == junk);
}

TEST_CASE("what is read while others wait is a regular file, or an error at once")
{
    const Folder folder;
    const std::string pipe = folder.path("pipe");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    for (const std::string& path : {pipe, std::string("/dev/zero")}) {
        const auto result = read_file(path, 1000, Content::text, hasim::host::From::regular_file);
        REQUIRE(std::holds_alternative<Finding>(result));
        CHECK_THAT(to_text(std::get<Finding>(result)), ContainsSubstring("not a regular file"));
    }
    CHECK(std::get<std::string>(read_file(folder.write("f", "x"), 1000, Content::text,
                                          hasim::host::From::regular_file)) == "x");
}
