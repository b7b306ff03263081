// Goal: what goes through the queue is in the file, in order, under the faults of its moment, and told of when it is.
// Method: records that come while the thread is held up, and so wait together.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <future>
#include <stdexcept>
#include <vector>

#include "sink/log_queue.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "unit/sink/storm.hpp"

using namespace hasim;
using namespace hasim::sink;
using namespace hasim::sink::test;
using hasim::test::read_file;
using hasim::test::TemporaryDirectory;
using namespace std::chrono_literals;

namespace {

struct Queued {
    Queued() : file(HaLogFile::open({directory(), 100000, {}, {}})), queue(file) {}
    [[nodiscard]] std::string directory() const { return (temporary.path() / "log").string(); }
    [[nodiscard]] std::string text() const { return read_file(directory() + "/haErrorLog.txt"); }

    // The thread stands still from the end of `line` on, until the promise is kept.
    void post_and_hold(const std::string& line, std::promise<void>& go)
    {
        std::promise<void> held;
        REQUIRE(queue.post(line, WallTime{}, {}, [&] {
            held.set_value();
            go.get_future().wait();
        }));
        held.get_future().wait();
    }

    TemporaryDirectory temporary;
    std::shared_ptr<HaLogFile> file;
    LogQueue queue;
};

}  // namespace

TEST_CASE("records that wait are written together, each under the faults of its moment")
{
    Queued log;
    std::promise<void> go;
    log.post_and_hold("first", go);
    CHECK(log.text() == "first\n");
    const SimulatedFaults full{.full_disk = true};
    for (const auto& [line, faults] :
         {std::pair{"a", SimulatedFaults{}}, {"lost", full}, {"lost", full}, {"b", {}}}) {
        REQUIRE(log.queue.post(line, WallTime{}, faults));
    }
    std::string when_told;
    REQUIRE(log.queue.post("c", WallTime{}, {}, [&] { when_told = log.text(); }));
    CHECK(log.queue.through() == 1);
    go.set_value();
    CHECK(log.queue.finish());
    CHECK(log.text() == "first\na\nb\nc\n");
    CHECK(when_told == log.text());
    CHECK(log.queue.through() == 6);
    CHECK(log.file->counts().lost == 2);
}

TEST_CASE("one record alone does not wait for a second")
{
    Queued log;
    std::promise<std::string> text;
    REQUIRE(log.queue.post("alone", WallTime{}, {}, [&] { text.set_value(log.text()); }));
    CHECK(text.get_future().get() == "alone\n");
}

TEST_CASE("a listener that throws keeps nobody from being written")
{
    Queued log;
    std::promise<void> go;
    log.post_and_hold("first", go);
    REQUIRE(log.queue.post("second", WallTime{}, {}, [] { throw std::runtime_error("dropped"); }));
    REQUIRE(log.queue.post("third", WallTime{}));
    go.set_value();
    CHECK(log.queue.finish());
    REQUIRE(log.queue.post("fourth", WallTime{}));
    CHECK(log.queue.finish());
    CHECK(log.text() == "first\nsecond\nthird\nfourth\n");
}

TEST_CASE("without a file a record is told of all the same, and through")
{
    LogQueue queue(nullptr);
    bool told = false;
    REQUIRE(queue.post("anything", WallTime{}, {.full_disk = true}, [&] { told = true; }));
    CHECK(queue.finish());
    CHECK(told);
    CHECK(queue.through() == 1);
}

TEST_CASE("what waits behind a disk that hangs is given up when patience ends")
{
    const auto go = std::make_shared<std::promise<void>>();
    TemporaryDirectory temporary;
    const std::shared_ptr<HaLogFile> file =
        HaLogFile::open({temporary.path().string(), 100000, {}, {}});
    {
        LogQueue queue(file);
        std::promise<void> held;
        REQUIRE(queue.post("first", WallTime{}, {}, [go, &held] {
            held.set_value();
            go->get_future().wait();
        }));
        held.get_future().wait();
        REQUIRE(queue.post("given up", WallTime{}));
        CHECK_FALSE(queue.finish(1ms));
        CHECK(queue.through() == 1);
        CHECK_FALSE(queue.post("too late", WallTime{}));
    }
    go->set_value();
    CHECK(read_file(temporary.path() / "haErrorLog.txt") == "first\n");
}

TEST_CASE("processes that share a log through their queues lose, tear and double nothing")
{
    const TemporaryDirectory directory;
    const Storm storm{(directory.path() / "log").string(), 8, 4000, 65536, true};
    CHECK(run_storm(storm) == 0);
    CHECK(complaints_about(storm) == "");
    CHECK(log_files(storm.directory).size() > 40);
}
