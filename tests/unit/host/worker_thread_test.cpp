// Goal: jobs are done in order on another thread; who posts never waits; an end has a bound.
// Method: jobs that wait for the test itself.
#include "host/worker_thread.hpp"

#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using hasim::host::WorkerThread;
using namespace std::chrono_literals;

TEST_CASE("jobs are done in their order, on another thread, and what they throw is dropped")
{
    std::vector<int> done;
    std::thread::id who;
    {
        WorkerThread worker;
        for (int i = 0; i < 100; ++i) {
            REQUIRE(worker.post(1, [&done, &who, i] {
                done.push_back(i);
                who = std::this_thread::get_id();
                throw std::runtime_error("dropped");
            }));
        }
    }  // waits for all
    REQUIRE(done.size() == 100);
    CHECK(std::is_sorted(done.begin(), done.end()));
    CHECK(who != std::this_thread::get_id());
}

TEST_CASE("what waits has a bound, and there is room again when it is done")
{
    std::promise<void> go;
    WorkerThread worker(10);
    REQUIRE(worker.post(8, [&go] { go.get_future().wait(); }));
    CHECK_FALSE(worker.post(3, [] {}));
    CHECK(worker.post(2, [] {}));
    CHECK_FALSE(worker.post(1, [] {}));
    go.set_value();
    CHECK(worker.finish());
    CHECK(worker.post(10, [] {}));
    CHECK(worker.finish(1min));
}

TEST_CASE("an end that is not waited for leaves the job that hangs behind, and begins no other")
{
    const auto go = std::make_shared<std::promise<void>>();
    const auto over = std::make_shared<std::promise<void>>();
    const auto begun = std::make_shared<std::atomic<bool>>(false);
    {
        WorkerThread worker;
        std::promise<void> hangs;
        REQUIRE(worker.post(1, [go, over, &hangs] {
            hangs.set_value();
            go->get_future().wait();
            over->set_value();
        }));
        REQUIRE(worker.post(1, [begun] { *begun = true; }));
        hangs.get_future().wait();
        CHECK_FALSE(worker.finish(1ms));
        CHECK_FALSE(worker.post(1, [] {}));
    }
    go->set_value();
    over->get_future().wait();
    CHECK_FALSE(*begun);
}

TEST_CASE("the thread is at rest when no job waits, and not between jobs that wait")
{
    std::promise<void> go;
    std::vector<std::string> done;
    WorkerThread worker(WorkerThread::kMostPending, [&done] {
        done.emplace_back("rest");
        throw std::runtime_error("dropped");
    });
    REQUIRE(worker.post(1, [&] {
        go.get_future().wait();
        done.emplace_back("first");
    }));
    REQUIRE(worker.post(1, [&] { done.emplace_back("second"); }));
    go.set_value();
    CHECK(worker.finish());
    CHECK(done == std::vector<std::string>{"first", "second", "rest"});
    REQUIRE(worker.post(1, [&] { done.emplace_back("third"); }));
    CHECK(worker.finish());
    CHECK(done == std::vector<std::string>{"first", "second", "rest", "third", "rest"});
}
