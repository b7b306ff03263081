// Goal: what comes in one piece of bytes is answered request by request, whatever network faults hold replies back.
// Method: a host on a network that only writes down what it is handed.
#include "sim/appliance/appliance_host.hpp"

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

}  // namespace

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
