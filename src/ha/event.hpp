/// What can happen to an HA group, and what it wants done about it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ha/transitions.hpp"
#include "hasim/exchange.hpp"
#include "hasim/ids.hpp"
#include "hasim/log_record.hpp"
#include "hasim/settings.hpp"
#include "hasim/time.hpp"

namespace hasim::ha {

/// What one group needs to know of a configuration.
struct GroupConfig {
    GroupSettings group;
    HaSettings ha;
    Duration receive_timeout = std::chrono::seconds(20);  ///< answer and connect timeout
    MessageSet messages = MessageSet::current;
    /// The application has objects on its members: with HASynchronize, writing commands and recovery take them along.
    bool has_objects = false;
};

// ---- Events -----------------------------------------------------------------------------------------------------

/// C_Initialize. Answered when every member is decided.
struct Initialize {
    CallId call;
    GroupConfig config;
};
/// C_Finalize. Calls that are still inside return CKR_CRYPTOKI_NOT_INITIALIZED (chosen).
struct Finalize {
    CallId call;
};
/// C_Login.
struct Login {
    CallId call;
    std::string pin;
};
/// C_Logout.
struct Logout {
    CallId call;
};
/// Who may serve a command.
enum class Reach : std::uint8_t {
    any,      ///< whoever is least busy; the next one when that fails
    writing,  ///< the same, and what came of it is taken to all other members that are active
    bound,    ///< the member that has the link `bound`, and nobody else
};

/// A command on the HSM: C_Sign, or any other call that needs one.
struct Command {
    CallId call;
    std::string body;
    Operation operation = Operation::sign;
    Reach reach = Reach::any;
    LinkId bound{};
    /// Of a writing command: names it for the appliances, so that one which is sent again is not done again.
    std::uint64_t transaction = 0;
};
/// The connection that OpenLink asked for stands.
struct LinkOpened {
    LinkId link;
};
/// The connection that OpenLink asked for cannot be had: refused, or its name cannot be resolved.
struct LinkFailed {
    LinkId link;
    Code code;
};
/// A standing connection ended: server_disconnected, or socket_read_error for garbage on the wire.
struct LinkClosed {
    LinkId link;
    Code code;
};
/// A frame came in on a standing connection.
struct ReplyArrived {
    LinkId link;
    Reply reply;
};
/// The configuration file changed and is good. Taken at the next tick; an incremented HARecover also before a command.
struct SettingsChanged {
    GroupSettings group;
};
/// next_deadline() has come.
struct DeadlineReached {};

using Event = std::variant<Initialize, Finalize, Login, Logout, Command, LinkOpened, LinkFailed,
                           LinkClosed, ReplyArrived, SettingsChanged, DeadlineReached>;

// ---- Effects ----------------------------------------------------------------------------------------------------

/// Connect to the appliance that holds `member`; answered by LinkOpened or LinkFailed. The group owns the deadline.
struct OpenLink {
    LinkId link;
    Serial member;
};
/// Close it, or give the attempt up. No further event of this link counts.
struct CloseLink {
    LinkId link;
};
struct SendRequest {
    LinkId link;
    Request request;
};
struct WriteLog {
    LogRecord record;
};
/// A call returns.
struct Answer {
    CallId call;
    Code code = Code::ok;
    std::string body;         ///< the signature
    std::uint32_t moves = 0;  ///< how many members failed it before it got here
    LinkId served{};          ///< on which a command was answered: what a bound one names
};

/// A member is in another state now. Nothing needs to be done; whoever watches may want to know.
struct MemberChanged {
    Serial member;
    MemberState to = MemberState::connecting;
    Cause cause = Cause::reached;
};

/// C_Finalize: no member has a state any more.
struct MembersEnded {};

using Effect = std::variant<OpenLink, CloseLink, SendRequest, WriteLog, Answer, MemberChanged,
                            MembersEnded>;

/// In the order in which they are to be executed, after step() returned.
using Effects = std::vector<Effect>;

}  // namespace hasim::ha
