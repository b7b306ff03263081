#include "sim/network/virtual_network.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace hasim::sim {

namespace {

constexpr unsigned kArrivalShift = 28;
constexpr std::uint64_t kWhatMask = (std::uint64_t{1} << kArrivalShift) - 1;

constexpr std::size_t kCompactAbove = 4096;  ///< delivered bytes that are kept in front

std::uint32_t slot_of(std::uint64_t id)
{
    return static_cast<std::uint32_t>(id & 0xffffffff);
}

}  // namespace

void VirtualNetwork::enter(ConnectionId line, Arrival arrival, std::uint64_t what, Instant due)
{
    HASIM_ASSERT(what <= kWhatMask);
    ++lines_.find(line)->under_way;
    const std::uint64_t generation = line.value & 0xffffffff00000000;
    queue_.add(due, EventOwner::delivery, slot_of(line.value),
               generation | (static_cast<std::uint64_t>(arrival) << kArrivalShift) | what);
}

ConnectionId VirtualNetwork::line_of(ClientEnd end) const
{
    const std::uint32_t slot = slot_of(end.value);
    return slot < by_end_.size() ? by_end_[slot] : ConnectionId{};
}

Door& VirtualNetwork::door(ApplianceIndex appliance)
{
    if (appliance >= doors_.size()) {
        doors_.resize(appliance + 1, Door::open);
        waiting_.resize(appliance + 1);
    }
    return doors_[appliance];
}

void VirtualNetwork::connect(ClientEnd end, ApplianceIndex appliance, Instant now)
{
    (void)door(appliance);  // makes room for it
    const auto [id, line] = lines_.add();
    line.end = end;
    line.appliance = appliance;
    line.to_client.open = true;
    const std::uint32_t slot = slot_of(end.value);
    if (slot >= by_end_.size()) {
        by_end_.resize(slot + 1);
    }
    by_end_[slot] = id;
    enter(id, Arrival::attempt, 0, now + latency_);
}

void VirtualNetwork::send(ConnectionId id, Line& line, Arrival arrival, std::string_view bytes,
                          Instant now)
{
    const bool inward = arrival == Arrival::to_server;
    if ((inward ? line.to_server : line.to_client).open && !bytes.empty()) {
        (inward ? line.bytes_to_server : line.bytes_to_client).bytes.append(bytes);
        enter(id, arrival, bytes.size(), now + latency_);
    }
}

/// Nothing when the end is gone.
VirtualNetwork::Line* VirtualNetwork::open_line_of(ClientEnd end, ConnectionId& id)
{
    id = line_of(end);
    Line* const line = lines_.find(id);
    return line != nullptr && line->end == end ? line : nullptr;
}

void VirtualNetwork::send_from_client(ClientEnd end, std::string_view bytes, Instant now)
{
    ConnectionId id;
    if (Line* const line = open_line_of(end, id)) {
        send(id, *line, Arrival::to_server, bytes, now);
    }
}

void VirtualNetwork::send_request(ClientEnd end, const Request& request, Instant now)
{
    if (frames_ == Frames::bytes) {
        Network::send_request(end, request, now);
        return;
    }
    ConnectionId id;
    if (Line* const line = open_line_of(end, id); line != nullptr && line->to_server.open) {
        enter(id, Arrival::request, requests_.put(request), now + latency_);
    }
}

void VirtualNetwork::send_reply(ConnectionId connection, const Reply& reply, Instant now)
{
    if (frames_ == Frames::bytes) {
        Network::send_reply(connection, reply, now);
        return;
    }
    Line* const line = lines_.find(connection);
    if (line != nullptr && line->to_client.open) {
        enter(connection, Arrival::reply, replies_.put(reply), now + latency_);
    }
}

void VirtualNetwork::send_from_server(ConnectionId connection, std::string_view bytes, Instant now)
{
    if (Line* line = lines_.find(connection)) {
        send(connection, *line, Arrival::to_client, bytes, now);
    }
}

void VirtualNetwork::close_client(ClientEnd end, Ending ending, Instant now)
{
    const ConnectionId id = line_of(end);
    Line* line = lines_.find(id);
    if (line == nullptr || line->end != end) {
        return;
    }
    line->to_client.open = false;
    line->end = {};
    if (line->to_server.open) {
        line->to_server.ending = ending;
        enter(id, Arrival::end_to_server, 0, now + latency_);
    }
    forget_when_over(id);
}

void VirtualNetwork::close_server(ConnectionId connection, Ending ending, Instant now)
{
    Line* line = lines_.find(connection);
    if (line == nullptr) {
        return;
    }
    line->to_server.open = false;
    if (line->to_client.open) {
        line->to_client.ending = ending;
        enter(connection, Arrival::end_to_client, 0, now + latency_);
    }
    forget_when_over(connection);
}

void VirtualNetwork::set_door(ApplianceIndex appliance, Door new_door, Instant now)
{
    if (std::exchange(door(appliance), new_door) == new_door || new_door == Door::silent) {
        return;
    }
    for (const ConnectionId id : std::exchange(waiting_[appliance], {}).attempts) {
        if (lines_.find(id) != nullptr) {
            enter(id, Arrival::attempt, 0, now);
        }
    }
}

/// One that is given up meanwhile is forgotten at once; its id stays in the list a while.
void VirtualNetwork::wait_at_door(ConnectionId id, ApplianceIndex appliance)
{
    Waiting& waiting = waiting_[appliance];
    if (waiting.attempts.size() >= waiting.tidy_at) {
        std::erase_if(waiting.attempts,
                      [this](ConnectionId one) { return lines_.find(one) == nullptr; });
        waiting.tidy_at = std::max<std::size_t>(64, 2 * waiting.attempts.size());
    }
    waiting.attempts.push_back(id);
}

/// An attempt reaches the appliance's port.
void VirtualNetwork::try_door(ConnectionId id, Line& line, NetworkEvents& events, Instant now)
{
    if (!line.to_client.open) {
        return;  // given up meanwhile
    }
    switch (doors_[line.appliance]) {
    case Door::open:
        line.to_server.open = true;
        enter(id, Arrival::connected, 0, now + latency_);
        events.on_accepted(id, line.appliance, now);
        return;
    case Door::refused: enter(id, Arrival::refused, 0, now + latency_); return;
    case Door::silent: wait_at_door(id, line.appliance); return;
    }
}

void VirtualNetwork::arrive(const QueuedEvent& event, NetworkEvents& events, Instant now)
{
    const ConnectionId id{(event.detail & 0xffffffff00000000) | event.index};
    const auto arrival = static_cast<Arrival>((event.detail & 0xffffffff) >> kArrivalShift);
    Line* line = lines_.find(id);
    HASIM_ASSERT(line != nullptr);
    --line->under_way;
    const ClientEnd end = line->end;
    const auto what = static_cast<std::uint32_t>(event.detail & kWhatMask);
    switch (arrival) {
    case Arrival::attempt: try_door(id, *line, events, now); break;
    case Arrival::connected:
        if (line->to_client.open) {
            events.on_connected(end, now);
        }
        break;
    case Arrival::refused:
        if (std::exchange(line->to_client.open, false)) {
            events.on_connect_failed(end, Code::unable_to_connect, now);
        }
        break;
    case Arrival::end_to_server:
        if (std::exchange(line->to_server.open, false)) {
            events.on_server_closed(id, line->to_server.ending, now);
        }
        break;
    case Arrival::end_to_client:
        if (std::exchange(line->to_client.open, false)) {
            events.on_client_closed(end, line->to_client.ending, now);
        }
        break;
    case Arrival::to_server:
    case Arrival::to_client: deliver(id, arrival, what, events, now); break;
    case Arrival::request: deliver_request(id, *line, what, events, now); break;
    case Arrival::reply: deliver_reply(*line, what, events, now); break;
    }
    forget_when_over(id);
}

void VirtualNetwork::deliver(ConnectionId id, Arrival arrival, std::size_t count,
                             NetworkEvents& events, Instant now)
{
    Line& line = *lines_.find(id);
    const bool inward = arrival == Arrival::to_server;
    Stream& stream = inward ? line.bytes_to_server : line.bytes_to_client;
    // The receiver may send, connect or close meanwhile, which moves what this function points to.
    piece_.assign(stream.bytes, stream.head, count);
    stream.head += count;
    if (stream.head == stream.bytes.size()) {
        stream.bytes.clear();
        stream.head = 0;
    } else if (stream.head > kCompactAbove && stream.head > stream.bytes.size() / 2) {
        stream.bytes.erase(0, stream.head);
        stream.head = 0;
    }
    if (inward && line.to_server.open) {
        events.on_server_bytes(id, piece_, now);
    } else if (!inward && line.to_client.open) {
        events.on_client_bytes(line.end, piece_, now);
    }
}

void VirtualNetwork::deliver_request(ConnectionId id, const Line& line, std::uint32_t place,
                                     NetworkEvents& events, Instant now)
{
    if (line.to_server.open) {
        events.on_server_request(id, requests_.at(place), now);
    }
    requests_.release(place);
}

void VirtualNetwork::deliver_reply(const Line& line, std::uint32_t place, NetworkEvents& events,
                                   Instant now)
{
    if (line.to_client.open) {
        events.on_client_reply(line.end, std::move(replies_.at(place)), now);
    }
    replies_.release(place);
}

void VirtualNetwork::forget_when_over(ConnectionId id)
{
    const Line* line = lines_.find(id);
    if (line != nullptr && line->under_way == 0 && !line->to_client.open && !line->to_server.open) {
        lines_.remove(id);
    }
}

}  // namespace hasim::sim
