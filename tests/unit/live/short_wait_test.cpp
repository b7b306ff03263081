// Goal: a loop looks before it sleeps while that pays, and only then.
#include "live/short_wait.hpp"

#include <thread>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "live/driver.hpp"
#include "support/catch.hpp"

namespace hasim::live {

using namespace std::chrono_literals;

namespace {

/// A loop with handlers that are ready at once, or after `delay`.
struct Waits {
    boost::asio::io_context io{Driver::kOneThread};
    ShortWait wait{};

    void once(std::chrono::microseconds delay)
    {
        bool ran = false;
        boost::asio::steady_timer timer(io, delay);
        timer.async_wait([&](const boost::system::error_code&) { ran = true; });
        while (!ran) {
            if (!wait.look(io, [] { return false; })) {
                wait.sleep(io);
            }
        }
        io.restart();
    }
};

}  // namespace

TEST_CASE("nothing is known at first, and nobody looks")
{
    const ShortWait wait;
    CHECK_FALSE(wait.pays());
}

TEST_CASE("looking pays once handlers come close together, and no more when they do not")
{
    Waits waits;
    for (int i = 0; i < 1000 && !waits.wait.pays(); ++i) {
        waits.once(0us);
    }
    CHECK(waits.wait.pays());
    for (int i = 0; i < 20; ++i) {
        waits.once(2ms);
    }
    CHECK_FALSE(waits.wait.pays());
}

TEST_CASE("what ends a wait ends it before a handler comes")
{
    Waits waits;
    const auto guard = boost::asio::make_work_guard(waits.io);
    CHECK(waits.wait.look(waits.io, [] { return true; }));
    CHECK_FALSE(waits.wait.look(waits.io, [] { return false; }));
}

TEST_CASE("where the processor does not come back soon, nobody looks for a while")
{
    static int given_away = 0;
    given_away = 0;
    Waits waits;
    waits.wait = ShortWait([] {
        ++given_away;
        std::this_thread::sleep_for(1ms);
    });
    const auto guard = boost::asio::make_work_guard(waits.io);
    // Handlers that are ready at once make it pay, and never give the processor away.
    for (int i = 0; i < 100; ++i) {
        boost::asio::post(waits.io, [] {});
        if (!waits.wait.look(waits.io, [] { return false; })) {
            waits.wait.sleep(waits.io);
        }
    }
    REQUIRE(waits.wait.pays());
    CHECK(given_away == 0);
    for (int i = 0; i < 50; ++i) {
        CHECK_FALSE(waits.wait.look(waits.io, [] { return false; }));
    }
    CHECK(given_away < 10);  // once, unless this thread was put aside for long
}

}  // namespace hasim::live
