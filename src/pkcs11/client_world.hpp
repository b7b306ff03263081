/// The client's half of a world: this process, its groups, their links. The appliances are other processes'.
#pragma once

#include <optional>
#include <string_view>

#include "live/driver.hpp"
#include "scenario/topology.hpp"
#include "sim/event_queue.hpp"
#include "sim/world/workstation.hpp"

namespace hasim::pkcs11 {

/// Where partitions are, as the configuration says.
class KnownAppliances final : public sim::ApplianceDirectory {
public:
    KnownAppliances(const Settings& settings, const std::vector<Placement>& placements)
        : topology_(settings, placements)
    {
    }

    /// What the lab says by now of where partitions are.
    void learn(const std::vector<Placement>& placements) { placements_ = placements; }

    ApplianceIndex host_of(Serial member) override
    {
        for (const Placement& placement : placements_) {
            if (placement.member == member) {
                return placement.hsm - 1;
            }
        }
        const auto known = topology_.place_of(member);
        return known ? *known : topology_.place(member).first;
    }
    void add(const ServerSettings&) override {}  // a lab has the appliances that it started with
    [[nodiscard]] bool serves(ApplianceIndex, Serial) const override { return false; }
    [[nodiscard]] bool keeps_serving(ApplianceIndex, Serial) const override { return false; }

private:
    scenario::Topology topology_;
    std::vector<Placement> placements_;
};

class ClientWorld final : public sim::NetworkEvents, public live::Steppable {
public:
    ClientWorld(const sim::WorldOptions& options, KnownAppliances& appliances,
                sim::Network& network)
        : context_{options, queue_, network, Random(options.seed)},
          workstation_(context_, appliances)
    {
    }

    void watch(sim::WorldObserver& observer) { context_.observers.push_back(&observer); }

    /// The workstation, at `now`.
    [[nodiscard]] sim::Workstation& at(Instant now)
    {
        context_.begin(now);
        return workstation_;
    }
    [[nodiscard]] const sim::Workstation& workstation() const { return workstation_; }

    void step(Instant now) override
    {
        context_.begin(now);
        while (const auto event = queue_.take_due(now)) {
            workstation_.due(*event);
            workstation_.do_ready();
        }
    }
    [[nodiscard]] std::optional<Instant> next_deadline() const override { return queue_.next(); }

    void on_connected(sim::ClientEnd end, Instant now) override { at(now).connected(end); }
    void on_connect_failed(sim::ClientEnd end, Code code, Instant now) override
    {
        at(now).link_over(end, false, code);
    }
    void on_client_bytes(sim::ClientEnd end, std::string_view bytes, Instant now) override
    {
        at(now).bytes(end, bytes);
    }
    void on_client_closed(sim::ClientEnd end, sim::Ending, Instant now) override
    {
        at(now).link_over(end, true, Code::server_disconnected);
    }
    void on_accepted(ConnectionId, ApplianceIndex, Instant) override {}
    void on_server_bytes(ConnectionId, std::string_view, Instant) override {}
    void on_server_closed(ConnectionId, sim::Ending, Instant) override {}

private:
    sim::EventQueue queue_;
    sim::WorldContext context_;
    sim::Workstation workstation_;
};

}  // namespace hasim::pkcs11
