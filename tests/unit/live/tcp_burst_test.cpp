// Goal: what a burst holds back arrives, whole, in order and in time, whatever happens to the connection meanwhile.
#include "network_bench.hpp"

namespace hasim::live {

TEST_CASE("what is sent in a burst leaves at its end, and not before")
{
    Bench bench(2);
    const auto [end, connection] = bench.connect(0);
    {
        const TcpNetwork::Burst burst(bench.network);
        {
            const TcpNetwork::Burst inner(bench.network);
            bench.network.send_from_client(end, "one ", kStart);
        }
        bench.network.send_from_client(end, "two", kStart);
        // Another connection is heard of meanwhile: had the bytes left, they would have come first.
        boost::asio::ip::tcp::socket foreign = bench.foreign(1);
        const ConnectionId before = bench.world.newest;
        bench.until([&] { return bench.world.newest != before; });
        CHECK(bench.world.servers[connection].bytes.empty());
    }
    bench.until([&, c = connection] { return bench.world.servers[c].bytes.size() == 7; });
    CHECK(bench.world.servers[connection].bytes == "one two");
}

TEST_CASE("a close in order inside a burst comes after what was sent before it")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    {
        const TcpNetwork::Burst burst(bench.network);
        bench.network.send_from_server(connection, "the last words", kStart);
        bench.network.close_server(connection, Ending::fin, kStart);
    }
    bench.until([&, e = end] { return bench.world.clients[e].ended.has_value(); });
    CHECK(bench.world.clients[end].bytes == "the last words");
    CHECK(bench.world.clients[end].ended == Ending::fin);
}

TEST_CASE("a burst of more than the kernel takes arrives")
{
    Bench bench(1, {.queued_bytes = 64U << 20});
    const auto [end, connection] = bench.connect();
    std::string much(20U << 20, '\0');
    for (std::size_t i = 0; i < much.size(); ++i) {
        much[i] = static_cast<char>(i % 251);
    }
    {
        const TcpNetwork::Burst burst(bench.network);
        for (std::size_t at = 0; at < much.size(); at += 1U << 20) {
            const std::string_view piece = std::string_view(much).substr(at, 1U << 20);
            bench.network.send_from_server(connection, piece, kStart);
        }
    }
    bench.until([&, e = end] { return bench.world.clients[e].bytes.size() >= much.size(); });
    CHECK(bench.world.clients[end].bytes == much);
}

TEST_CASE("a burst beyond what may wait resets the connection, as it does outside one")
{
    Bench bench(1, {.queued_bytes = 1U << 20});
    const auto [end, connection] = bench.connect();
    const std::string piece(512U << 10, 'x');
    {
        const TcpNetwork::Burst burst(bench.network);
        for (int i = 0; i < 64; ++i) {
            bench.network.send_from_server(connection, piece, kStart);
        }
    }
    bench.until([&, c = connection] { return bench.world.servers[c].ended.has_value(); });
    CHECK(bench.world.servers[connection].ended == Ending::reset);
}

TEST_CASE("a connection that ends while a burst holds its bytes is no trouble")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    {
        const TcpNetwork::Burst burst(bench.network);
        bench.network.send_from_server(connection, "never seen", kStart);
        bench.network.close_server(connection, Ending::reset, kStart);
    }
    bench.until([&, e = end] { return bench.world.clients[e].ended.has_value(); });
    CHECK(bench.world.clients[end].ended == Ending::reset);
    CHECK(bench.network.size() == 0);
}

}  // namespace hasim::live
