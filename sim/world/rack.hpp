/// The appliances of a world: where partitions are, what reaches them, and what is done to them.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/topology.hpp"
#include "sim/appliance/appliance_host.hpp"
#include "sim/world/appliance_directory.hpp"
#include "sim/world/domains.hpp"
#include "sim/world/faults_in_force.hpp"
#include "sim/world/world_context.hpp"

namespace hasim::sim {

class Rack final : public ApplianceDirectory {
public:
    explicit Rack(WorldContext& context);

    [[nodiscard]] const scenario::Topology& topology() const { return topology_; }
    [[nodiscard]] std::size_t size() const { return hosts_.size(); }
    [[nodiscard]] const ApplianceHost& appliance(ApplianceIndex index) const
    {
        return hosts_[index];
    }
    ApplianceIndex host_of(Serial member) override;
    void add(const ServerSettings& server) override;
    [[nodiscard]] bool serves(ApplianceIndex host, Serial partition) const override
    {
        return hosts_[host].serves(partition);
    }
    [[nodiscard]] bool keeps_serving(ApplianceIndex host, Serial partition) const override
    {
        return hosts_[host].keeps_serving(partition);
    }

    // ---- What the queue and the network bring
    /// True when the appliance can no longer be reached.
    [[nodiscard]] bool due(const QueuedEvent& event);
    void accepted(ConnectionId connection, ApplianceIndex appliance);
    void bytes(ConnectionId connection, std::string_view bytes);
    /// False, and nothing is done, when something is done to the bytes of frames.
    [[nodiscard]] bool request(ConnectionId connection, const Request& request);
    void closed(ConnectionId connection, Ending ending);
    /// A token has made a call for an appliance.
    void executed(ApplianceIndex appliance, const Executed& event);

    // ---- What is done
    /// The appliances a target stands for, or why there is none.
    struct Hosts {
        std::vector<ApplianceIndex> hosts;
        std::string error;
    };
    [[nodiscard]] Hosts hosts_of(const Target& target) const;
    /// Where a fault is in force once it is applied to `target`.
    [[nodiscard]] std::vector<FaultPlace> places_of(const Fault& fault, const Target& target) const;
    /// To one appliance, or to a partition of it.
    void apply(const Fault& fault, ApplianceIndex host, Serial partition);
    /// To all that `target` stands for; the answer is empty, or an error.
    [[nodiscard]] std::string apply(const Fault& fault, const Target& target);

private:
    void add_host(ApplianceIndex index, bool empty);
    [[nodiscard]] PartitionOptions partition(Serial serial, bool empty);
    void reschedule(ApplianceIndex host);
    [[nodiscard]] ApplianceIndex host_at(ConnectionId connection) const;

    WorldContext& context_;
    scenario::Topology topology_;
    Domains domains_;
    std::deque<ApplianceHost> hosts_;
    std::vector<Timer> timers_;                     ///< by appliance
    std::vector<ApplianceIndex> connection_hosts_;  ///< by the slot of the ConnectionId
};

}  // namespace hasim::sim
