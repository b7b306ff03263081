/// A network without sockets: the same connections, in the world's own queue. Pure: same calls, same bytes.
#pragma once

#include <string>
#include <vector>

#include "sim/event_queue.hpp"
#include "sim/network/network.hpp"
#include "base/slot_map.hpp"

namespace hasim::sim {

class VirtualNetwork final : public Network {
public:
    /// `latency` is one way, the same for every piece; network faults add to it elsewhere (sim/network/path).
    explicit VirtualNetwork(EventQueue& queue, Duration latency = std::chrono::microseconds(100))
        : queue_(queue), latency_(latency)
    {
    }

    void connect(ClientEnd end, ApplianceIndex appliance, Instant now) override;
    void send_from_client(ClientEnd end, std::string_view bytes, Instant now) override;
    void close_client(ClientEnd end, Ending ending, Instant now) override;
    void send_from_server(ConnectionId connection, std::string_view bytes, Instant now) override;
    void close_server(ConnectionId connection, Ending ending, Instant now) override;
    void set_door(ApplianceIndex appliance, Door door, Instant now) override;
    void arrive(const QueuedEvent& event, NetworkEvents& events, Instant now) override;

private:
    /// What arrives. An event's detail holds the line's generation, the Arrival, and a number of bytes.
    enum class Arrival : std::uint8_t {
        attempt,
        connected,
        refused,
        to_server,
        to_client,
        end_to_server,
        end_to_client
    };

    /// Bytes on their way, oldest first.
    struct Stream {
        std::string bytes;
        std::size_t head = 0;
        bool open = false;  ///< the receiving side still wants to know
        Ending ending = Ending::fin;

        void renew()
        {
            bytes.clear();
            head = 0;
            open = false;
            ending = Ending::fin;
        }
    };

    struct Line {
        ClientEnd end{};
        ApplianceIndex appliance = 0;
        bool accepted = false;
        std::uint32_t under_way = 0;  ///< events that name this line
        Stream to_server;
        Stream to_client;

        void renew()
        {
            end = {};
            appliance = 0;
            accepted = false;
            under_way = 0;
            to_server.renew();
            to_client.renew();
        }
    };

    /// Attempts at a silent door. Those that were given up are left out when the list has grown.
    struct Waiting {
        std::vector<ConnectionId> attempts;
        std::size_t tidy_at = 64;
    };

    void enter(ConnectionId line, Arrival arrival, std::uint64_t bytes, Instant due);
    void try_door(ConnectionId id, Line& line, NetworkEvents& events, Instant now);
    void send(ConnectionId id, Stream& stream, Arrival arrival, std::string_view bytes,
              Instant now);
    void deliver(ConnectionId id, Arrival arrival, std::size_t count, NetworkEvents& events,
                 Instant now);
    void wait_at_door(ConnectionId id, ApplianceIndex appliance);
    void forget_when_over(ConnectionId id);
    [[nodiscard]] ConnectionId line_of(ClientEnd end) const;
    [[nodiscard]] Door& door(ApplianceIndex appliance);

    EventQueue& queue_;
    std::string piece_;  ///< what is being delivered
    Duration latency_;
    SlotMap<ConnectionId, Line> lines_;
    std::vector<ConnectionId> by_end_;  ///< by the slot of the ClientEnd
    std::vector<Door> doors_;
    std::vector<Waiting> waiting_;      ///< by appliance
};

}  // namespace hasim::sim
