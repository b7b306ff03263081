#include "sim/world/world.hpp"

#include <utility>

#include "base/assert.hpp"

namespace hasim::sim {

World::World(WorldOptions options, EventQueue& queue, Network& network)
    : options_(std::move(options)),
      queue_(queue),
      network_(network),
      random_(options_.seed),
      file_(options_.settings),
      newest_(options_.settings),
      effective_(options_.settings),
      topology_(options_.settings, options_.placements)
{
    for (ApplianceIndex index = 0; index < topology_.appliances().size(); ++index) {
        add_host(index);
    }
    session_timers_.resize(options_.clients.size() * kMaxGroups);
    for (const ClientOptions& client : options_.clients) {
        clients_.push_back({client.name, client.pid, {}, true, false, 0, {}, newest_number_});
        make_group_sessions(clients_.back());
    }
}

void World::add_host(ApplianceIndex index)
{
    const scenario::Topology::Appliance& appliance = topology_.appliances()[index];
    ApplianceOptions options{appliance.name, {}, options_.service};
    for (const Serial partition : appliance.partitions) {
        options.partitions.push_back({partition, options_.pin});
    }
    hosts_.emplace_back(index, std::move(options), network_, random_.fork(appliance.name));
    host_timers_.emplace_back();
}

/// Where a member's partition is. One that appeared at run time is placed on the next server in turn.
ApplianceIndex World::host_of(Serial member)
{
    if (const auto known = topology_.place_of(member)) {
        return *known;
    }
    const auto [where, is_new] = topology_.place(member);
    if (is_new) {
        add_host(where);
    } else {
        hosts_[where].add_partition(member, options_.pin);
    }
    return where;
}

void World::begin(Instant now)
{
    HASIM_ASSERT(now >= now_);
    now_ = now;
}

void World::diagnose(const std::string& text)
{
    for (WorldObserver* observer : observers_) {
        observer->on_diagnostic(text, now_);
    }
}

std::uint32_t World::session_number(ClientIndex client, GroupIndex group)
{
    return client * static_cast<std::uint32_t>(kMaxGroups) + group;
}

void World::step(Instant now)
{
    begin(now);
    while (const auto event = queue_.take_due(now)) {
        handle(*event);
    }
    loads_over_ = 0;
}

void World::handle(const QueuedEvent& event)
{
    if (event.owner == EventOwner::load) {
        loads_over_ = event.index + 1;
    } else if (event.owner > EventOwner::load) {
        loads_over_ = kNoLoad;
    }
    switch (event.owner) {
    case EventOwner::client: session_due(event); break;
    case EventOwner::load: beat(event.index, event.due); break;
    case EventOwner::appliance: appliance_due(event); break;
    case EventOwner::delivery: network_.arrive(event, *this, now_); break;
    case EventOwner::fault: {
        const auto later = later_.extract(event.detail);
        if (later.empty()) {
            break;  // healed meanwhile
        }
        if (later.mapped().why == PutOff::ending) {
            end_fault(later.mapped(), later.key());
        } else {
            apply(later.mapped().fault, later.mapped().target, now_);
        }
        break;
    }
    case EventOwner::script:
        if (script_ != nullptr) {
            script_->on_due(event.detail, now_);
        }
        break;
    }
    do_ready();
}

void World::appliance_due(const QueuedEvent& event)
{
    ApplianceHost& host = hosts_[event.index];
    host_timers_[event.index].fired();
    const bool was_reachable = host.reachable();
    host.handle_due(now_);
    if (was_reachable && !host.reachable()) {
        wake_all();
    }
    reschedule(event.index);
}

void World::session_due(const QueuedEvent& event)
{
    const ClientIndex client = event.index / static_cast<std::uint32_t>(kMaxGroups);
    const GroupIndex group = event.index % static_cast<std::uint32_t>(kMaxGroups);
    GroupSession& group_session = clients_[client].group_sessions[group];
    session_timers_[event.index].fired();
    const auto due = group_session.group.next_deadline();
    if (due && *due <= now_) {
        post(client, group, ha::DeadlineReached{});
    } else {
        session_timers_[event.index].set(queue_, due, EventOwner::client, event.index);
    }
}

/// Something happened at an appliance: it may be waited for at another time now.
void World::reschedule(ApplianceIndex host)
{
    if (const std::string garbage = hosts_[host].take_garbage(); !garbage.empty()) {
        diagnose(garbage);
    }
    host_timers_[host].set(queue_, hosts_[host].next_deadline(), EventOwner::appliance, host);
}

// ---- Connections, as appliances see them ------------------------------------------------------------------------

void World::on_accepted(ConnectionId connection, ApplianceIndex appliance, Instant now)
{
    begin(now);
    const auto slot = static_cast<std::uint32_t>(connection.value & 0xffffffff);
    if (slot >= connection_hosts_.size()) {
        connection_hosts_.resize(slot + 1);
    }
    connection_hosts_[slot] = appliance;
    hosts_[appliance].accepted(connection, now);
    reschedule(appliance);
}

void World::on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now)
{
    begin(now);
    const ApplianceIndex host = connection_hosts_[connection.value & 0xffffffff];
    hosts_[host].bytes(connection, bytes, now);
    reschedule(host);
}

void World::on_server_closed(ConnectionId connection, Ending ending, Instant now)
{
    begin(now);
    const ApplianceIndex host = connection_hosts_[connection.value & 0xffffffff];
    hosts_[host].closed(connection, ending, now);
    reschedule(host);
}

// ---- Views ------------------------------------------------------------------------------------------------------

ha::GroupView World::group(ClientIndex client, GroupIndex group) const
{
    return clients_[client].group_sessions[group].group.view();
}

std::optional<MemberState> World::member_state(ClientIndex client, GroupIndex group,
                                               Serial member) const
{
    return clients_[client].group_sessions[group].group.member_state(member);
}

}  // namespace hasim::sim
