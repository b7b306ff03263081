// Goal: connections end at once, whoever ends them and whatever the other side does; strangers take nobody's place.
#include "network_bench.hpp"

namespace hasim::live {

TEST_CASE("closing ends at once in every phase of a connection, whatever the other side does")
{
    // Each would wait for ever on a socket that waits: the other side sends nothing and does not close.
    Bench bench(1, {.lingering = 4});
    SECTION("an attempt that the kernel has completed and the loop has not seen")
    {
        for (int i = 0; i < 100; ++i) {
            const ClientEnd end = bench.attempt();
            bench.io.restart();
            bench.io.poll_one();  // begins the attempt
            bench.network.close_client(end, i % 2 == 0 ? Ending::fin : Ending::reset, kStart);
        }
    }
    SECTION("a connection that stands")
    {
        const auto [end, connection] = bench.connect();
        bench.network.close_client(end, Ending::fin, kStart);
        bench.network.close_server(connection, Ending::fin, kStart);
    }
    SECTION("the network's own end, in the middle of attempts")
    {
        bench.attempt();
        bench.io.restart();
        bench.io.poll_one();
    }
    CHECK(bench.network.size() <= 200);
}

TEST_CASE(
    "a full door resets strangers, has a place for the clients of this process, and is told once")
{
    Bench bench(2, {.connections_per_appliance = 4});
    std::vector<tcp::socket> strangers;
    for (int i = 0; i < 8; ++i) {
        strangers.push_back(bench.foreign());
    }
    bench.until([&] { return bench.world.servers.size() == 4; });
    const auto [end, connection] = bench.connect();
    CHECK(bench.world.clients[end].up);
    REQUIRE(bench.told.size() == 1);
    CHECK_THAT(bench.told.front(), StartsWith("hsm1 has 4 connections"));
    char byte = 0;
    boost::system::error_code error;
    bench.until([&] {
        return strangers.back().available(error) == 0 &&
               strangers.back().read_some(boost::asio::buffer(&byte, 1), error) == 0;
    });
    CHECK(error == boost::asio::error::connection_reset);
    static_cast<void>(bench.connect(1));
}

TEST_CASE(
    "all appliances together have a bound too, and the clients of this process a place beyond it")
{
    Bench bench(2, {.connections = 3});
    std::vector<tcp::socket> strangers;
    for (int i = 0; i < 6; ++i) {
        strangers.push_back(bench.foreign());
    }
    bench.until([&] { return !bench.told.empty(); });
    CHECK(bench.world.servers.size() == 3);
    CHECK_THAT(bench.told.front(), StartsWith("the appliances have 3 connections"));
    const auto [end, connection] = bench.connect();
    CHECK(bench.world.clients[end].up);
    static_cast<void>(bench.connect(1));
    CHECK(bench.told.size() == 1);
}

TEST_CASE(
    "strangers that had no answer in time are let go, and clients of this process and the answered "
    "stay")
{
    Bench bench(1, {.unanswered_for = std::chrono::milliseconds(1)});
    tcp::socket answered = bench.foreign();
    bench.until([&] { return bench.world.servers.size() == 1; });
    const ConnectionId kept = bench.world.newest;
    bench.network.send_from_server(kept, "x", kStart);
    const auto [end, own] = bench.connect();
    tcp::socket silent = bench.foreign();
    bench.until([&] {
        return bench.world.servers.size() == 3 && bench.world.servers[bench.world.newest].ended;
    });
    CHECK_FALSE(bench.world.servers[kept].ended);
    CHECK_FALSE(bench.world.servers[own].ended);
    REQUIRE(bench.told.size() == 1);
    CHECK_THAT(bench.told.front(), ContainsSubstring("did not open a partition"));
}

}  // namespace hasim::live
