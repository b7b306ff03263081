// Goal: the newest rotated file is known without reading the directory, and never wrongly.
// Method: a marker and rotated files in a temporary directory; notes that are true, stale or no notes.
#include "sink/rotation_note.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include "host/file_handle.hpp"
#include "sink/ha_log_file.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;
using namespace hasim::sink;
using hasim::test::read_file;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;
namespace fs = std::filesystem;

namespace {

const log::RotatedName kOlder{std::chrono::sys_days{std::chrono::year(2017) / 10 / 4}, 0};
const log::RotatedName kNewer{std::chrono::sys_days{std::chrono::year(2017) / 10 / 5}, 7};

struct Noted {
    explicit Noted(int access = O_RDWR) : directory(folder.path().string())
    {
        write_file(path("marker"), std::string(marker_text()));
        marker = host::FileHandle(::open(path("marker").c_str(), access | O_CLOEXEC));
    }
    [[nodiscard]] std::string path(const std::string& name) const { return directory + "/" + name; }
    [[nodiscard]] RotationNote note() const { return {marker.get(), directory}; }
    // As if nothing had changed in the directory for long, or just now.
    void changed_at(std::int64_t second) const
    {
        const std::array<struct timespec, 2> times{timespec{second, 0}, timespec{second, 5}};
        REQUIRE(::utimensat(AT_FDCWD, directory.c_str(), times.data(), 0) == 0);
    }

    TemporaryDirectory folder;
    std::string directory;
    host::FileHandle marker;
};

}  // namespace

TEST_CASE("without a note the directory is read, compressed files too")
{
    const Noted log;
    CHECK_FALSE(log.note().noted());
    CHECK(log.note().newest() == std::nullopt);
    write_file(log.path(log::to_text(kNewer) + ".gz"), "x");
    write_file(log.path(log::to_text(kOlder)), "x");
    CHECK(log.note().newest() == kNewer);
    CHECK_FALSE(log.note().noted());
}

TEST_CASE("a note holds as long as nobody changes the directory")
{
    const Noted log;
    const auto newest = GENERATE(RotationNote::Newest(kNewer), RotationNote::Newest());
    log.changed_at(1000);
    log.note().note(newest);
    REQUIRE(log.note().noted());
    CHECK(*log.note().noted() == newest);
    CHECK(log.note().newest() == newest);  // which is nowhere in the directory
    log.changed_at(1001);
    CHECK_FALSE(log.note().noted());
    CHECK(log.note().newest() == std::nullopt);
    log.note().note(kOlder);
    CHECK(log.note().newest() == kOlder);
}

TEST_CASE("a marker that holds anything else is no note")
{
    const Noted log;
    log.changed_at(1000);
    for (const std::string text :
         {"", "haErrorLog_20171004T000000Z.txt", "- 1000.5\n", "x 1000.000000005\n",
          "haErrorLog_20171304T000000Z.txt 1000.000000005\n", "\n- 1000.000000005\n"}) {
        write_file(log.path("marker"), std::string(marker_text()) + text);
        log.changed_at(1000);
        CAPTURE(text);
        CHECK_FALSE(log.note().noted());
    }
    write_file(log.path("marker"), std::string(marker_text()) + "- 1000.000000005\n");
    log.changed_at(1000);
    CHECK(log.note().noted());
}

TEST_CASE("a marker that cannot be written costs the note alone")
{
    const Noted log(O_RDONLY);
    write_file(log.path(log::to_text(kOlder)), "x");
    log.changed_at(1000);
    log.note().note(kNewer);
    CHECK_FALSE(log.note().noted());
    CHECK(log.note().newest() == kOlder);
}

TEST_CASE("a log notes its rotations, and goes on behind what somebody put there meanwhile")
{
    const TemporaryDirectory folder;
    const std::string directory = (folder.path() / "log").string();
    const auto path = [&](const std::string& name) { return directory + "/" + name; };
    const auto log = HaLogFile::open({directory, 100, {}, {}});
    const WallTime moment = kOlder.stamp;
    const std::string full(99, 'x');
    log->append(full, moment);
    log->append(full, moment);
    log->append("next", moment);
    const host::FileHandle marker(::open(path(".hasim-log").c_str(), O_RDONLY | O_CLOEXEC));
    const RotationNote note(marker.get(), directory);
    REQUIRE(note.noted());  // the file that was made since changed the directory, and not this
    CHECK(*note.noted() == log::RotatedName{kOlder.stamp, 1});
    write_file(path(log::to_text(kNewer)), "put there");
    log->append(full, moment);
    CHECK(fs::exists(path(log::to_text({kNewer.stamp, kNewer.number + 1}))));
    CHECK(read_file(path(log::to_text(kNewer))) == "put there");
}
