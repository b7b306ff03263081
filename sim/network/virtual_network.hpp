/// A network without sockets: the same connections, in the world's own queue. Pure: same calls, same bytes.
#pragma once

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

/// Frames on their way, oldest first. Keeps the room that they took.
template <class Frame>
class FrameQueue {
public:
    void push(const Frame& frame)
    {
        if (used_ == frames_.size()) {
            frames_.emplace_back();
        }
        frames_[used_++] = frame;
    }

    void pop(Frame& frame)
    {
        std::swap(frame, frames_[head_++]);
        if (head_ == used_) {
            renew();
        } else if (head_ > kCompactAbove && head_ > used_ / 2) {
            frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(head_));
            used_ -= head_;
            head_ = 0;
        }
    }

    void renew()
    {
        head_ = 0;
        used_ = 0;
    }

private:
    static constexpr std::size_t kCompactAbove = 64;

    std::vector<Frame> frames_;
    std::size_t head_ = 0;
    std::size_t used_ = 0;
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
    /// What arrives. An event's detail holds the line's generation, the Arrival, and a number of bytes.
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
        FrameQueue<Request> requests;
        FrameQueue<Reply> replies;

        void renew()
        {
            end = {};
            appliance = 0;
            accepted = false;
            under_way = 0;
            to_server.renew();
            to_client.renew();
            requests.renew();
            replies.renew();
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
    void deliver_request(ConnectionId id, Line& line, NetworkEvents& events, Instant now);
    void deliver_reply(Line& line, NetworkEvents& events, Instant now);
    [[nodiscard]] Line* open_line_of(ClientEnd end, ConnectionId& id);
    void wait_at_door(ConnectionId id, ApplianceIndex appliance);
    void forget_when_over(ConnectionId id);
    [[nodiscard]] ConnectionId line_of(ClientEnd end) const;
    [[nodiscard]] Door& door(ApplianceIndex appliance);

    EventQueue& queue_;
    std::string piece_;  ///< what is being delivered, as are these two
    Request request_;
    Reply reply_;
    Duration latency_;
    Frames frames_;
    SlotMap<ConnectionId, Line> lines_;
    std::vector<ConnectionId> by_end_;  ///< by the slot of the ClientEnd
    std::vector<Door> doors_;
    std::vector<Waiting> waiting_;  ///< by appliance
};

}  // namespace hasim::sim
