/// A network without sockets: the same connections, in the world's own queue. Pure: same calls, same bytes.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/slot_map.hpp"
#include "sim/event_queue.hpp"
#include "sim/network/network.hpp"

namespace hasim::sim {

/// How frames travel that no fault touches. What comes of it is the same.
enum class Frames : std::uint8_t {
    values,  ///< as they are: nothing is encoded, checked and decoded within one process
    bytes,   ///< as through a socket
};

/// Frames on their way. The place of one that has arrived is taken by the next that is sent, with its room.
template <class Frame>
class FramePool {
public:
    std::uint32_t put(const Frame& frame)
    {
        if (free_.empty()) {
            frames_.push_back(frame);
            return static_cast<std::uint32_t>(frames_.size() - 1);
        }
        const std::uint32_t place = free_.back();
        free_.pop_back();
        frames_[place] = frame;
        return place;
    }

    /// Stays where it is until release(), whatever is put beside it.
    [[nodiscard]] Frame& at(std::uint32_t place) { return frames_[place]; }

    void release(std::uint32_t place) { free_.push_back(place); }

private:
    std::deque<Frame> frames_;
    std::vector<std::uint32_t> free_;
};

class VirtualNetwork final : public Network {
public:
    static constexpr Duration kLatency = std::chrono::microseconds(100);  ///< chosen

    /// `latency` is one way, the same for every piece; network faults add to it elsewhere (sim/network/path).
    explicit VirtualNetwork(EventQueue& queue, Duration latency = kLatency,
                            Frames frames = Frames::values)
        : queue_(queue), latency_(latency), frames_(frames)
    {
    }

    void connect(ClientEnd end, ApplianceIndex appliance, Instant now) override;
    void send_from_client(ClientEnd end, std::string_view bytes, Instant now) override;
    void close_client(ClientEnd end, Ending ending, Instant now) override;
    void send_from_server(ConnectionId connection, std::string_view bytes, Instant now) override;
    void close_server(ConnectionId connection, Ending ending, Instant now) override;
    void send_request(ClientEnd end, const Request& request, Instant now) override;
    void send_reply(ConnectionId connection, const Reply& reply, Instant now) override;
    void set_door(ApplianceIndex appliance, Door door, Instant now) override;
    void arrive(const QueuedEvent& event, NetworkEvents& events, Instant now) override;

private:
    /// What arrives. An event's detail holds the line's generation, the Arrival, and a number of bytes or the place of
    /// a frame.
    enum class Arrival : std::uint8_t {
        attempt,
        connected,
        refused,
        to_server,
        to_client,
        request,
        reply,
        end_to_server,
        end_to_client
    };

    /// One direction of a line.
    struct Way {
        bool open = false;  ///< the receiving side still wants to know
        Ending ending = Ending::fin;
    };

    /// Bytes on their way, oldest first.
    struct Stream {
        std::string bytes;
        std::size_t head = 0;

        void renew()
        {
            bytes.clear();
            head = 0;
        }
    };

    struct Line {
        ClientEnd end{};
        ApplianceIndex appliance = 0;
        std::uint32_t under_way = 0;  ///< events that name this line
        Way to_server;
        Way to_client;
        Stream bytes_to_server;
        Stream bytes_to_client;

        void renew()
        {
            end = {};
            appliance = 0;
            under_way = 0;
            to_server = {};
            to_client = {};
            bytes_to_server.renew();
            bytes_to_client.renew();
        }
    };

    /// Attempts at a silent door. Those that were given up are left out when the list has grown.
    struct Waiting {
        std::vector<ConnectionId> attempts;
        std::size_t tidy_at = 64;
    };

    void enter(ConnectionId line, Arrival arrival, std::uint64_t what, Instant due);
    void try_door(ConnectionId id, Line& line, NetworkEvents& events, Instant now);
    void send(ConnectionId id, Line& line, Arrival arrival, std::string_view bytes, Instant now);
    void deliver(ConnectionId id, Arrival arrival, std::size_t count, NetworkEvents& events,
                 Instant now);
    void deliver_request(ConnectionId id, const Line& line, std::uint32_t place,
                         NetworkEvents& events, Instant now);
    void deliver_reply(const Line& line, std::uint32_t place, NetworkEvents& events, Instant now);
    [[nodiscard]] Line* open_line_of(ClientEnd end, ConnectionId& id);
    void wait_at_door(ConnectionId id, ApplianceIndex appliance);
    void forget_when_over(ConnectionId id);
    [[nodiscard]] ConnectionId line_of(ClientEnd end) const;
    [[nodiscard]] Door& door(ApplianceIndex appliance);

    EventQueue& queue_;
    std::string piece_;  ///< what is being delivered
    Duration latency_;
    Frames frames_;
    FramePool<Request> requests_;
    FramePool<Reply> replies_;
    SlotMap<ConnectionId, Line> lines_;
    std::vector<ConnectionId> by_end_;  ///< by the slot of the ClientEnd
    std::vector<Door> doors_;
    std::vector<Waiting> waiting_;  ///< by appliance
};

}  // namespace hasim::sim
