/// The client machine of a world: processes with their HA groups, what they call, the links that this takes, and the
/// configuration that they read.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/slot_map.hpp"
#include "ha/group.hpp"
#include "sim/world/overlay.hpp"
#include "sim/world/appliance_directory.hpp"
#include "sim/world/world_context.hpp"
#include "wire/frame_reader.hpp"

namespace hasim::sim {

class Workstation {
public:
    Workstation(WorldContext& context, ApplianceDirectory& appliances);

    // ---- What applications call; on all groups of the process (workstation.cpp)
    void initialize(ClientIndex client);
    /// An empty PIN is the partitions'.
    void login(ClientIndex client, std::string_view pin);
    void logout(ClientIndex client);
    void finalize(ClientIndex client);
    /// `count` C_Sign calls, one after the other.
    void sign(ClientIndex client, std::uint64_t count);
    void kill(ClientIndex client);
    /// The process starts again, with another pid, initialises and logs in.
    void restart(ClientIndex client, Pid pid);
    /// C_Initialize, and C_Login as soon as it returned.
    void start_client(ClientIndex client);
    /// Callers of calls that returned in this step go on.
    void do_ready();

    // ---- The same on one group; what comes of it is told to the observers (on_answer), at the latest before it
    // returns
    CallId login(ClientIndex client, GroupIndex group, std::string_view pin);
    CallId logout(ClientIndex client, GroupIndex group);
    /// `kind` is sign, or other; the number of the call is filled in.
    CallId command(ClientIndex client, GroupIndex group, CallKind kind, ha::Command command);

    // ---- Loads (workstation_load.cpp)
    /// Commands at an even pace from now on. Loads of clients that are not initialised pause.
    void start_load(const Load& load);
    void beat(std::uint32_t load, Instant due);
    /// Loads before this one have had their turn at this moment.
    void loads_are_over(std::uint32_t before) { loads_over_ = before; }
    void all_loads_are_over() { loads_over_ = kNoLoad; }
    /// Somebody watches. Before the loads start, if it is more than others ask for.
    void watch_calls(CallInterest interest)
    {
        HASIM_ASSERT(loads_.empty() || interest <= call_interest_);
        call_interest_ = std::max(call_interest_, interest);
    }
    /// Something is done to the world: sleeping loads go on.
    void wake_all();

    // ---- Configuration (workstation_settings.cpp)
    /// The file changed and is good.
    void settings_changed(const Settings& settings);
    /// What is in force. Its groups are all that any process had at a C_Initialize, in the order in which they came.
    [[nodiscard]] const Settings& settings() const { return effective_; }

    // ---- What is done to it (workstation_faults.cpp); the answer is empty, or an error
    [[nodiscard]] std::string apply_to_group(const Fault& fault, const Target& target);
    [[nodiscard]] std::string check_group(const Fault& fault, const Target& target) const;
    [[nodiscard]] std::string check_clients(const Target& target) const;
    [[nodiscard]] std::string apply_to_clients(const Fault& fault, const Target& target);
    void apply_to_machine(const Fault& fault);
    void heal();

    // ---- What the queue and the network bring (workstation_links.cpp)
    void due(const QueuedEvent& event);
    void connected(ClientEnd end);
    void link_over(ClientEnd end, bool opened, Code code);
    void bytes(ClientEnd end, std::string_view bytes);
    /// False, and nothing is done, when it stands within a frame that is not whole yet.
    [[nodiscard]] bool reply(ClientEnd end, Reply&& reply);

    // ---- Views
    [[nodiscard]] std::size_t clients() const { return clients_.size(); }
    [[nodiscard]] const std::string& name(ClientIndex client) const
    {
        return clients_[client].name;
    }
    [[nodiscard]] Pid pid(ClientIndex client) const { return clients_[client].pid; }
    [[nodiscard]] const ha::Group& group(ClientIndex client, GroupIndex group) const
    {
        return clients_[client].group_sessions[group].group;
    }
    /// How far its wall clock is from start + Instant (`clock jump`).
    [[nodiscard]] Duration clock_offset() const { return clock_offset_; }
    [[nodiscard]] bool log_directory_missing() const { return log_directory_missing_; }
    [[nodiscard]] bool disk_full() const { return disk_full_; }

private:
    static constexpr std::uint32_t kNoLoad = 0xffffffff;

    /// A link of a group, as a network end.
    struct Link {
        ClientIndex client = 0;
        GroupIndex group = 0;
        LinkId link{};
        wire::FrameReader reader{wire::FrameKind::reply};

        void renew() { reader.renew(); }
    };

    /// The same, as the group's side finds it.
    struct End {
        LinkId link{};
        ClientEnd end{};
        Serial member{};
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
        Duration took{};      ///< its last calls, each; all were served by the first member that was asked
        std::uint32_t alike = 0;  ///< how many those are
    };

    // workstation.cpp
    void make_group_sessions(Client& client);
    template <class What>
    void each_session(ClientIndex client, What what);
    CallId call(ClientIndex client, GroupIndex group, CallKind kind);
    void make_sign(ClientIndex client, GroupIndex group, std::uint64_t more, std::uint32_t load);
    void answered(ClientIndex client, GroupIndex group, const ha::Answer& answer);
    // workstation_links.cpp
    [[nodiscard]] static std::uint32_t session_number(ClientIndex client, GroupIndex group);
    [[nodiscard]] ha::GroupConfig config_of(GroupIndex group) const;
    void post(ClientIndex client, GroupIndex group, const ha::Event& event);
    void execute(ClientIndex client, GroupIndex group, const ha::Effects& effects);
    void open_link(ClientIndex client, GroupIndex group, const ha::OpenLink& effect);
    void close_link(GroupSession& group_session, LinkId link);
    void send_request(ClientIndex client, GroupIndex group, const ha::SendRequest& effect);
    // workstation_load.cpp
    void run_load(const Load& load, ClientIndex client, GroupIndex group);
    void pace_load(std::uint32_t load, Instant due);
    [[nodiscard]] bool may_sleep(const RunningLoad& load) const;
    [[nodiscard]] bool all_would_answer(const GroupSession& group_session) const;
    void catch_up(ClientIndex client, GroupIndex group);
    [[nodiscard]] std::int64_t beats_to_leap(std::uint32_t index, Instant due);
    [[nodiscard]] Instant all_steady_until(Instant least);
    [[nodiscard]] Instant steady_until(ClientIndex client, GroupIndex group) const;
    [[nodiscard]] bool all_keep_answering(const GroupSession& group_session) const;
    void leap(std::uint32_t index, Instant due, std::int64_t beats);
    void wake(ClientIndex client, GroupIndex group);
    // workstation_settings.cpp
    void take_settings(ClientIndex client);
    GroupIndex slot_for(const GroupSettings& group);
    void overlay_changed();
    // workstation_faults.cpp
    void apply_to_client(const Fault& fault, ClientIndex client);

    WorldContext& context_;
    ApplianceDirectory& appliances_;

    Settings file_;       ///< the newest good configuration
    Overlay overlay_;     ///< what faults changed in it
    Settings newest_;     ///< the two together
    std::uint64_t newest_number_ = 1;  ///< counts the changes of newest_
    Settings effective_;  ///< what of it is in force

    std::vector<Client> clients_;
    std::vector<Timer> session_timers_;  ///< by session_number; they outlive a process
    SlotMap<ClientEnd, Link> links_;
    SlotMap<CallId, Call> calls_;
    std::deque<Call> ready_;    ///< returned calls whose caller goes on when the step is over
    std::uint64_t signed_ = 0;  ///< numbers the data that is signed
    ha::Effects effects_;

    std::vector<Load> asked_loads_;  ///< by start_load
    std::vector<RunningLoad> loads_;
    std::vector<std::vector<std::uint32_t>> loads_on_;  ///< indices of loads, by session_number
    std::pair<ClientIndex, GroupIndex> first_to_change_{};  ///< of groups, the last time: it is looked at first
    CallInterest call_interest_ = CallInterest::none;
    std::uint32_t loads_over_ = 0;  ///< loads before this one have had their turn at this moment
    Instant settled_{};  ///< what the last fault did has run its course: loads may sleep

    Duration clock_offset_{};
    bool log_directory_missing_ = false;
    bool disk_full_ = false;
};

}  // namespace hasim::sim
