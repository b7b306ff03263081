#include "sim/world/rack.hpp"

#include <utility>

#include "scenario/faults.hpp"

namespace hasim::sim {

Rack::Rack(WorldContext& context)
    : context_(context),
      topology_(context.options.settings, context.options.placements),
      domains_(context.options.settings, context.options.tokens)
{
    for (ApplianceIndex index = 0; index < topology_.appliances().size(); ++index) {
        add_host(index, false);
    }
}

/// A partition that appears at run time is new: it holds nothing until something is cloned into it.
PartitionOptions Rack::partition(Serial serial, bool empty)
{
    return {serial, context_.options.pin, domains_.of(serial), empty};
}

void Rack::add_host(ApplianceIndex index, bool empty)
{
    const scenario::Topology::Appliance& appliance = topology_.appliances()[index];
    ApplianceOptions options{appliance.name, {}, context_.options.service};
    for (const Serial partition : appliance.partitions) {
        options.partitions.push_back(this->partition(partition, empty));
    }
    hosts_.emplace_back(index, std::move(options), context_.network, context_.options.tokens,
                        context_.random.fork(appliance.name));
    timers_.emplace_back();
}

ApplianceIndex Rack::host_of(Serial member)
{
    if (const auto known = topology_.place_of(member)) {
        return *known;
    }
    const auto [where, is_new] = topology_.place(member);
    if (is_new) {
        add_host(where, true);
    } else {
        hosts_[where].add_partition(partition(member, true));
    }
    return where;
}

void Rack::add(const ServerSettings& server)
{
    if (const auto added = topology_.add(server)) {
        add_host(*added, true);
    }
}

bool Rack::due(const QueuedEvent& event)
{
    ApplianceHost& host = hosts_[event.index];
    timers_[event.index].fired();
    const bool was_reachable = host.reachable();
    host.handle_due(context_.now);
    const bool is_lost = was_reachable && !host.reachable();
    reschedule(event.index);
    return is_lost;
}

/// Something happened at an appliance: it may be waited for at another time now.
void Rack::reschedule(ApplianceIndex host)
{
    if (hosts_[host].has_garbage()) {
        context_.diagnose(hosts_[host].take_garbage());
    }
    timers_[host].set(context_.queue, hosts_[host].next_deadline(), EventOwner::appliance, host);
}

// ---- Connections ------------------------------------------------------------------------------------------------

ApplianceIndex Rack::host_at(ConnectionId connection) const
{
    return connection_hosts_[connection.value & 0xffffffff];
}

void Rack::accepted(ConnectionId connection, ApplianceIndex appliance)
{
    const auto slot = static_cast<std::uint32_t>(connection.value & 0xffffffff);
    if (slot >= connection_hosts_.size()) {
        connection_hosts_.resize(slot + 1);
    }
    connection_hosts_[slot] = appliance;
    hosts_[appliance].accepted(connection, context_.now);
    reschedule(appliance);
}

void Rack::bytes(ConnectionId connection, std::string_view bytes)
{
    const ApplianceIndex host = host_at(connection);
    hosts_[host].bytes(connection, bytes, context_.now);
    reschedule(host);
}

bool Rack::request(ConnectionId connection, const Request& request)
{
    const ApplianceIndex host = host_at(connection);
    const bool taken = hosts_[host].request(connection, request, context_.now);
    reschedule(host);
    return taken;
}

void Rack::closed(ConnectionId connection, Ending ending)
{
    const ApplianceIndex host = host_at(connection);
    hosts_[host].closed(connection, ending, context_.now);
    reschedule(host);
}

void Rack::executed(ApplianceIndex appliance, const Executed& event)
{
    hosts_[appliance].executed(event, context_.now);
    reschedule(appliance);
    if (event.key.transaction == 0) {
        return;
    }
    for (ApplianceIndex other = 0; other < hosts_.size(); ++other) {
        hosts_[other].transaction_over(event.key.transaction, context_.now);
        reschedule(other);
    }
}

// ---- Faults -----------------------------------------------------------------------------------------------------

Rack::Hosts Rack::hosts_of(const Target& target) const
{
    std::vector<ApplianceIndex> hosts;
    switch (target.kind) {
    case Target::Kind::hsm:
        if (target.first < 1 || target.last > hosts_.size() || target.first > target.last) {
            return {{},
                    "there is no hsm" + std::to_string(target.last) +
                        ": this world has hsm1 to hsm" + std::to_string(hosts_.size())};
        }
        for (std::uint32_t number = target.first; number <= target.last; ++number) {
            hosts.push_back(number - 1);
        }
        return {hosts, {}};
    case Target::Kind::appliance:
        if (const auto found = topology_.named(target.name)) {
            return {{*found}, {}};
        }
        return {{}, "there is no appliance called " + target.name};
    case Target::Kind::member:
        if (const auto found = topology_.place_of(target.serial)) {
            return {{*found}, {}};
        }
        return {{}, "no partition has the serial " + std::string(target.serial.text())};
    case Target::Kind::any:
    case Target::Kind::all:
        for (ApplianceIndex index = 0; index < hosts_.size(); ++index) {
            hosts.push_back(index);
        }
        return {hosts, {}};
    case Target::Kind::group:
    case Target::Kind::client: break;
    }
    return {{}, "a group or a client is no target for this fault"};
}

std::vector<FaultPlace> Rack::places_of(const Fault& fault, const Target& target) const
{
    using scenario::FaultChapter;
    const FaultChapter chapter = scenario::fault_info(fault.kind).chapter;
    if (chapter == FaultChapter::machine) {
        return {FaultPlace{kWorkstationPlace, {}}};
    }
    std::vector<FaultPlace> places;
    if (chapter == FaultChapter::group || chapter == FaultChapter::client) {
        return places;
    }
    for (const ApplianceIndex host : hosts_of(target).hosts) {
        if (chapter != FaultChapter::partition) {
            places.push_back({host, {}});
            continue;
        }
        for (const Serial partition : topology_.appliances()[host].partitions) {
            if (target.kind != Target::Kind::member || target.serial == partition) {
                places.push_back({host, partition});
            }
        }
    }
    return places;
}

void Rack::apply(const Fault& fault, ApplianceIndex host, Serial partition)
{
    hosts_[host].apply(fault, partition, context_.now);
    reschedule(host);
}

std::string Rack::apply(const Fault& fault, const Target& target)
{
    const auto [hosts, error] = hosts_of(target);
    for (const ApplianceIndex host : hosts) {
        apply(fault, host, target.kind == Target::Kind::member ? target.serial : Serial{});
    }
    return error;
}

}  // namespace hasim::sim
