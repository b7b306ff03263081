/// The simulated world: a workstation with client processes and their HA groups, a rack of appliances, and what is done
/// to them, and when.
/// Pure: a Network carries the bytes, an EventQueue says what is due, observers are told what happens. The live driver
/// and the virtual one run this very class.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/event_queue.hpp"
#include "sim/network/network.hpp"
#include "sim/world/faults_in_force.hpp"
#include "sim/world/rack.hpp"
#include "sim/world/workstation.hpp"
#include "sim/world/world_context.hpp"

namespace hasim::sim {

class World final : public NetworkEvents {
public:
    World(const WorldOptions& options, EventQueue& queue, Network& network);

    void watch(WorldObserver& observer);
    /// Events of EventOwner::script go to `script`.
    void set_script(Script* script) { script_ = script; }

    /// Does everything that is due at `now`, in order.
    void step(Instant now);
    [[nodiscard]] std::optional<Instant> next_deadline() const { return context_.queue.next(); }

    // ---- The application's side: see Workstation
    void initialize(ClientIndex client, Instant now);
    void finalize(ClientIndex client, Instant now);
    void sign(ClientIndex client, std::uint64_t count, Instant now);
    void start_load(const Load& load, Instant now);
    void start_client(ClientIndex client, Instant now);

    // ---- What is done to it (world_faults.cpp)
    /// Carries a fault out now. Returns an error text when the target does not exist or does not fit, else nothing.
    std::string apply(const Fault& fault, const Target& target, Instant now);
    /// What apply() would return now; nothing is done.
    [[nodiscard]] std::string check(const Fault& fault, const Target& target) const;
    /// The same, later.
    void apply_at(Instant due, const Fault& fault, const Target& target);
    /// The configuration file changed and is good. Members and HARecover of groups that are known count from a group's
    /// next tick; everything else from a process's next C_Initialize.
    void settings_changed(const Settings& settings, Instant now);

    // ---- Views
    [[nodiscard]] const Settings& settings() const { return workstation_.settings(); }
    [[nodiscard]] const scenario::Topology& topology() const { return rack_.topology(); }
    [[nodiscard]] std::size_t clients() const { return workstation_.clients(); }
    [[nodiscard]] const std::string& client_name(ClientIndex client) const
    {
        return workstation_.name(client);
    }
    [[nodiscard]] Pid pid(ClientIndex client) const { return workstation_.pid(client); }
    [[nodiscard]] ha::GroupView group(ClientIndex client, GroupIndex group) const
    {
        return workstation_.group(client, group).view();
    }
    /// The serial that the group had at the process's C_Initialize: the prefix of its lines.
    [[nodiscard]] Serial group_serial(ClientIndex client, GroupIndex group) const
    {
        return workstation_.group(client, group).serial();
    }
    [[nodiscard]] GroupState group_state(ClientIndex client, GroupIndex group) const
    {
        return workstation_.group(client, group).state();
    }
    [[nodiscard]] std::optional<MemberState> member_state(ClientIndex client, GroupIndex group,
                                                          Serial member) const
    {
        return workstation_.group(client, group).member_state(member);
    }
    [[nodiscard]] const ApplianceHost& appliance(ApplianceIndex index) const
    {
        return rack_.appliance(index);
    }
    [[nodiscard]] std::size_t appliances() const { return rack_.size(); }
    [[nodiscard]] const FaultsInForce& in_force() const { return in_force_; }
    [[nodiscard]] Duration clock_offset() const { return workstation_.clock_offset(); }
    [[nodiscard]] bool log_directory_missing() const
    {
        return workstation_.log_directory_missing();
    }
    [[nodiscard]] bool disk_full() const { return workstation_.disk_full(); }
    [[nodiscard]] Instant now() const { return context_.now; }

    /// Where a partition is; one that is nowhere yet is placed.
    ApplianceIndex place(Serial partition) { return rack_.host_of(partition); }
    /// A token has made a call.
    void executed(ApplianceIndex appliance, const Executed& event, Instant now);

    /// What a client in another process told: as if it had happened here, at `now`.
    template <class Tell>
    void tell_observers(Instant now, Tell tell)
    {
        context_.begin(now);
        for (WorldObserver* observer : context_.observers) {
            tell(*observer);
        }
    }

    // ---- NetworkEvents
    void on_connected(ClientEnd end, Instant now) override;
    void on_connect_failed(ClientEnd end, Code code, Instant now) override;
    void on_client_bytes(ClientEnd end, std::string_view bytes, Instant now) override;
    void on_client_closed(ClientEnd end, Ending ending, Instant now) override;
    void on_accepted(ConnectionId connection, ApplianceIndex appliance, Instant now) override;
    void on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now) override;
    void on_server_closed(ConnectionId connection, Ending ending, Instant now) override;
    void on_server_request(ConnectionId connection, const Request& request, Instant now) override;
    void on_client_reply(ClientEnd end, Reply&& reply, Instant now) override;

private:
    /// What put a fault off.
    enum class PutOff : std::uint8_t { caller, ending, pattern };
    struct Later {
        Fault fault;
        Target target;
        PutOff why = PutOff::caller;
    };

    void handle(const QueuedEvent& event);
    void handle_fault(std::uint64_t number);
    void put_off(Instant due, const Fault& fault, const Target& target, PutOff why);
    void end_patterns(const std::vector<ApplianceIndex>& hosts);
    void note_in_force(const Fault& fault, const Target& target);
    void end_fault(const Later& later, std::uint64_t firing);
    [[nodiscard]] Target draw(FaultKind kind);
    std::string apply_to_hosts(const Fault& fault, const Target& target);
    std::string apply_pattern(const Fault& fault, const Target& target);
    void heal_all();

    WorldContext context_;
    Rack rack_;
    Workstation workstation_;
    Script* script_ = nullptr;
    FaultsInForce in_force_;
    std::map<std::uint64_t, Later> later_;  ///< by number; that of an ending is its firing's
    std::uint64_t next_later_ = 1;
};

}  // namespace hasim::sim
