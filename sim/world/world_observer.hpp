/// What is told of a simulated world, and what one is made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ha/event.hpp"
#include "hasim/fault.hpp"
#include "hasim/group_state.hpp"
#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"
#include "sim/appliance/token_service.hpp"

namespace hasim::sim {

using ClientIndex = std::uint32_t;
using GroupIndex = std::uint32_t;  ///< in the order of the configuration

/// What an application calls.
enum class CallKind : std::uint8_t { initialize, login, logout, sign, finalize, other };

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

/// Calls of a load at an even pace that members served, one like the other: they were counted, not played
/// (workstation_load.cpp). Told of at once, before they return.
struct CallRun {
    ClientIndex client = 0;
    GroupIndex group = 0;
    Instant called{};  ///< the first
    Duration pace{};   ///< from one to the next
    std::uint64_t count = 0;
    Duration took{};  ///< each; all returned CKR_OK

    /// How many of them returned from `from` to `to`, both included.
    [[nodiscard]] std::uint64_t returned_in(Instant from, Instant to) const;
};

/// Which calls of loads an observer has to be told of.
enum class CallInterest : std::uint8_t {
    none,     ///< none; those that change nothing the log could show may be left out
    counted,  ///< all; those that are alike may be counted: on_calls
    each,     ///< each of them, as it happens
};

/// Who wants to know what happens in a world. Called in the order of events; must not call back into the world.
class WorldObserver {
public:
    virtual ~WorldObserver() = default;
    /// Asked once, by World::watch, before the loads start. A world that nobody watches plays every call.
    [[nodiscard]] virtual CallInterest call_interest() const { return CallInterest::each; }
    virtual void on_log(ClientIndex, const LogRecord&) {}
    virtual void on_call(const CallReport&) {}
    virtual void on_calls(const CallRun&) {}
    /// A call enters the library; nothing has come of it yet.
    virtual void on_call_made(CallId, ClientIndex, GroupIndex, CallKind, Instant) {}
    /// What a call returned with, before on_call.
    virtual void on_answer(const ha::Answer&, Instant) {}
    /// The library answered a call that nobody makes: one that it answered before.
    virtual void on_stray_answer(CallId, ClientIndex, GroupIndex, Instant) {}
    /// The process is gone; what it was calling never returns.
    virtual void on_killed(ClientIndex, Instant) {}
    virtual void on_request_sent(ClientIndex, GroupIndex, Serial /*member*/, Operation, Instant) {}
    /// A request of that PKCS#11 function ("C_Sign") went to a member.
    virtual void on_function_sent(ClientIndex, GroupIndex, Serial /*member*/,
                                  std::string_view /*function*/, Instant)
    {
    }
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
    bool has_objects =
        false;  ///< clients make objects, which follow commands and recovery to other members
    TokenService* tokens = nullptr;  ///< not owned; null: appliances make no PKCS#11 calls
};

}  // namespace hasim::sim
