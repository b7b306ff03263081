#include "live/file_watch.hpp"

#include <filesystem>
#include <fstream>
#include <vector>

#include "live/driver.hpp"
#include "loop.hpp"
#include "support/environment.hpp"

namespace hasim::live {

namespace {

namespace fs = std::filesystem;

struct WatchBench {
    boost::asio::io_context io{Driver::kOneThread};
    test::TemporaryDirectory directory;
    fs::path file = directory.path() / "Chrystoki.conf";
    std::vector<std::string> texts;
    std::vector<std::string> problems;
    FileWatch watch{io, file.string(), 1000,
                    [this](const std::string& text) { texts.push_back(text); },
                    [this](const std::string& text) { problems.push_back(text); }};

    void start(const std::string& text)
    {
        test::write_file(file, text);
        REQUIRE(watch.start(text) == "");
        settle();
    }

    /// Until what happened was noticed, and read.
    void settle()
    {
        test::run_ready(io);
        test::run_until(io, [&] { return !watch.is_reading(); });
        test::run_ready(io);
    }

    void until_texts(std::size_t count)
    {
        test::run_until(io, [&] { return texts.size() >= count; });
        settle();
    }
};

}  // namespace

TEST_CASE("a file written in place is read when its writer closes it")
{
    WatchBench bench;
    bench.start("one");
    {
        std::ofstream writer(bench.file, std::ios::trunc);
        writer << "tw" << std::flush;
        bench.settle();
        CHECK(bench.texts.empty());
        writer << "o";
    }
    bench.until_texts(1);
    CHECK(bench.texts == std::vector<std::string>{"two"});
}

TEST_CASE("a file renamed into place is noticed, again and again")
{
    WatchBench bench;
    bench.start("one");
    for (const char* text : {"two", "three", "four"}) {
        fs::rename(bench.file, bench.file.string() + "~");
        test::write_file(bench.directory.path() / "new", text);
        fs::rename(bench.directory.path() / "new", bench.file);
        bench.until_texts(bench.texts.size() + 1);
        CHECK(bench.texts.back() == text);
    }
    CHECK(bench.texts.size() == 3);
    CHECK(bench.problems.empty());
}

TEST_CASE("the same content is no change, and other files are nobody's business")
{
    WatchBench bench;
    bench.start("one");
    test::write_file(bench.file, "one");
    test::write_file(bench.directory.path() / "other", "two");
    bench.settle();
    CHECK(bench.texts.empty());
    test::write_file(bench.file, "two");
    bench.until_texts(1);
    CHECK(bench.texts == std::vector<std::string>{"two"});
}

TEST_CASE("what was written between reading and watching is found")
{
    WatchBench bench;
    test::write_file(bench.file, "newer");
    REQUIRE(bench.watch.start("older") == "");
    bench.until_texts(1);
    CHECK(bench.texts == std::vector<std::string>{"newer"});
}

TEST_CASE("a file that is gone is no change, the one that comes after it is")
{
    WatchBench bench;
    bench.start("one");
    fs::remove(bench.file);
    bench.settle();
    CHECK(bench.texts.empty());
    CHECK(bench.problems.empty());
    test::write_file(bench.file, "two");
    bench.until_texts(1);
    CHECK(bench.texts.back() == "two");
}

TEST_CASE("a change behind a symbolic link is noticed, and so is a change of the link")
{
    WatchBench bench;
    const test::TemporaryDirectory elsewhere;
    test::write_file(elsewhere.path() / "real", "one");
    fs::create_symlink(elsewhere.path() / "real", bench.file);
    REQUIRE(bench.watch.start("one") == "");
    bench.settle();
    test::write_file(elsewhere.path() / "real", "two");
    bench.until_texts(1);
    const test::TemporaryDirectory third;
    test::write_file(third.path() / "real", "three");
    fs::create_symlink(third.path() / "real", bench.directory.path() / "link");
    fs::rename(bench.directory.path() / "link", bench.file);
    bench.until_texts(2);
    test::write_file(third.path() / "real", "four");
    bench.until_texts(3);
    CHECK(bench.texts == std::vector<std::string>{"two", "three", "four"});
}

TEST_CASE("a file that is too long or no text is one problem, and a good one after it is a change")
{
    WatchBench bench;
    bench.start("one");
    test::write_file(bench.file, std::string(1001, 'x'));
    test::run_until(bench.io, [&] { return bench.problems.size() == 1; });
    test::write_file(bench.file, std::string(1002, 'x'));
    bench.settle();
    CHECK(bench.problems.size() == 1);
    CHECK(bench.texts.empty());
    test::write_file(bench.file, "two");
    bench.until_texts(1);
    CHECK(bench.texts.back() == "two");
}

TEST_CASE("a directory that goes is told")
{
    WatchBench bench;
    const fs::path inner = bench.directory.path() / "inner";
    fs::create_directory(inner);
    test::write_file(inner / "file", "one");
    FileWatch watch(
        bench.io, (inner / "file").string(), 1000, [](const std::string&) {},
        [&](const std::string& text) { bench.problems.push_back(text); });
    REQUIRE(watch.start("one") == "");
    bench.settle();
    fs::remove_all(inner);
    test::run_until(bench.io, [&] { return !bench.problems.empty(); });
    CHECK_THAT(bench.problems.front(), ContainsSubstring("is gone"));
}

TEST_CASE("a file in a directory that is not there cannot be watched")
{
    boost::asio::io_context io;
    FileWatch watch(
        io, "/nowhere/at/all.conf", 1000, [](const std::string&) {}, [](const std::string&) {});
    CHECK_THAT(watch.start(""),
               StartsWith("/nowhere/at cannot be watched for changes of /nowhere/at/all.conf: "));
}

}  // namespace hasim::live
