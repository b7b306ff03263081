// Goal: what comes in one piece of bytes is answered request by request, whatever network faults hold replies back.
// Method: a host on a network that only writes down what it is handed.
#include "sim/appliance/appliance_host.hpp"

#include <vector>

#include "support/catch.hpp"
#include "wire/frame.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace std::chrono_literals;

namespace {

class Notes final : public Network {
public:
    void connect(ClientEnd, ApplianceIndex, Instant) override {}
    void send_from_client(ClientEnd, std::string_view, Instant) override {}
    void close_client(ClientEnd, Ending, Instant) override {}
    void send_from_server(ConnectionId, std::string_view bytes, Instant) override { sent += bytes; }
    void close_server(ConnectionId, Ending, Instant) override { ++closed; }
    void set_door(ApplianceIndex, Door, Instant) override {}

    std::string sent;
    int closed = 0;
};

std::string three_signs(std::uint64_t first)
{
    std::string bytes;
    for (std::uint64_t id = first; id < first + 3; ++id) {
        wire::encode(Request{RequestId{id}, Operation::sign, "data"}, bytes);
    }
    return bytes;
}

int replies_in(const std::string& bytes)
{
    wire::FrameReader reader(wire::FrameKind::reply);
    reader.feed(bytes);
    int replies = 0;
    while (reader.next() == wire::ReadStatus::frame) {
        ++replies;
    }
    return replies;
}

/// A host of one partition, with a connection.
struct HostBench {
    HostBench() { host.accepted(connection, kStart); }

    void send(const Request& request)
    {
        std::string bytes;
        wire::encode(request, bytes);
        host.bytes(connection, bytes, kStart);
    }

    void run()
    {
        while (const auto due = host.next_deadline()) {
            host.handle_due(*due);
        }
    }

    Notes network;
    ApplianceHost host{
        0, {"hsm1", {{*Serial::parse("100"), "userpin"}}, {}}, network, nullptr, Random(1)};
    ConnectionId connection{1};
};

}  // namespace

TEST_CASE("a cut after so many bytes counts those of all frames of a connection")
{
    HostBench bench;
    Fault cut;
    cut.kind = FaultKind::cut_after;
    cut.count = 100;  // some replies
    bench.host.apply(cut, {}, kStart);
    bench.send({RequestId{1}, Operation::open, "100"});
    bench.run();
    CHECK(bench.network.sent.size() < 50);
    for (std::uint64_t id = 2; id <= 10; ++id) {
        bench.send({RequestId{id}, Operation::sign, "data"});  // refused: it is not logged in
        bench.run();
    }
    CHECK(bench.network.sent.size() == 100);
    CHECK(bench.network.closed == 1);
}

TEST_CASE("nothing is read that stands behind a request which ended its connection")
{
    HostBench bench;
    std::string bytes;
    wire::encode(Request{RequestId{1}, Operation::sign, "data"}, bytes);
    bench.host.bytes(bench.connection, bytes + "garbage", kStart);
    CHECK(bench.network.closed == 1);
    CHECK_THAT(bench.host.take_garbage(),
               Catch::Matchers::EndsWith("a request before a partition was opened"));
}

TEST_CASE("a frame may come in pieces, but not as slowly as its sender likes")
{
    HostBench bench;
    std::string open;
    wire::encode(Request{RequestId{1}, Operation::open, "100"}, open);
    bench.host.bytes(bench.connection, open.substr(0, 5), kStart);
    CHECK(bench.host.next_deadline() == kStart + kSlowestFrame);
    bench.host.bytes(bench.connection, open.substr(5), kStart + 1s);
    bench.run();
    CHECK(replies_in(bench.network.sent) == 1);
    bench.host.bytes(bench.connection, open.substr(0, 5), kStart + 2s);
    CHECK(bench.host.next_deadline() == kStart + 2s + kSlowestFrame);
    bench.host.handle_due(kStart + 2s + kSlowestFrame);
    CHECK(bench.network.closed == 1);
    CHECK_FALSE(bench.host.next_deadline());
}

TEST_CASE("replies that a fault holds back do not make a connection be read while it is read")
{
    Notes network;
    ApplianceHost host(0, {"hsm1", {{*Serial::parse("100"), "userpin"}}, {}}, network, nullptr,
                       Random(1));
    const ConnectionId connection{1};
    Fault delay;
    delay.kind = FaultKind::delay;
    delay.duration = 50ms;
    host.apply(delay, {}, kStart);
    host.accepted(connection, kStart);
    std::string open;
    wire::encode(Request{RequestId{1000}, Operation::open, "100"}, open);
    host.bytes(connection, open, kStart);
    // A sign without a login is refused at once: its reply is there before the next request is read.
    Instant now = kStart;
    int asked = 1;
    for (std::uint64_t round = 0; round < 20; ++round) {
        // Two pieces that are due at one moment: the first one's replies must not bring the second one in.
        host.bytes(connection, three_signs(1 + 6 * round), now);
        host.bytes(connection, three_signs(4 + 6 * round), now);
        asked += 6;
        now += 10ms;
        host.handle_due(now);
    }
    while (const auto due = host.next_deadline()) {
        host.handle_due(*due);
    }
    CHECK(network.closed == 0);
    CHECK(replies_in(network.sent) == asked);
}

TEST_CASE("what came while an appliance rebooted arrives when it has its power again")
{
    HostBench bench;
    Fault reboot;
    reboot.kind = FaultKind::reboot;
    bench.host.apply(reboot, {}, kStart);
    bench.send({RequestId{1}, Operation::open, "100"});
    CHECK(bench.network.closed == 0);
    bench.run();
    CHECK(bench.network.closed == 1);  // with a reset: the connection did not live through it
}

TEST_CASE("of many connections each has its replies when they are due")
{
    HostBench bench;
    Fault delay;
    delay.kind = FaultKind::delay;
    delay.duration = 10s;
    bench.host.apply(delay, {}, kStart);
    const auto request_at = [&](std::uint64_t number, Instant now) {
        bench.connection = ConnectionId{number};
        bench.host.accepted(bench.connection, now);
        std::string bytes;
        wire::encode(Request{RequestId{number}, Operation::open, "100"}, bytes);
        bench.host.bytes(bench.connection, bytes, now);
    };
    // Neither by number nor all at once.
    request_at(3, kStart + 1s);
    request_at(2, kStart + 4s);
    std::vector<Instant> came;
    while (const auto due = bench.host.next_deadline()) {
        bench.host.handle_due(*due);
        came.resize(static_cast<std::size_t>(replies_in(bench.network.sent)), *due);
    }
    CHECK(came == std::vector<Instant>{kStart + 21s, kStart + 24s});
}
