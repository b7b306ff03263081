/// Where a test finds the source tree and the built program.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hasim::test {

/// Root of the source tree: environment variable HASIM_SOURCE_DIR, else the tree this test was built from.
[[nodiscard]] std::filesystem::path source_dir();

/// The built program: environment variable HASIM_BINARY, else the one of the build this test belongs to.
[[nodiscard]] std::filesystem::path binary();

/// A fresh, empty directory that goes, with all in it, when the object does.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The whole of a file; fails the test when it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// Makes the file hold exactly `text`; fails the test when that does not work.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace hasim::test
