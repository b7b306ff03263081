// Goal: a file is read beside the loop, its answer comes in the loop, and a read asked for meanwhile is made after it.
#include "live/background_read.hpp"

#include <thread>
#include <vector>

#include "live/driver.hpp"
#include "loop.hpp"
#include "support/environment.hpp"

namespace hasim::live {

namespace {

struct ReadBench {
    boost::asio::io_context io{Driver::kOneThread};
    test::TemporaryDirectory directory;
    std::string file = (directory.path() / "file").string();
    std::vector<BackgroundRead::Result> results;
    std::thread::id where;
    BackgroundRead read{io, file, 1000, [this](BackgroundRead::Result result) {
                            results.push_back(std::move(result));
                            where = std::this_thread::get_id();
                        }};

    void until(std::size_t count)
    {
        test::run_until(io, [&] { return results.size() >= count; });
    }
};

std::string text_of(const BackgroundRead::Result& result)
{
    REQUIRE(result);
    REQUIRE(std::holds_alternative<std::string>(*result));
    return std::get<std::string>(*result);
}

}  // namespace

TEST_CASE("what was read comes in the loop, and not before")
{
    ReadBench bench;
    test::write_file(bench.file, "one");
    bench.read.begin();
    CHECK(bench.read.busy());
    CHECK(bench.results.empty());
    bench.until(1);
    CHECK(text_of(bench.results[0]) == "one");
    CHECK(bench.where == std::this_thread::get_id());
    CHECK_FALSE(bench.read.busy());
}

TEST_CASE("a read that is asked for while one is under way comes after it, once")
{
    ReadBench bench;
    test::write_file(bench.file, "one");
    bench.read.begin();
    bench.read.begin();
    bench.read.begin();
    bench.until(2);
    test::run_ready(bench.io);
    CHECK(bench.results.size() == 2);
    CHECK_FALSE(bench.read.busy());
}

TEST_CASE("a file that is not there is no finding, one that is too long or no file is")
{
    ReadBench bench;
    bench.read.begin();
    bench.until(1);
    CHECK_FALSE(bench.results[0].has_value());
    test::write_file(bench.file, std::string(1001, 'x'));
    bench.read.begin();
    bench.until(2);
    REQUIRE(bench.results[1]);
    CHECK(std::holds_alternative<Finding>(*bench.results[1]));
}

TEST_CASE("who goes while a read is under way hears nothing of it")
{
    ReadBench bench;
    test::write_file(bench.file, "one");
    {
        BackgroundRead gone(bench.io, bench.file, 1000,
                            [](const BackgroundRead::Result&) { FAIL("nobody is there"); });
        gone.begin();
    }
    test::run_ready(bench.io);
}

}  // namespace hasim::live
