/// A network on a bench: a world that writes down what it is told, and clients of this process and of others.
#pragma once

#include "live/tcp_network.hpp"

#include <map>
#include <vector>

#include <fmt/core.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>

#include "live/driver.hpp"
#include "loop.hpp"

namespace hasim::live {

using boost::asio::ip::tcp;
using sim::ClientEnd;
using sim::Door;
using sim::Ending;

/// A world that writes down what the network says, and checks that it speaks from the loop alone.
class Recorder final : public sim::NetworkEvents {
public:
    struct Side {
        std::string bytes;
        std::optional<Ending> ended;
        bool up = false;
        std::optional<Code> failed;
        ApplianceIndex appliance = 0;
    };

    void on_connected(ClientEnd end, Instant now) override
    {
        note(now);
        clients[end].up = true;
    }
    void on_connect_failed(ClientEnd end, Code code, Instant now) override
    {
        note(now);
        clients[end].failed = code;
    }
    void on_client_bytes(ClientEnd end, std::string_view bytes, Instant now) override
    {
        note(now);
        clients[end].bytes += bytes;
        if (on_bytes) {
            on_bytes(end);
        }
    }
    void on_client_closed(ClientEnd end, Ending ending, Instant now) override
    {
        note(now);
        CHECK(!clients[end].ended);
        clients[end].ended = ending;
    }
    void on_accepted(ConnectionId connection, ApplianceIndex appliance, Instant now) override
    {
        note(now);
        servers[connection].up = true;
        servers[connection].appliance = appliance;
        newest = connection;
    }
    void on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now) override
    {
        note(now);
        servers[connection].bytes += bytes;
    }
    void on_server_closed(ConnectionId connection, Ending ending, Instant now) override
    {
        note(now);
        CHECK(!servers[connection].ended);
        servers[connection].ended = ending;
    }

    std::map<ClientEnd, Side> clients;
    std::map<ConnectionId, Side> servers;
    ConnectionId newest{};
    std::function<void(ClientEnd)> on_bytes;
    int events = 0;

private:
    void note(Instant now)
    {
        CHECK(now >= last_);
        last_ = now;
        ++events;
    }
    Instant last_{};
};

struct Bench {
    boost::asio::io_context io{Driver::kOneThread};
    LiveClock clock{LiveClock::Steady::now(), WallTime{}, 1};
    Recorder world;
    std::vector<std::string> told;
    TcpNetwork network;
    std::uint64_t next_end = 1;

    explicit Bench(std::size_t appliances = 1, TcpLimits limits = {}) : network(io, clock, limits)
    {
        network.set_events(world);
        network.set_diagnostics([this](const std::string& text) { told.push_back(text); });
        REQUIRE(network.listen(appliances, std::nullopt) == "");
    }

    template <class Condition>
    void until(Condition condition)
    {
        test::run_until(io, condition);
    }

    ClientEnd attempt(ApplianceIndex appliance = 0)
    {
        const ClientEnd end{next_end++};
        network.connect(end, appliance, kStart);
        return end;
    }

    /// A connection that both sides know.
    std::pair<ClientEnd, ConnectionId> connect(ApplianceIndex appliance = 0)
    {
        const ConnectionId before = world.newest;
        const ClientEnd end = attempt(appliance);
        until([&] { return world.clients[end].up && world.newest != before; });
        return {end, world.newest};
    }

    /// A client of another process, as far as the network can tell. Blocking.
    tcp::socket foreign(ApplianceIndex appliance = 0)
    {
        tcp::socket socket(io);
        socket.connect(
            tcp::endpoint(boost::asio::ip::address_v4::loopback(), network.port(appliance)));
        return socket;
    }
};

}  // namespace hasim::live
