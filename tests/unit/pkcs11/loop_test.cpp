// Goal: many threads share one loop, whoever turns it; nobody is forgotten, and what is due is done when nobody calls.
#include "pkcs11/loop.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "live/driver.hpp"
#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::pkcs11;
using namespace std::chrono_literals;

namespace {

/// A loop whose requests end a little later, from a timer, as answers from a network do.
class Waiter {
public:
    Waiter()
        : loop(io, [this](const std::vector<Loop::Request*>& requests) {
              for (const Loop::Request* request : requests) {
                  request->begin();
              }
              ++settled;
          })
    {
    }

    /// A call that ends after `delay`.
    void call(std::chrono::microseconds delay)
    {
        Loop::Request* self = nullptr;
        auto timer = std::make_shared<boost::asio::steady_timer>(io, delay);
        Loop::Request request([&] {
            ++begun;
            timer->async_wait([this, &self, timer](const boost::system::error_code&) {
                ++ended;
                loop.end(*self);
            });
        });
        self = &request;
        loop.run(request);
    }

    boost::asio::io_context io{live::Driver::kOneThread};
    std::atomic<int> begun{0};
    std::atomic<int> ended{0};
    std::atomic<int> settled{0};
    Loop loop;
};

}  // namespace

TEST_CASE("one thread turns the loop itself")
{
    Waiter waiter;
    for (int i = 0; i < 100; ++i) {
        waiter.call(10us);
    }
    CHECK(waiter.begun == 100);
    CHECK(waiter.ended == 100);
    CHECK(waiter.settled >= 100);
}

TEST_CASE("a request that ends at once needs no turn of the loop")
{
    Waiter waiter;
    int done = 0;
    for (int i = 0; i < 100; ++i) {
        waiter.loop.run([&] { ++done; });
    }
    CHECK(done == 100);
}

TEST_CASE("calls that end at once, one after the other, give the network its turn")
{
    Waiter waiter;
    for (int i = 0; i < 100; ++i) {
        std::atomic<bool> came{false};
        waiter.loop.run([&] { boost::asio::post(waiter.io, [&] { came = true; }); });
        waiter.loop.run([] {});
        CHECK(came);  // without waiting until nobody calls
    }
}

TEST_CASE("every call of eight threads returns")
{
    Waiter waiter;
    constexpr int kThreads = 8;
    constexpr int kCalls = 300;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&waiter, thread] {
            for (int i = 0; i < kCalls; ++i) {
                waiter.call(std::chrono::microseconds((thread * 37 + i * 13) % 200));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(waiter.begun == kThreads * kCalls);
    CHECK(waiter.ended == kThreads * kCalls);
}

TEST_CASE("a short call beside a long one does not wait for it")
{
    Waiter waiter;
    std::atomic<bool> long_one_is_over{false};
    std::thread other([&] {
        waiter.call(2s);
        long_one_is_over = true;
    });
    while (waiter.begun == 0) {
        std::this_thread::yield();
    }
    for (int i = 0; i < 20; ++i) {
        waiter.call(100us);
    }
    CHECK_FALSE(long_one_is_over);
    other.join();
}

TEST_CASE("what is due is done while nobody calls")
{
    Waiter waiter;
    std::atomic<bool> fired{false};
    boost::asio::steady_timer timer(waiter.io);
    waiter.loop.run([&] {
        timer.expires_after(50ms);
        timer.async_wait([&](const boost::system::error_code&) { fired = true; });
    });
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!fired && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    CHECK(fired);
    waiter.call(10us);  // and it is given back to who calls
    CHECK(waiter.ended == 1);
}
