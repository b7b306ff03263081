/// A simulated world for C++ programs: client processes with their HA groups, appliances, and what is done to them, in
/// virtual time. No clock, no sockets, no files: the same calls give the same lines, on any machine.
///
///     hasim::SimResult made = hasim::Sim::from_conf(conf_text);
///     hasim::Sim& sim = *made.sim;
///     sim.load("sign 10/s threads 2");
///     sim.at(10s).cable_out("hsm2");
///     sim.at(40s).cable_in("hsm2");
///     sim.run_until(100s);
///     for (const std::string& line : sim.lines()) { ... }
///
/// Every call that makes something happen stands for one line of the scenario language (docs/scenario.md); what it
/// refuses it says with the same words.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hasim/ids.hpp"
#include "hasim/member_state.hpp"
#include "hasim/result.hpp"
#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"
#include "hasim/time.hpp"
#include "hasim/zone.hpp"

namespace hasim {

class Sim;

/// One moment of a Sim: what its functions say happens then. A target is written as in a scenario: "hsm2",
/// "hsm1..hsm3", "member 1234924189183", "any", "all". Each returns the same moment, for more to happen at once.
class SimMoment {
public:
    SimMoment& cable_out(std::string_view target);
    SimMoment& cable_in(std::string_view target);
    SimMoment& reset(std::string_view target);
    SimMoment& refuse(std::string_view target);
    SimMoment& power_off(std::string_view target);
    SimMoment& power_on(std::string_view target);
    SimMoment& reboot(std::string_view target, Duration length);
    SimMoment& ntls_stop(std::string_view target);
    SimMoment& ntls_start(std::string_view target);
    SimMoment& deactivate(std::string_view target);
    SimMoment& activate(std::string_view target);
    SimMoment& revoke(std::string_view target);
    SimMoment& assign(std::string_view target);
    SimMoment& busy(std::string_view target, Duration length);
    SimMoment& recover(std::string_view group_label);
    SimMoment& heal(std::string_view target);
    SimMoment& heal_all();
    /// Any other event: a scenario line without its trigger, "hsm2 delay 50ms jitter 10ms for 30s".
    SimMoment& line(std::string_view action);

private:
    friend class Sim;
    SimMoment(Sim& sim, Duration when) : sim_(&sim), when_(when) {}
    SimMoment& act(std::string_view target, std::string_view fault);
    Sim* sim_;
    Duration when_;
};

/// What became of the calls and lines so far.
struct SimCounters {
    std::uint64_t done = 0;     ///< C_Sign that returned CKR_OK
    std::uint64_t lost = 0;     ///< C_Sign that returned anything else
    std::uint64_t retried = 0;  ///< times that one moved on to another member
    Duration longest{};         ///< C_Sign from call to return
    std::uint64_t lines = 0;    ///< of the log
};

/// One member as one client's group sees it.
struct SimMember {
    std::string client;
    std::string group;  ///< label
    Serial serial{};
    MemberState state = MemberState::connecting;
    std::uint32_t attempts = 0;  ///< recovery attempts made since it was dropped
};

struct SimResult;

class Sim {
public:
    /// What `settings` and `scenario` say; `zone` is for the stamps. `settings` must have a group.
    explicit Sim(Settings settings, Scenario scenario = {}, Zone zone = {});
    /// The same from the text of a Chrystoki.conf (or crystoki.ini).
    [[nodiscard]] static SimResult from_conf(std::string_view conf_text, Scenario scenario = {});
    ~Sim();
    Sim(Sim&&) noexcept;
    Sim& operator=(Sim&&) noexcept;

    /// Only before the run. A load ("sign 10/s threads 2"; without one there is none), an event with its own trigger
    /// ("on log DROPMEMBER after 5s hsm2 cable in"), and an expectation ("ops lost 0").
    Sim& load(std::string_view load);
    Sim& event(std::string_view line);
    Sim& expect(std::string_view expectation);

    /// `when` is counted from 0 s. What is said of a time that is over is a problem.
    [[nodiscard]] SimMoment at(Duration when) { return {*this, when}; }

    /// Plays everything up to `end`, that moment included. The first call starts clients and load at 0 s.
    void run_until(Duration end);

    /// What was refused so far: unknown targets, wrong words. Empty when all is well.
    [[nodiscard]] const std::vector<std::string>& problems() const;
    /// Expectations that do not hold, when the run is taken to be over now.
    [[nodiscard]] std::vector<std::string> broken() const;

    /// The lines of the log so far, of all clients, without newlines.
    [[nodiscard]] const std::vector<std::string>& lines() const;
    [[nodiscard]] SimCounters counters() const;
    /// Every member of every group of every client, in configured order.
    [[nodiscard]] std::vector<SimMember> members() const;
    /// In the first client that knows it, in its first group that does.
    [[nodiscard]] std::optional<MemberState> state(std::string_view serial) const;
    /// Until when it was played.
    [[nodiscard]] Duration now() const;
    /// All of it so far, as a scenario that `hasim test` can run.
    [[nodiscard]] std::string scenario_text() const;

private:
    friend class SimMoment;
    void happen(Duration when, std::string_view action);
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// A Sim, or why there is none.
struct SimResult {
    std::optional<Sim> sim;
    std::vector<Finding> findings;  ///< of the configuration: warnings too
};

}  // namespace hasim
