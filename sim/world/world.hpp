/// The simulated world: client processes with their HA groups on one workstation, appliances, and what is done to them.
/// Pure: a Network carries the bytes, an EventQueue says what is due, observers are told what happens. The live driver
/// and the virtual one run this very class.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "ha/group.hpp"
#include "hasim/fault.hpp"
#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"
#include "sim/event_queue.hpp"
#include "sim/appliance/appliance_host.hpp"
#include "sim/network/network.hpp"
#include "sim/world/faults_in_force.hpp"
#include "sim/world/overlay.hpp"
#include "base/random.hpp"
#include "base/slot_map.hpp"
#include "scenario/topology.hpp"
#include "wire/frame_reader.hpp"

namespace hasim::sim {

using ClientIndex = std::uint32_t;
using GroupIndex = std::uint32_t;  ///< in the order of the configuration

/// What an application calls.
enum class CallKind : std::uint8_t { initialize, login, logout, sign, finalize };

[[nodiscard]] std::string_view name_of(CallKind kind);

/// A call that returned.
struct CallReport {
    ClientIndex client = 0;
    GroupIndex group = 0;
    CallKind kind = CallKind::sign;
    Instant called{};
    Instant returned{};
    Code code = Code::ok;
    std::uint32_t moves = 0;  ///< members that failed it before it returned
    CallId id{};
};

/// Who wants to know what happens in a world. Called in the order of events; must not call back into the world.
class WorldObserver {
public:
    virtual ~WorldObserver() = default;
    /// False: C_Sign calls of a load that change nothing the log could show may be left out (world_load.cpp). Asked
    /// once, by World::watch, before the loads start. A world that nobody watches plays every call.
    [[nodiscard]] virtual bool watches_calls() const { return true; }
    virtual void on_log(ClientIndex, const LogRecord&) {}
    virtual void on_call(const CallReport&) {}
    /// A call enters the library; nothing has come of it yet.
    virtual void on_call_made(CallId, ClientIndex, GroupIndex, CallKind, Instant) {}
    /// The library answered a call that nobody makes: one that it answered before.
    virtual void on_stray_answer(CallId, ClientIndex, GroupIndex, Instant) {}
    /// The process is gone; what it was calling never returns.
    virtual void on_killed(ClientIndex, Instant) {}
    virtual void on_request_sent(ClientIndex, GroupIndex, Serial /*member*/, Operation, Instant) {}
    virtual void on_member(ClientIndex, GroupIndex, const ha::MemberChanged&, Instant) {}
    /// A kill is told by on_killed alone.
    virtual void on_group(ClientIndex, GroupIndex, GroupState, Instant) {}
    /// C_Finalize: no member of the group has a state any more.
    virtual void on_finalized(ClientIndex, GroupIndex, Instant) {}
    virtual void on_fault(const Fault&, const Target&, Instant) {}
    /// What belongs on the diagnostic channel: a full sentence.
    virtual void on_diagnostic(const std::string& /*text*/, Instant) {}
};

/// Whose events are EventOwner::script.
class Script {
public:
    virtual ~Script() = default;
    virtual void on_due(std::uint64_t detail, Instant now) = 0;
};

struct ClientOptions {
    std::string name = "app";
    Pid pid{};
};

struct WorldOptions {
    Settings settings;
    std::vector<ClientOptions> clients{ClientOptions{}};
    std::vector<Placement> placements;
    MessageSet messages = MessageSet::current;
    std::uint64_t seed = 1;
    std::string pin = "userpin";  ///< of every partition
    ServiceTimes service;
};

class World final : public NetworkEvents {
public:
    World(WorldOptions options, EventQueue& queue, Network& network);

    void watch(WorldObserver& observer)
    {
        HASIM_ASSERT(loads_.empty() || !observer.watches_calls() || calls_watched_);
        observers_.push_back(&observer);
        calls_watched_ = calls_watched_ || observer.watches_calls();
    }

    /// Events of EventOwner::script go to `script`.
    void set_script(Script* script) { script_ = script; }

    /// Does everything that is due at `now`, in order.
    void step(Instant now);
    [[nodiscard]] std::optional<Instant> next_deadline() const { return queue_.next(); }

    // ---- The application's side (world_clients.cpp)
    /// C_Initialize (of every group).
    void initialize(ClientIndex client, Instant now);
    /// C_Login to every group; an empty PIN is the partitions'.
    void login(ClientIndex client, std::string_view pin, Instant now);
    void logout(ClientIndex client, Instant now);
    void finalize(ClientIndex client, Instant now);
    /// `count` C_Sign calls on every group, one after the other.
    void sign(ClientIndex client, std::uint64_t count, Instant now);
    void kill(ClientIndex client, Instant now);
    /// The process starts again, with another pid, initialises and logs in.
    void restart(ClientIndex client, Pid pid, Instant now);
    /// Commands at an even pace from `now` on (world_load.cpp). Loads of clients that are not initialised pause.
    void start_load(const Load& load, Instant now);
    /// C_Initialize, and C_Login as soon as it returned.
    void start_client(ClientIndex client, Instant now);

    // ---- What is done to it (world_faults.cpp)
    /// Carries a fault out now. Returns an error text when the target does not exist or does not fit, else nothing.
    std::string apply(const Fault& fault, const Target& target, Instant now);
    /// The same, later.
    void apply_at(Instant due, const Fault& fault, const Target& target);
    /// The configuration file changed and is good. Members and HARecover of groups that are known count from a group's
    /// next tick; everything else from a process's next C_Initialize.
    void settings_changed(const Settings& settings, Instant now);

    // ---- Views
    /// What is in force. Its groups are all that any process had at a C_Initialize, in the order in which they came.
    [[nodiscard]] const Settings& settings() const { return effective_; }
    [[nodiscard]] const scenario::Topology& topology() const { return topology_; }
    [[nodiscard]] std::size_t clients() const { return clients_.size(); }
    [[nodiscard]] const std::string& client_name(ClientIndex client) const
    {
        return clients_[client].name;
    }
    [[nodiscard]] Pid pid(ClientIndex client) const { return clients_[client].pid; }
    [[nodiscard]] ha::GroupView group(ClientIndex client, GroupIndex group) const;
    /// The serial that the group had at the process's C_Initialize: the prefix of its lines.
    [[nodiscard]] Serial group_serial(ClientIndex client, GroupIndex group) const
    {
        return clients_[client].group_sessions[group].group.serial();
    }
    [[nodiscard]] GroupState group_state(ClientIndex client, GroupIndex group) const
    {
        return clients_[client].group_sessions[group].group.state();
    }
    [[nodiscard]] std::optional<MemberState> member_state(ClientIndex client, GroupIndex group,
                                                          Serial member) const;
    [[nodiscard]] const ApplianceHost& appliance(ApplianceIndex index) const
    {
        return hosts_[index];
    }
    [[nodiscard]] std::size_t appliances() const { return hosts_.size(); }
    /// How far the wall clock of the workstation is from start + Instant (`clock jump`).
    [[nodiscard]] Duration clock_offset() const { return clock_offset_; }
    [[nodiscard]] bool log_directory_missing() const { return log_directory_missing_; }
    [[nodiscard]] bool disk_full() const { return disk_full_; }
    [[nodiscard]] Instant now() const { return now_; }

    // ---- NetworkEvents
    void on_connected(ClientEnd end, Instant now) override;
    void on_connect_failed(ClientEnd end, Code code, Instant now) override;
    void on_client_bytes(ClientEnd end, std::string_view bytes, Instant now) override;
    void on_client_closed(ClientEnd end, Ending ending, Instant now) override;
    void on_accepted(ConnectionId connection, ApplianceIndex appliance, Instant now) override;
    void on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now) override;
    void on_server_closed(ConnectionId connection, Ending ending, Instant now) override;

private:
    static constexpr std::uint32_t kNoLoad = 0xffffffff;

    /// A link of a group, as a network end.
    struct Link {
        ClientIndex client = 0;
        GroupIndex group = 0;
        LinkId link{};
        Serial member{};
        wire::FrameReader reader{wire::FrameKind::reply};

        void renew() { reader.renew(); }
    };

    /// The same, as the group's side finds it.
    struct End {
        LinkId link{};
        ClientEnd end{};
        ApplianceIndex host = 0;
    };

    /// One group of one client process.
    struct GroupSession {
        explicit GroupSession(ha::Group machine) : group(std::move(machine)) {}
        ha::Group group;
        std::vector<End> ends;
        bool configured = true;    ///< the file named it at the last C_Initialize
        bool initialized = false;  ///< C_Initialize returned, C_Finalize was not called
        std::uint32_t asleep = 0;  ///< loads on it that are
    };

    struct Client {
        std::string name;
        Pid pid{};
        std::vector<GroupSession> group_sessions;
        bool running = true;
        bool login_follows = false;  ///< C_Login as soon as C_Initialize returned
        std::uint32_t session_calls =
            0;                    ///< of its main thread that have not returned; C_Sign is not one
        std::deque<Fault> verbs;  ///< what the main thread calls after that
        std::uint64_t taken = 0;  ///< which settings its last C_Initialize took; 0: none
    };

    /// A call that is inside the library.
    struct Call {
        ClientIndex client = 0;
        GroupIndex group = 0;
        CallKind kind = CallKind::sign;
        Instant called{};
        std::uint64_t more = 0;           ///< C_Sign calls to make after this one
        std::uint32_t load = kNoLoad;  ///< index of the load whose thread made it
    };

    struct RunningLoad {
        ClientIndex client = 0;
        GroupIndex group = 0;
        Duration pace{};
        std::uint32_t threads = 1;
        std::uint32_t busy = 0;
        bool asleep = false;  ///< its beats are not played, but counted later
        Instant next{};       ///< the first of these
    };

    /// What put a fault off.
    enum class PutOff : std::uint8_t { caller, ending, pattern };
    struct Later {
        Fault fault;
        Target target;
        PutOff why = PutOff::caller;
    };

    void put_off(Instant due, const Fault& fault, const Target& target, PutOff why);
    void end_patterns(const std::vector<ApplianceIndex>& hosts);
    void begin(Instant now);
    void handle(const QueuedEvent& event);
    void make_group_sessions(Client& client);
    template <class What>
    void each_session(ClientIndex client, What what);
    // world_settings.cpp
    void take_settings(ClientIndex client);
    GroupIndex slot_for(const GroupSettings& group);
    std::string apply_to_group(const Fault& fault, const Target& target);
    void overlay_changed();
    void post(ClientIndex client, GroupIndex group, const ha::Event& event);
    void execute(ClientIndex client, GroupIndex group, const ha::Effects& effects);
    void open_link(ClientIndex client, GroupIndex group, const ha::OpenLink& effect);
    void close_link(GroupSession& group_session, LinkId link);
    void send_request(ClientIndex client, GroupIndex group, const ha::SendRequest& effect);
    void answered(ClientIndex client, GroupIndex group, const ha::Answer& answer);
    CallId call(ClientIndex client, GroupIndex group, CallKind kind);
    void make_sign(ClientIndex client, GroupIndex group, std::uint64_t more, std::uint32_t load);
    // world_load.cpp
    void run_load(const Load& load, ClientIndex client, GroupIndex group);
    void pace_load(std::uint32_t load, Instant due);
    void beat(std::uint32_t load, Instant due);
    [[nodiscard]] bool may_sleep(const RunningLoad& load) const;
    [[nodiscard]] bool all_would_answer(const GroupSession& group_session) const;
    void catch_up(ClientIndex client, GroupIndex group);
    void wake(ClientIndex client, GroupIndex group);
    void wake_all();

    void client_link_over(ClientEnd end, bool opened, Code code);
    ApplianceIndex host_of(Serial member);
    [[nodiscard]] static std::uint32_t session_number(ClientIndex client, GroupIndex group);
    void do_ready();
    [[nodiscard]] ha::GroupConfig config_of(GroupIndex group) const;
    void diagnose(const std::string& text);

    void add_host(ApplianceIndex index);
    void appliance_due(const QueuedEvent& event);
    void session_due(const QueuedEvent& event);
    [[nodiscard]] Target draw(FaultKind kind);
    [[nodiscard]] std::pair<std::vector<ApplianceIndex>, std::string> hosts_of(
        const Target& target);
    [[nodiscard]] std::vector<FaultPlace> places_of(const Fault& fault, const Target& target);
    void note_in_force(const Fault& fault, const Target& target);
    void end_fault(const Later& later, std::uint64_t firing);
    std::string apply_to_hosts(const Fault& fault, const Target& target);
    std::string apply_pattern(const Fault& fault, const Target& target);
    std::string apply_to_clients(const Fault& fault, const Target& target);
    void apply_to_client(const Fault& fault, ClientIndex client);
    void apply_to_workstation(const Fault& fault);
    void heal_all();
    void reschedule(ApplianceIndex host);

    WorldOptions options_;
    EventQueue& queue_;
    Network& network_;
    std::vector<WorldObserver*> observers_;
    Script* script_ = nullptr;
    Random random_;
    Settings file_;       ///< the newest good configuration
    Overlay overlay_;     ///< what faults changed in it
    Settings newest_;     ///< the two together
    std::uint64_t newest_number_ = 1;  ///< counts the changes of newest_
    Settings effective_;  ///< what of it is in force
    scenario::Topology topology_;
    std::vector<Client> clients_;
    std::deque<ApplianceHost> hosts_;
    std::vector<Timer> host_timers_;
    std::vector<Timer> session_timers_;  ///< by session_number; they outlive a process
    SlotMap<ClientEnd, Link> links_;
    std::vector<ApplianceIndex> connection_hosts_;  ///< by the slot of the ConnectionId
    SlotMap<CallId, Call> calls_;
    std::vector<Load> asked_loads_;  ///< by start_load
    std::vector<RunningLoad> loads_;
    bool calls_watched_ = false;
    std::uint32_t loads_over_ = 0;  ///< loads before this one have had their turn at this moment
    Instant settled_{};  ///< what the last fault did has run its course: loads may sleep
    FaultsInForce in_force_;
    std::map<std::uint64_t, Later> later_;  ///< by number; that of an ending is its firing's
    std::uint64_t next_later_ = 1;
    std::uint64_t signed_ = 0;  ///< numbers the data that is signed
    std::deque<Call> ready_;    ///< returned calls whose caller goes on when the step is over
    std::string scratch_;
    ha::Effects effects_;
    Duration clock_offset_{};
    bool log_directory_missing_ = false;
    bool disk_full_ = false;
    Instant now_{};
};

}  // namespace hasim::sim
