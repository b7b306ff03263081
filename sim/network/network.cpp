#include "sim/network/network.hpp"

#include "wire/frame.hpp"

namespace hasim::sim {

void NetworkEvents::on_server_request(ConnectionId connection, const Request& request, Instant now)
{
    std::string bytes;
    wire::encode(request, bytes);
    on_server_bytes(connection, bytes, now);
}

void NetworkEvents::on_client_reply(ClientEnd end, Reply&& reply, Instant now)
{
    std::string bytes;
    wire::encode(reply, bytes);
    on_client_bytes(end, bytes, now);
}

void Network::send_request(ClientEnd end, const Request& request, Instant now)
{
    frame_.clear();
    wire::encode(request, frame_);
    send_from_client(end, frame_, now);
}

void Network::send_reply(ConnectionId connection, const Reply& reply, Instant now)
{
    frame_.clear();
    wire::encode(reply, frame_);
    send_from_server(connection, frame_, now);
}

}  // namespace hasim::sim
