/// The seam between the simulated world and what carries its bytes. Two implementations: sim/network/virtual_network
/// (pure, in the world's own event queue) and live/tcp_network (Asio, real sockets). Connections are the grain, not
/// packets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hasim/code.hpp"
#include "hasim/exchange.hpp"
#include "hasim/ids.hpp"
#include "hasim/time.hpp"

namespace hasim::sim {

/// One connection attempt of a client and what becomes of it: the client's end. Fresh for every attempt; 0 is none.
/// The low 32 bits of a ClientEnd, and of a ConnectionId, are a small number that may be used again; the high ones make
/// it fresh. So both sides find things by them in constant time.
using ClientEnd = Id<struct ClientEndTag>;

/// How a connection ends, as the other side sees it.
enum class Ending : std::uint8_t {
    fin,    ///< closed in order: end of stream
    reset,  ///< RST
};

/// What answers a connection attempt at an appliance's port.
enum class Door : std::uint8_t {
    open,     ///< accepted
    refused,  ///< refused at once
    silent,   ///< not answered; the attempt waits until the door changes, or the client gives up
};

struct QueuedEvent;

/// What a network tells the world. Never called from inside a Network function: always from the driver's loop, with the
/// time on the world's time line.
class NetworkEvents {
public:
    virtual ~NetworkEvents() = default;

    virtual void on_connected(ClientEnd end, Instant now) = 0;
    /// unable_to_connect (refused) or host_resolution_error. A silent door never gets here.
    virtual void on_connect_failed(ClientEnd end, Code code, Instant now) = 0;
    virtual void on_client_bytes(ClientEnd end, std::string_view bytes, Instant now) = 0;
    /// The appliance's side ended it. After this the end is gone; the world does not close it.
    virtual void on_client_closed(ClientEnd end, Ending ending, Instant now) = 0;

    virtual void on_accepted(ConnectionId connection, ApplianceIndex appliance, Instant now) = 0;
    virtual void on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now) = 0;
    /// The client's side ended it. After this the connection is gone.
    virtual void on_server_closed(ConnectionId connection, Ending ending, Instant now) = 0;

    /// A whole frame came, as a value. Who does not want values is told of its bytes.
    virtual void on_server_request(ConnectionId connection, const Request& request, Instant now);
    virtual void on_client_reply(ClientEnd end, Reply&& reply, Instant now);
};

/// What the world asks of a network. Ends and connections that are already gone are ignored.
class Network {
public:
    virtual ~Network() = default;

    /// Starts to connect; answered by on_connected or on_connect_failed, unless close_client comes first. The world
    /// owns the deadline.
    virtual void connect(ClientEnd end, ApplianceIndex appliance, Instant now) = 0;
    virtual void send_from_client(ClientEnd end, std::string_view bytes, Instant now) = 0;
    virtual void close_client(ClientEnd end, Ending ending, Instant now) = 0;

    virtual void send_from_server(ConnectionId connection, std::string_view bytes, Instant now) = 0;
    virtual void close_server(ConnectionId connection, Ending ending, Instant now) = 0;

    /// The bytes of a frame. A network whose two sides are in one process may carry the value.
    virtual void send_request(ClientEnd end, const Request& request, Instant now);
    virtual void send_reply(ConnectionId connection, const Reply& reply, Instant now);

    /// From now on the appliance shows an expired certificate to whom connects, or a good one again. Networks without
    /// TLS have none to show.
    virtual void set_certificate_expired(ApplianceIndex, bool /*expired*/) {}
    /// Attempts that wait at a silent door are decided anew when it changes.
    virtual void set_door(ApplianceIndex appliance, Door door, Instant now) = 0;
    /// An event that the network made in the world's queue came up. Real networks make none.
    virtual void arrive(const QueuedEvent&, NetworkEvents&, Instant) {}

private:
    std::string frame_;  ///< being sent
};

}  // namespace hasim::sim
