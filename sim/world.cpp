#include "sim/world.hpp"

#include <utility>

#include "base/assert.hpp"

namespace hasim::sim {

World::World(WorldOptions options, Agenda& agenda, Network& network)
    : options_(std::move(options)),
      agenda_(agenda),
      network_(network),
      random_(options_.seed),
      file_(options_.settings),
      effective_(options_.settings),
      topology_(options_.settings, options_.placements)
{
    for (ApplianceIndex index = 0; index < topology_.appliances().size(); ++index) {
        add_host(index);
    }
    seat_alarms_.resize(options_.clients.size() * effective_.groups.size());
    for (const ClientOptions& client : options_.clients) {
        clients_.push_back({client.name, client.pid, {}, true, false, 0, {}});
        make_seats(clients_.back());
    }
}

void World::add_host(ApplianceIndex index)
{
    const Topology::Appliance& appliance = topology_.appliances()[index];
    ApplianceOptions options{appliance.name, {}, options_.service};
    for (const Serial partition : appliance.partitions) {
        options.partitions.push_back({partition, options_.pin});
    }
    hosts_.emplace_back(index, std::move(options), network_, random_.fork(appliance.name));
    host_alarms_.emplace_back();
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

void World::tell(const std::string& text)
{
    for (WorldObserver* observer : observers_) {
        observer->on_diagnostic(text, now_);
    }
}

std::uint32_t World::seat_number(ClientIndex client, GroupIndex group) const
{
    return client * static_cast<std::uint32_t>(effective_.groups.size()) + group;
}

void World::step(Instant now)
{
    begin(now);
    while (const auto appointment = agenda_.take_due(now)) {
        keep(*appointment);
    }
    loads_over_ = 0;
}

void World::keep(const Appointment& appointment)
{
    if (appointment.party == Party::load) {
        loads_over_ = appointment.index + 1;
    } else if (appointment.party > Party::load) {
        loads_over_ = kNoLoad;
    }
    switch (appointment.party) {
    case Party::client: keep_client(appointment); break;
    case Party::load: beat(appointment.index, appointment.due); break;
    case Party::appliance: keep_appliance(appointment); break;
    case Party::delivery: network_.arrive(appointment, *this, now_); break;
    case Party::fault: {
        const auto later = later_.extract(appointment.detail);
        if (!later.empty()) {  // else healed meanwhile
            apply(later.mapped().fault, later.mapped().target, now_);
        }
        break;
    }
    case Party::script:
        if (script_ != nullptr) {
            script_->on_due(appointment.detail, now_);
        }
        break;
    }
    do_ready();
}

void World::keep_appliance(const Appointment& appointment)
{
    ApplianceHost& host = hosts_[appointment.index];
    host_alarms_[appointment.index].rang();
    const bool was_reachable = host.reachable();
    host.keep(now_);
    if (was_reachable && !host.reachable()) {
        wake_all();
    }
    touch(appointment.index);
}

void World::keep_client(const Appointment& appointment)
{
    const auto groups = static_cast<std::uint32_t>(effective_.groups.size());
    const ClientIndex client = appointment.index / groups;
    const GroupIndex group = appointment.index % groups;
    Seat& seat = clients_[client].seats[group];
    seat_alarms_[appointment.index].rang();
    const auto due = seat.group.next_deadline();
    if (due && *due <= now_) {
        post(client, group, ha::DeadlineReached{});
    } else {
        seat_alarms_[appointment.index].set(agenda_, due, Party::client, appointment.index);
    }
}

/// Something happened at an appliance: it may be waited for at another time now.
void World::touch(ApplianceIndex host)
{
    if (const std::string garbage = hosts_[host].take_garbage(); !garbage.empty()) {
        tell(garbage);
    }
    host_alarms_[host].set(agenda_, hosts_[host].next_deadline(), Party::appliance, host);
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
    touch(appliance);
}

void World::on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now)
{
    begin(now);
    const ApplianceIndex host = connection_hosts_[connection.value & 0xffffffff];
    hosts_[host].bytes(connection, bytes, now);
    touch(host);
}

void World::on_server_closed(ConnectionId connection, Ending ending, Instant now)
{
    begin(now);
    const ApplianceIndex host = connection_hosts_[connection.value & 0xffffffff];
    hosts_[host].closed(connection, ending, now);
    touch(host);
}

// ---- Views ------------------------------------------------------------------------------------------------------

ha::GroupView World::group(ClientIndex client, GroupIndex group) const
{
    return clients_[client].seats[group].group.view();
}

std::optional<MemberState> World::member_state(ClientIndex client, GroupIndex group,
                                               Serial member) const
{
    return clients_[client].seats[group].group.member_state(member);
}

}  // namespace hasim::sim
