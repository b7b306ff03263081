// Goal: connections in virtual time behave as TCP connections do, at their grain.
// Method: a network, its queue, and a listener that writes down what it is told.
#include "sim/network/virtual_network.hpp"

#include "support/catch.hpp"
#include "wire/frame.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace std::chrono_literals;

namespace {

class Heard final : public NetworkEvents {
public:
    void on_connected(ClientEnd, Instant now) override { note("connected", now); }
    void on_connect_failed(ClientEnd, Code code, Instant now) override
    {
        note("failed " + std::string(name_of(code)), now);
    }
    void on_client_bytes(ClientEnd, std::string_view bytes, Instant now) override
    {
        note("client got " + std::string(bytes), now);
    }
    void on_client_closed(ClientEnd, Ending ending, Instant now) override
    {
        note(ending == Ending::fin ? "client saw fin" : "client saw reset", now);
    }
    void on_accepted(ConnectionId connection, ApplianceIndex, Instant now) override
    {
        accepted = connection;
        note("accepted", now);
    }
    void on_server_bytes(ConnectionId, std::string_view bytes, Instant now) override
    {
        note("server got " + std::string(bytes), now);
    }
    void on_server_request(ConnectionId, const Request& request, Instant now) override
    {
        note("server got request " + std::to_string(request.id.value) + " " + request.body, now);
    }
    void on_client_reply(ClientEnd, Reply&& reply, Instant now) override
    {
        note("client got reply " + std::to_string(reply.id.value) + " " + reply.body, now);
    }
    void on_server_closed(ConnectionId, Ending ending, Instant now) override
    {
        note(ending == Ending::fin ? "server saw fin" : "server saw reset", now);
    }

    ConnectionId accepted{};
    std::vector<std::string> notes;

private:
    void note(const std::string& text, Instant now)
    {
        notes.push_back(std::to_string(now.time_since_epoch() / 1us) + " " + text);
    }
};

struct NetworkBench {
    EventQueue queue;
    VirtualNetwork network{queue, 100us};
    Heard notes;
    Instant now{};

    void run()
    {
        while (const auto due = queue.next()) {
            now = *due;
            const auto event = queue.take_due(now);
            network.arrive(*event, notes, now);
        }
    }
    std::vector<std::string> take() { return std::exchange(notes.notes, {}); }
};

constexpr ClientEnd kEnd{(std::uint64_t{1} << 32) | 5};
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an open door accepts, and both sides hear of it a latency apart")
{
    NetworkBench bench;
    bench.network.connect(kEnd, 0, kStart);
    bench.run();
    CHECK(bench.take() == Texts{"100 accepted", "200 connected"});
}

TEST_CASE("a refused attempt fails, a silent one waits until the door changes")
{
    NetworkBench bench;
    bench.network.set_door(0, Door::refused, kStart);
    bench.network.connect(kEnd, 0, kStart);
    bench.run();
    CHECK(bench.take() == Texts{"200 failed RC_UNABLE_TO_CONNECT"});

    bench.network.set_door(0, Door::silent, bench.now);
    bench.network.connect(kEnd, 0, bench.now);
    bench.run();
    CHECK(bench.take().empty());
    bench.network.set_door(0, Door::open, kStart + 1s);
    bench.run();
    CHECK(bench.take() == Texts{"1000000 accepted", "1000100 connected"});
}

TEST_CASE("an attempt that was given up is not accepted later")
{
    NetworkBench bench;
    bench.network.set_door(0, Door::silent, kStart);
    bench.network.connect(kEnd, 0, kStart);
    bench.run();
    bench.network.close_client(kEnd, Ending::fin, bench.now);
    bench.network.set_door(0, Door::open, kStart + 1s);
    bench.run();
    CHECK(bench.take().empty());
}

TEST_CASE("bytes arrive in order, each piece a latency after it was sent")
{
    NetworkBench bench;
    bench.network.connect(kEnd, 0, kStart);
    bench.run();
    bench.take();
    bench.network.send_from_client(kEnd, "one", bench.now);
    bench.network.send_from_client(kEnd, "two", bench.now);
    bench.network.send_from_server(bench.notes.accepted, "three", bench.now);
    bench.run();
    CHECK(bench.take() ==
          Texts{"300 server got one", "300 server got two", "300 client got three"});
}

TEST_CASE("an end follows what was sent before it, and what comes later is dropped")
{
    const auto ending = GENERATE(Ending::fin, Ending::reset);
    NetworkBench bench;
    bench.network.connect(kEnd, 0, kStart);
    bench.run();
    bench.take();
    bench.network.send_from_server(bench.notes.accepted, "last", bench.now);
    bench.network.close_server(bench.notes.accepted, ending, bench.now);
    bench.network.send_from_server(bench.notes.accepted, "late", bench.now);
    bench.network.send_from_client(kEnd, "unheard", bench.now);
    bench.run();
    CHECK(bench.take() ==
          Texts{"300 client got last",
                ending == Ending::fin ? "300 client saw fin" : "300 client saw reset"});
    bench.network.send_from_client(kEnd, "nobody", bench.now);
    bench.network.close_client(kEnd, Ending::fin, bench.now);
    bench.run();
    CHECK(bench.take().empty());
}

TEST_CASE("a closed client end is told nothing any more, and the appliance hears of it")
{
    NetworkBench bench;
    bench.network.connect(kEnd, 0, kStart);
    bench.run();
    bench.take();
    bench.network.send_from_server(bench.notes.accepted, "too late", bench.now);
    bench.network.close_client(kEnd, Ending::fin, bench.now);
    bench.run();
    CHECK(bench.take() == Texts{"300 server saw fin"});
}

TEST_CASE("frames arrive as values, in order among bytes, and an end comes behind them")
{
    NetworkBench bench;
    bench.network.connect(kEnd, 0, bench.now);
    bench.run();
    (void)bench.take();
    bench.network.send_request(kEnd, {RequestId{1}, Operation::login, "PIN"}, bench.now);
    bench.network.send_from_client(kEnd, "bytes", bench.now);
    bench.network.send_request(kEnd, {RequestId{2}, Operation::logout, ""}, bench.now);
    bench.network.send_reply(bench.notes.accepted, {RequestId{9}, Code::ok, "early"}, bench.now);
    bench.network.close_client(kEnd, Ending::fin, bench.now);
    bench.run();
    CHECK(bench.take() == Texts{"300 server got request 1 PIN", "300 server got bytes",
                                "300 server got request 2 ", "300 server saw fin"});
    bench.network.send_request(kEnd, {RequestId{3}, Operation::logout, ""}, bench.now);
    bench.network.send_reply(bench.notes.accepted, {RequestId{3}, Code::ok, ""}, bench.now);
    bench.run();
    CHECK(bench.take().empty());
}

TEST_CASE("a slot that is used again brings none of the frames of the connection before")
{
    NetworkBench bench;
    bench.network.connect(kEnd, 0, bench.now);
    bench.run();
    bench.network.send_request(kEnd, {RequestId{1}, Operation::login, "old"}, bench.now);
    bench.network.close_server(bench.notes.accepted, Ending::reset, bench.now);
    bench.run();
    (void)bench.take();
    const ClientEnd next{(std::uint64_t{2} << 32) | 5};
    bench.network.connect(next, 0, bench.now);
    bench.run();
    (void)bench.take();
    bench.network.send_request(next, {RequestId{2}, Operation::login, "new"}, bench.now);
    bench.network.send_reply(bench.notes.accepted, {RequestId{2}, Code::ok, "answer"}, bench.now);
    bench.run();
    const Texts notes = bench.take();
    REQUIRE(notes.size() == 2);
    CHECK_THAT(notes[0], EndsWith("server got request 2 new"));
    CHECK_THAT(notes[1], EndsWith("client got reply 2 answer"));
}

TEST_CASE("as bytes, frames are what a socket carries")
{
    EventQueue queue;
    VirtualNetwork network(queue, 100us, Frames::bytes);
    Heard heard;
    const auto run = [&] {
        while (const auto due = queue.next()) {
            network.arrive(*queue.take_due(*due), heard, *due);
        }
    };
    network.connect(kEnd, 0, kStart);
    run();
    heard.notes.clear();
    const Request request{RequestId{7}, Operation::login, "PIN"};
    std::string frame;
    wire::encode(request, frame);
    network.send_request(kEnd, request, kStart);
    run();
    REQUIRE(heard.notes.size() == 1);
    CHECK_THAT(heard.notes[0], EndsWith("server got " + frame));
}

TEST_CASE("a pool of frames has as many places as were on their way at once")
{
    FramePool<Request> pool;
    std::vector<std::pair<std::uint32_t, std::uint64_t>> on_their_way;
    std::uint64_t number = 0;
    for (const std::size_t many : {1U, 3U, 100U, 2U}) {
        for (std::size_t i = 0; i < many; ++i) {
            ++number;
            const std::uint32_t place =
                pool.put({RequestId{number}, Operation::sign, std::to_string(number)});
            on_their_way.emplace_back(place, number);
        }
        while (on_their_way.size() > many / 3) {
            const auto [place, expected] = on_their_way[on_their_way.size() / 2];
            on_their_way.erase(on_their_way.begin() +
                               static_cast<std::ptrdiff_t>(on_their_way.size() / 2));
            CHECK(place < 102);
            CHECK(pool.at(place).id.value == expected);
            CHECK(pool.at(place).body == std::to_string(expected));
            pool.release(place);
        }
    }
}

TEST_CASE("a frame stays where it is while others are sent")
{
    // Who is handed one may send many before it is read to its end.
    FramePool<Request> pool;
    const std::uint32_t place = pool.put({RequestId{1}, Operation::sign, "first"});
    const Request* const handed = &pool.at(place);
    for (std::uint64_t number = 2; number < 1000; ++number) {
        CHECK(pool.put({RequestId{number}, Operation::sign, "other"}) != place);
    }
    CHECK(handed == &pool.at(place));
    CHECK(handed->body == "first");
}
