#include "network_bench.hpp"

namespace hasim::live {

TEST_CASE("bytes go both ways between the ends, whole and in order")
{
    Bench bench(3);
    const auto [end, connection] = bench.connect(2);
    CHECK(bench.world.servers[connection].appliance == 2);
    bench.network.send_from_client(end, "to the ", kStart);
    bench.network.send_from_client(end, "appliance", kStart);
    bench.until([&, c = connection] { return bench.world.servers[c].bytes.size() == 16; });
    CHECK(bench.world.servers[connection].bytes == "to the appliance");
    bench.network.send_from_server(connection, "back", kStart);
    bench.until([&, e = end] { return bench.world.clients[e].bytes.size() == 4; });
    CHECK(bench.world.clients[end].bytes == "back");
    CHECK(bench.network.size() == 2);
}

TEST_CASE("nothing is told from inside a call")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    const int events = bench.world.events;
    const ClientEnd other = bench.attempt();
    bench.network.send_from_client(end, "x", kStart);
    bench.network.set_door(0, Door::refused, kStart);
    bench.network.close_server(connection, Ending::reset, kStart);
    bench.network.close_client(other, Ending::fin, kStart);
    CHECK(bench.world.events == events);
}

TEST_CASE("what the kernel does not take at once is queued and arrives")
{
    Bench bench(1, {.queued_bytes = 64U << 20});
    const auto [end, connection] = bench.connect();
    std::string much(20U << 20, '\0');
    for (std::size_t i = 0; i < much.size(); ++i) {
        much[i] = static_cast<char>(i % 251);
    }
    bench.network.send_from_server(connection, std::string_view(much).substr(0, 15U << 20), kStart);
    bench.network.send_from_server(connection, std::string_view(much).substr(15U << 20), kStart);
    bench.until([&, e = end] { return bench.world.clients[e].bytes.size() >= much.size(); });
    CHECK(bench.world.clients[end].bytes == much);
    CHECK(!bench.world.clients[end].ended);
}

TEST_CASE("a close in order lets queued bytes arrive first")
{
    Bench bench(1, {.queued_bytes = 64U << 20});
    const auto [end, connection] = bench.connect();
    const std::string much(20U << 20, 'x');
    bench.network.send_from_server(connection, much, kStart);
    bench.network.close_server(connection, Ending::fin, kStart);
    bench.until([&, e = end] { return bench.world.clients[e].ended.has_value(); });
    CHECK(bench.world.clients[end].bytes.size() == much.size());
    CHECK(bench.world.clients[end].ended == Ending::fin);
    CHECK(bench.network.size() == 0);
}

TEST_CASE(
    "a queue that grows beyond its bound resets the connection, and the world is told once, later")
{
    Bench bench(1, {.queued_bytes = 1000});
    const auto [end, connection] = bench.connect();
    bench.network.send_from_server(connection, std::string(20U << 20, 'x'), kStart);
    CHECK(!bench.world.servers[connection].ended);
    bench.network.send_from_server(connection, "more", kStart);
    bench.until([&, e = end, c = connection] {
        return bench.world.servers[c].ended.has_value() && bench.world.clients[e].ended.has_value();
    });
    CHECK(bench.world.servers[connection].ended == Ending::reset);
    CHECK(bench.world.clients[end].ended == Ending::reset);
}

TEST_CASE("a connection that failed and is closed by the world before it is told says no more")
{
    Bench bench(1, {.queued_bytes = 1000});
    const auto [end, connection] = bench.connect();
    bench.network.send_from_server(connection, std::string(20U << 20, 'x'), kStart);
    bench.network.close_server(connection, Ending::fin, kStart);
    bench.until([&, e = end] { return bench.world.clients[e].ended.has_value(); });
    CHECK(!bench.world.servers[connection].ended);
}

TEST_CASE("each side sees how the other ended it")
{
    const Ending ending = GENERATE(Ending::fin, Ending::reset);
    const bool by_client = GENERATE(true, false);
    const bool unread =
        GENERATE(true, false);  // bytes that the closing side has not read must not change it
    Bench bench;
    const auto [end, connection] = bench.connect();
    if (by_client) {
        if (unread) {
            bench.network.send_from_server(connection, "unread", kStart);
        }
        bench.network.close_client(end, ending, kStart);
        bench.until([&, c = connection] { return bench.world.servers[c].ended.has_value(); });
        CHECK(bench.world.servers[connection].ended == ending);
        CHECK(!bench.world.clients[end].ended);
    } else {
        if (unread) {
            bench.network.send_from_client(end, "unread", kStart);
        }
        bench.network.close_server(connection, ending, kStart);
        bench.until([&, e = end] { return bench.world.clients[e].ended.has_value(); });
        CHECK(bench.world.clients[end].ended == ending);
        CHECK(!bench.world.servers[connection].ended);
    }
    CHECK(bench.network.size() == 0);
}

TEST_CASE("a reset is seen as a reset also by a side that was writing")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    bench.network.close_server(connection, Ending::reset, kStart);
    bench.network.send_from_client(end, "into the void", kStart);
    bench.network.send_from_client(end, "and again", kStart);
    bench.until([&, e = end] { return bench.world.clients[e].ended.has_value(); });
    CHECK(bench.world.clients[end].ended == Ending::reset);
}

TEST_CASE("an end of stream is seen as one also by a side that was writing")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    bench.network.close_server(connection, Ending::fin, kStart);
    bench.network.send_from_client(end, "into the void", kStart);
    bench.network.send_from_client(end, "and again", kStart);
    bench.until([&, e = end] { return bench.world.clients[e].ended.has_value(); });
    CHECK(bench.world.clients[end].ended == Ending::fin);
}

TEST_CASE("bytes before an end arrive before it")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    bench.network.send_from_server(connection, "last words", kStart);
    bench.network.close_server(connection, Ending::fin, kStart);
    bench.until([&, e = end] { return bench.world.clients[e].ended.has_value(); });
    CHECK(bench.world.clients[end].bytes == "last words");
}

TEST_CASE("a late completion of a closed end touches nobody, not even one with the same slot")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    const ConnectionId first = connection;  // lambdas cannot take bindings in C++20 with clang 14
    bench.network.send_from_server(connection, "late", kStart);
    bench.network.close_client(end, Ending::fin, kStart);
    // The same low half, another high half: the id of a later attempt that uses the slot again.
    const ClientEnd again{end.value + (std::uint64_t{1} << 32)};
    bench.network.connect(again, 0, kStart);
    bench.until([&] { return bench.world.clients[again].up && bench.world.newest != first; });
    bench.network.send_from_client(end, "from the dead", kStart);
    bench.network.close_client(end, Ending::reset, kStart);
    bench.network.close_server(ConnectionId{999}, Ending::reset, kStart);
    const ConnectionId second = bench.world.newest;
    bench.network.send_from_client(again, "alive", kStart);
    bench.until([&] { return bench.world.servers[second].bytes.size() >= 5; });
    CHECK(bench.world.servers[second].bytes == "alive");
    CHECK(bench.world.clients[end].bytes.empty());
    CHECK(bench.world.clients[again].bytes.empty());
}

TEST_CASE("an end may be closed from inside the event that brings its bytes")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    bench.world.on_bytes = [&](ClientEnd e) { bench.network.close_client(e, Ending::fin, kStart); };
    bench.network.send_from_server(connection, std::string(1U << 20, 'x'), kStart);
    bench.until([&, c = connection] { return bench.world.servers[c].ended.has_value(); });
    CHECK(!bench.world.clients[end].ended);
    CHECK(bench.network.size() == 0);
}

TEST_CASE("a refused door refuses, keeps standing connections, and keeps its port")
{
    Bench bench;
    const std::uint16_t port = bench.network.port(0);
    const auto [end, connection] = bench.connect();
    for (int round = 0; round < 3; ++round) {
        bench.network.set_door(0, Door::refused, kStart);
        const ClientEnd refused = bench.attempt();
        bench.until([&] { return bench.world.clients[refused].failed.has_value(); });
        CHECK(bench.world.clients[refused].failed == Code::unable_to_connect);
        boost::system::error_code error;
        tcp::socket foreign(bench.io);
        static_cast<void>(
            foreign.connect(tcp::endpoint(boost::asio::ip::address_v4::loopback(), port), error));
        CHECK(error == boost::asio::error::connection_refused);
        // Nobody who asks for just any port, or for this one, gets it.
        TcpListener thief(bench.io.get_executor());
        tcp::acceptor plain(bench.io, tcp::v4());
        static_cast<void>(
            plain.bind(tcp::endpoint(boost::asio::ip::address_v4::loopback(), port), error));
        CHECK(error == boost::asio::error::address_in_use);
        bench.network.set_door(0, Door::open, kStart);
        CHECK(bench.network.port(0) == port);
        const auto [later, accepted] = bench.connect();
        bench.network.send_from_client(later, "hello", kStart);
        bench.until([&, c = accepted] { return bench.world.servers[c].bytes == "hello"; });
    }
    bench.network.send_from_client(end, "still here", kStart);
    bench.until([&, c = connection] { return bench.world.servers[c].bytes == "still here"; });
    CHECK(bench.told.empty());
}

TEST_CASE(
    "an attempt at a silent door waits until the door opens, or is refused, or the client gives up")
{
    Bench bench;
    bench.network.set_door(0, Door::silent, kStart);
    const ClientEnd first = bench.attempt();
    const ClientEnd given_up = bench.attempt();
    test::run_ready(bench.io);
    CHECK(bench.world.events == 0);
    bench.network.close_client(given_up, Ending::fin, kStart);
    bench.network.set_door(0, Door::open, kStart);
    bench.until(
        [&] { return bench.world.clients[first].up && bench.world.newest != ConnectionId{}; });
    CHECK(bench.world.clients.count(given_up) == 0);
    bench.network.set_door(0, Door::silent, kStart);
    const ClientEnd second = bench.attempt();
    test::run_ready(bench.io);
    CHECK(!bench.world.clients[second].up);
    bench.network.set_door(0, Door::refused, kStart);
    bench.until([&] { return bench.world.clients[second].failed.has_value(); });
    CHECK(!bench.world.clients[first].ended);
}

TEST_CASE("a door that changes at the instant of an attempt counts")
{
    // In virtual time an attempt arrives after the step that made it.
    Bench bench;
    const ClientEnd end = bench.attempt();
    bench.network.set_door(0, Door::silent, kStart);
    test::run_ready(bench.io);
    CHECK(bench.world.events == 0);
    bench.network.close_client(end, Ending::fin, kStart);
    CHECK(bench.network.size() == 0);
}

TEST_CASE("another process' attempt at a silent door is not answered until it opens")
{
    Bench bench;
    bench.network.set_door(0, Door::silent, kStart);
    tcp::socket foreign = bench.foreign();
    boost::asio::write(foreign, boost::asio::buffer("anybody?", 8));
    test::run_ready(bench.io);
    CHECK(bench.world.events == 0);
    bench.network.set_door(0, Door::open, kStart);
    bench.until([&] { return bench.world.servers[bench.world.newest].bytes == "anybody?"; });
}

TEST_CASE("a foreign client that leaves takes nobody with it")
{
    Bench bench;
    const auto [end, connection] = bench.connect();
    {
        tcp::socket foreign = bench.foreign();
        boost::asio::write(foreign, boost::asio::buffer("garbage", 7));
        bench.until([&, c = connection] {
            return bench.world.newest != c &&
                   bench.world.servers[bench.world.newest].bytes == "garbage";
        });
        foreign.set_option(boost::asio::socket_base::linger(true, 0));
        foreign.close();
    }
    bench.until([&] { return bench.world.servers[bench.world.newest].ended == Ending::reset; });
    bench.network.send_from_client(end, "fine", kStart);
    bench.until([&, c = connection] { return bench.world.servers[c].bytes == "fine"; });
}

TEST_CASE("a port asked for and taken is an error that names it")
{
    Bench bench;
    const std::uint16_t taken = bench.network.port(0);
    TcpNetwork other(bench.io, bench.clock);
    CHECK(other.listen(1, taken) == fmt::format("port {} of 127.0.0.1, for hsm1, is taken by "
                                                "another program; end that one, or begin with "
                                                "another port",
                                                taken));
    CHECK_THAT(other.listen(2, std::uint16_t{65535}),
               StartsWith("hsm2 would listen on port 65536, and 65535 is the last"));
}

TEST_CASE("an appliance that appears later gets its port when it is first named")
{
    Bench bench;
    CHECK(bench.network.port(5) == 0);
    static_cast<void>(bench.connect(5));
    CHECK(bench.network.port(5) != 0);
    CHECK(bench.network.address(5) == fmt::format("127.0.0.1:{}", bench.network.port(5)));
}

TEST_CASE("a network may go while its handlers are still to run")
{
    boost::asio::io_context io{Driver::kOneThread};
    LiveClock clock{LiveClock::Steady::now(), WallTime{}, 1};
    Recorder world;
    {
        TcpNetwork network(io, clock);
        network.set_events(world);
        REQUIRE(network.listen(2, std::nullopt) == "");
        network.connect(ClientEnd{1}, 0, kStart);
        test::run_until(io, [&] { return world.clients[ClientEnd{1}].up; });
        network.connect(ClientEnd{2}, 1, kStart);
    }
    const int events = world.events;
    test::run_ready(io);
    CHECK(world.events == events);
}

TEST_CASE("only an end of stream is an end in order")
{
    CHECK(ending_of(boost::asio::error::eof) == Ending::fin);
    CHECK(ending_of(boost::asio::error::connection_reset) == Ending::reset);
    CHECK(ending_of(boost::asio::error::broken_pipe) == Ending::reset);
    CHECK(ending_of(boost::asio::error::timed_out) == Ending::reset);
}

}  // namespace hasim::live
