#include "live/mailbox.hpp"

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace hasim;

namespace {

/// Runs the loop until `happened`, or for a long time.
template <class Happened>
bool serve_until(boost::asio::io_context& io, Happened happened)
{
    const auto guard = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!happened() && std::chrono::steady_clock::now() < guard) {
        io.restart();
        io.run_one_for(std::chrono::milliseconds(10));
    }
    return happened();
}

}  // namespace

TEST_CASE("what threads put in comes out on the loop, whole and in each thread's order")
{
    constexpr int kEach = 1000;
    boost::asio::io_context io;
    std::vector<int> last{-1, -1};
    int taken = 0;
    bool in_order = true;
    live::Mailbox<int> box(io, [&](int value) {
        int& before = last[static_cast<std::size_t>(value % 2)];
        in_order = in_order && value > before;
        before = value;
        ++taken;
    });
    const auto put = [&](int first) {
        for (int i = 0; i < kEach; ++i) {
            box.slot()->put(first + 2 * i);
        }
    };
    std::thread even(put, 0);
    std::thread odd(put, 1);
    CHECK(serve_until(io, [&] { return taken == 2 * kEach; }));
    even.join();
    odd.join();
    CHECK(in_order);
}

TEST_CASE("what is there can be taken at once, and comes once")
{
    boost::asio::io_context io;
    std::vector<int> taken;
    live::Mailbox<int> box(io, [&](int value) { taken.push_back(value); });
    box.slot()->put(1);
    box.slot()->put(2);
    CHECK(taken.empty());
    box.take_all();
    CHECK(taken == std::vector<int>{1, 2});
    io.poll();
    CHECK(taken.size() == 2);
    box.slot()->put(3);
    CHECK(serve_until(io, [&] { return taken.size() == 3; }));
}

TEST_CASE("a thread may put something in when the loop's side is gone")
{
    boost::asio::io_context io;
    int taken = 0;
    auto box = std::make_unique<live::Mailbox<int>>(io, [&](int) { ++taken; });
    const auto slot = box->slot();
    slot->put(1);
    box.reset();
    slot->put(2);
    io.poll();
    CHECK(taken == 0);
}
