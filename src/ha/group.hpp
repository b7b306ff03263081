/// The HA group of one client process. The law: same state, same event, same time, same effects. It never reads a
/// clock, a socket, a file, a random source or a thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ha/event.hpp"
#include "ha/in_flight.hpp"
#include "ha/member.hpp"
#include "hasim/group_state.hpp"
#include "hasim/time.hpp"

namespace hasim::ha {

struct MemberView {
    Serial serial;
    Role role = Role::active;
    MemberState state = MemberState::connecting;
    std::uint32_t attempts_made = 0;
    bool attempt_runs = false;
    std::uint32_t in_flight = 0;
    bool attempts_left = false;  ///< another attempt may follow those that were made
};

struct GroupView {
    GroupState state = GroupState::finalized;
    bool logged_in = false;
    std::vector<MemberView> members;   ///< in configured order; removed ones are left out
    std::optional<Instant> next_tick;  ///< nothing when it would find nothing to do
};

class Group {
public:
    Group(Pid pid, Serial serial) : pid_(pid), serial_(serial) {}

    /// Total: every event in every state has a defined result. `now` never goes back (asserted). Effects are appended.
    void step(const Event& event, Instant now, Effects& effects);

    /// When DeadlineReached is due; nothing while nothing is waited for. A tick that would do nothing is not.
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    /// Nothing but recovery attempts is under way or waits to be taken: a C_Sign that returns as it would now changes
    /// nothing that the log could show but whose turn is next.
    [[nodiscard]] bool calm() const;
    /// Up to when C_Sign calls that are answered, several at a time, change nothing but whose turn is next; kNever when
    /// only what is done to it ends that, nothing when something else is under way already.
    [[nodiscard]] std::optional<Instant> steady_until() const;
    /// The C_Sign that are inside went to the members that serve one after the other, as later ones will. After a
    /// member came back they may go round in pairs for ever (A A B B), because who has least inside serves first.
    [[nodiscard]] bool goes_round() const;
    /// A member that is active has this link.
    [[nodiscard]] bool serves_on(LinkId link) const;
    /// As if so many C_Sign had been called, one after the other, and answered by whoever serves. To be called while
    /// calm.
    void pass_commands(std::uint64_t count);
    /// The same while it is steady and goes round, whatever is inside now.
    void pass_turns(std::uint64_t count);

    [[nodiscard]] GroupView view() const;
    /// The state of one member; nothing when it is not configured.
    [[nodiscard]] std::optional<MemberState> member_state(Serial serial) const;
    [[nodiscard]] Serial serial() const { return serial_; }
    [[nodiscard]] GroupState state() const { return state_; }

private:
    // group.cpp: the session of the library, and links
    void on(const Initialize& event);
    void on(const Finalize& event);
    void on(const LinkOpened& event);
    void on(const LinkFailed& event);
    void on(const LinkClosed& event);
    void on(const ReplyArrived& event);
    void on(const SettingsChanged& event);
    void put_lines_in_order(std::size_t first);
    void note_places();
    void enter(MemberIndex index, MemberState to, Cause cause);
    void set_state(GroupState state);
    void latch_when_all_failed();
    void reach(MemberIndex index);
    void reached(MemberIndex index, bool logged_in);
    void not_reached(MemberIndex index, Code code);
    void finish_initialize_when_decided();
    void link_failed(MemberIndex index, Code code);
    void member_failed(MemberIndex index, MemberState to, Cause cause, Code code);
    void hand_on(std::vector<Pending> waiting);
    void close_link(Member& member);
    void close_when_unused(Member& member);
    [[nodiscard]] std::optional<MemberIndex> member_of(LinkId link) const;
    [[nodiscard]] bool nobody_left() const;

    // group_waiting.cpp: what is waited for, and deadlines
    void on(const DeadlineReached& event);
    void expire();
    Pending& wait_for(MemberIndex index, Purpose purpose, CallId call);
    Pending stop_waiting(RequestId id);
    [[nodiscard]] bool is_waiting_for(MemberIndex index, Purpose purpose) const;
    template <class What>
    void end_waiting_on(MemberIndex index, What what);
    std::vector<Pending> take_waiting_on(MemberIndex index);
    void drop_waiting_on(MemberIndex index);
    void send(MemberIndex index, Operation operation, Purpose purpose, CallId call,
              std::string body);

    // group_calls.cpp: what the application calls
    void on(const Login& event);
    void on(const Logout& event);
    void on(const Command& event);
    void command_answered(MemberIndex index, Pending pending, const Reply& reply);
    void route(Pending command);
    [[nodiscard]] std::optional<MemberIndex> serving_member() const;
    [[nodiscard]] std::optional<MemberIndex> bound_member(LinkId link) const;
    [[nodiscard]] std::vector<MemberIndex> takers_of_turns() const;
    [[nodiscard]] Code refusal() const;
    void meet_lost_members();
    void join_login(MemberIndex index);
    void login_answered(MemberIndex index, Code code);
    void login_part_over();
    void logout_part_over();
    void answer(CallId call, Code code, std::string body = {}, std::uint32_t moves = 0,
                LinkId served = {});

    // group_objects.cpp: what is on one member and has to be on others
    void clone_what_changed(MemberIndex index, Pending command, std::string body);
    void cloned_out(MemberIndex index, Pending pending, const Reply& reply);
    void cloned_in(MemberIndex index, const Pending& pending, Code code);
    void clone_part_over(CallId call);
    void synchronize_then_serve(MemberIndex index);
    void synced_out(MemberIndex index, const Reply& reply);
    [[nodiscard]] bool awaits_objects(MemberIndex index) const;

    // group_recovery.cpp: ticks, attempts and the configuration at run time
    void tick();
    [[nodiscard]] bool tick_matters() const;
    void pass_idle_ticks();
    void take_members();
    void take_recover_request();
    void recover_by_hand();
    std::vector<Pending> configure_in(Serial serial, Role role);
    void configure_out(MemberIndex index);
    void start_attempts();
    void attempt_succeeded(MemberIndex index);
    void attempt_failed(MemberIndex index, Code code);
    void write(LogForm form, MemberIndex index, std::uint32_t attempt = 0, Code code = Code::ok);

    /// A C_Login that is under way.
    struct LoginCall {
        CallId call;
        std::string pin;
        std::uint32_t waiting = 0;
        bool accepted = false;
        std::vector<std::pair<MemberIndex, Code>> refusals;
    };
    struct LogoutCall {
        CallId call;
        std::uint32_t waiting = 0;
    };
    /// A writing command that was done, and is being taken to the other members.
    struct Cloning {
        CallId call;
        std::string body;
        std::uint32_t moves = 0;
        LinkId served;
        std::uint32_t waiting = 0;
    };

    Pid pid_;
    Serial serial_;
    std::uint64_t recover_baseline_ = 0;
    std::uint64_t next_link_ = 1;
    std::vector<std::pair<MemberIndex, Code>> late_;  ///< of expire()
    std::string pin_;  ///< of the login in force, for members that come back
    std::optional<CallId> initialize_call_;
    std::optional<LoginCall> login_;
    std::optional<LogoutCall> logout_;
    std::vector<Cloning> clonings_;
    GroupConfig config_;

    // What every step looks at, side by side: worlds of thousands of groups do not fit into a processor's cache.
    Instant now_{};               ///< of the step that runs, or ran last
    Effects* effects_ = nullptr;  ///< of the step that runs
    Instant next_tick_ = kNever;
    std::shared_ptr<const GroupSettings> newest_;  ///< good ones that no tick has taken yet
    std::vector<Member> members_;       ///< by MemberIndex
    std::vector<MemberIndex> order_;    ///< as configured, active role first
    std::vector<MemberIndex> written_;  ///< whom the lines of the step that runs are about
    InFlight in_flight_;
    std::uint64_t next_turn_ = 1;  ///< stamps Load::last_given
    GroupState state_ = GroupState::finalized;
    bool logged_in_ = false;
};

}  // namespace hasim::ha
