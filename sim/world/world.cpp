#include "sim/world/world.hpp"

namespace hasim::sim {

World::World(const WorldOptions& options, EventQueue& queue, Network& network)
    : context_{options, queue, network, Random(options.seed)},
      rack_(context_),
      workstation_(context_, rack_)
{
}

void World::watch(WorldObserver& observer)
{
    context_.observers.push_back(&observer);
    workstation_.watch_calls(observer.call_interest());
}

void World::step(Instant now)
{
    context_.begin(now);
    while (const auto event = context_.queue.take_due(now)) {
        handle(*event);
    }
    workstation_.loads_are_over(0);
}

void World::handle(const QueuedEvent& event)
{
    if (event.owner == EventOwner::load) {
        workstation_.loads_are_over(event.index + 1);
    } else if (event.owner > EventOwner::load) {
        workstation_.all_loads_are_over();
    }
    switch (event.owner) {
    case EventOwner::client: workstation_.due(event); break;
    case EventOwner::load: workstation_.beat(event.index, event.due); break;
    case EventOwner::appliance:
        if (rack_.due(event)) {
            workstation_.wake_all();
        }
        break;
    case EventOwner::delivery: context_.network.arrive(event, *this, context_.now); break;
    case EventOwner::fault: handle_fault(event.detail); break;
    case EventOwner::script:
        if (script_ != nullptr) {
            script_->on_due(event.detail, context_.now);
        }
        break;
    }
    workstation_.do_ready();
}

// ---- The application's side -------------------------------------------------------------------------------------

void World::initialize(ClientIndex client, Instant now)
{
    context_.begin(now);
    workstation_.initialize(client);
}

void World::finalize(ClientIndex client, Instant now)
{
    context_.begin(now);
    workstation_.finalize(client);
}

void World::sign(ClientIndex client, std::uint64_t count, Instant now)
{
    context_.begin(now);
    workstation_.sign(client, count);
}

void World::start_load(const Load& load, Instant now)
{
    context_.begin(now);
    workstation_.start_load(load);
}

void World::start_client(ClientIndex client, Instant now)
{
    context_.begin(now);
    workstation_.start_client(client);
}

// ---- What the network brings ------------------------------------------------------------------------------------

void World::on_connected(ClientEnd end, Instant now)
{
    context_.begin(now);
    workstation_.connected(end);
}

void World::on_connect_failed(ClientEnd end, Code code, Instant now)
{
    context_.begin(now);
    workstation_.link_over(end, false, code);
}

void World::on_client_closed(ClientEnd end, Ending, Instant now)
{
    context_.begin(now);
    workstation_.link_over(end, true, Code::server_disconnected);
}

void World::on_client_bytes(ClientEnd end, std::string_view bytes, Instant now)
{
    context_.begin(now);
    workstation_.bytes(end, bytes);
}

void World::on_accepted(ConnectionId connection, ApplianceIndex appliance, Instant now)
{
    context_.begin(now);
    rack_.accepted(connection, appliance);
}

void World::on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now)
{
    context_.begin(now);
    rack_.bytes(connection, bytes);
}

void World::on_server_closed(ConnectionId connection, Ending ending, Instant now)
{
    context_.begin(now);
    rack_.closed(connection, ending);
}

void World::on_server_request(ConnectionId connection, const Request& request, Instant now)
{
    context_.begin(now);
    if (!rack_.request(connection, request)) {
        NetworkEvents::on_server_request(connection, request, now);
    }
}

void World::on_client_reply(ClientEnd end, Reply&& reply, Instant now)
{
    context_.begin(now);
    if (!workstation_.reply(end, std::move(reply))) {  // which then is as it was
        NetworkEvents::on_client_reply(end, std::move(reply), now);
    }
}

void World::executed(ApplianceIndex appliance, const Executed& event, Instant now)
{
    context_.begin(now);
    rack_.executed(appliance, event);
}

}  // namespace hasim::sim
