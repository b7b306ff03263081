#include "scenario/faults.hpp"

#include "base/assert.hpp"
#include "scenario/fault_parts.hpp"

namespace hasim::scenario {
namespace {

constexpr std::array kTable{
    // ---- network
    FaultInfo{
        .kind = FaultKind::cable_out, .words = "cable out", .chapter = FaultChapter::network,
        .targets = kPlace, .may_last = true,
        .does = "Silence both ways on the path to the appliance. Bytes and connection attempts are "
                "held until it is healed, then delivered.",
        .sees = "no answer: a command waits for ReceiveTimeout, a connection attempt as long",
        .lines = kFailsOver, .live = kHeldLive, .in_virtual = kHeldVirtual},
    FaultInfo{
        .kind = FaultKind::cable_in, .words = "cable in", .chapter = FaultChapter::network,
        .targets = kPlace, .does = "Ends `cable out`: what was held is delivered in order.",
        .sees = "late answers to requests it gave up, which it ignores; new attempts connect",
        .lines = "RECOVERED at the next tick, if the member was dropped",
        .live = kHeldLive, .in_virtual = kHeldVirtual},
    FaultInfo{
        .kind = FaultKind::refuse, .words = "refuse", .chapter = FaultChapter::network,
        .targets = kPlace, .may_last = true,
        .does = "New connections are refused. Those that stand go on.",
        .sees = "RC_UNABLE_TO_CONNECT at once, when it connects",
        .lines = "none while connections stand; DROPUNRECOVERABLE at C_Initialize, RECOVERYFAILED "
                 "at each tick for a dropped member",
        .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::reset, .words = "reset", .chapter = FaultChapter::network,
        .targets = kPlace,
        .does = "Every standing connection is reset, once. New ones are accepted.",
        .sees = "RC_SERVER_DISCONNECTED for commands in flight; an idle connection is lost, which "
                "the next command meets",
        .lines = "DROPMEMBER at the next command, RECOVERED at the next tick",
        .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::fin, .words = "fin", .chapter = FaultChapter::network, .targets = kPlace,
        .does = "The appliance closes every standing connection in order, once.",
        .sees = "end of stream: as after `reset`",
        .lines = "DROPMEMBER at the next command, RECOVERED at the next tick",
        .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::silence_in, .words = "silence in", .chapter = FaultChapter::network,
        .targets = kPlace, .may_last = true,
        .does = "Nothing reaches the appliance; held until healed, then delivered.",
        .sees = "no answer within ReceiveTimeout; connection attempts are not answered",
        .lines = kFailsOver, .live = kHeldLive, .in_virtual = kHeldVirtual},
    FaultInfo{
        .kind = FaultKind::silence_out, .words = "silence out", .chapter = FaultChapter::network,
        .targets = kPlace, .may_last = true,
        .does = "Nothing leaves the appliance; held until healed, then delivered. The appliance "
                "carries out what it was asked.",
        .sees = "no answer within ReceiveTimeout; connection attempts are not answered",
        .lines = kFailsOver, .live = kHeldLive, .in_virtual = kHeldVirtual},
    FaultInfo{
        .kind = FaultKind::accept_then_silence, .words = "accept then silence",
        .chapter = FaultChapter::network, .targets = kPlace, .may_last = true,
        .does = "New connections are accepted and never answered. Those that stand go on.",
        .sees = "a connection, then no answer within ReceiveTimeout",
        .lines = "as `refuse`, with RC_OPERATION_TIMED_OUT one ReceiveTimeout later",
        .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::idle_cut, .words = "idle cut", .parameters = kOneDuration,
        .chapter = FaultChapter::network, .targets = kPlace, .may_last = true,
        .does = "A connection that carries nothing for longer than this goes silent, and stays so "
                "until it is closed: a firewall on the way has forgotten it. New connections work. "
                "Time counts from the moment at which the fault begins.",
        .sees = "no answer within ReceiveTimeout to the first command after a long pause; the "
                "appliance keeps the connection, which counts for its limit",
        .lines = "DROPMEMBER when a command meets it, and RECOVERED at the next tick",
        .live = "as real for the client; hasim sends no keep-alives, with which a real client may "
                "keep its connections",
        .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::cut_after, .words = "cut after",
        .parameters = {FaultParameter{.kind = ParameterKind::limit, .after = "bytes"}},
        .chapter = FaultChapter::network, .targets = kPlace, .may_last = true,
        .does = "A connection is reset once the appliance has sent so many more bytes on it, "
                "counted per connection from now.",
        .sees = "an answer that breaks off, then a reset",
        .lines = kFailsOver, .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::delay, .words = "delay", .parameters = kDelay,
        .chapter = FaultChapter::network, .targets = kPlace, .may_last = true,
        .does = "Every piece of data takes so long each way, and 0 to `jitter` more, drawn per "
                "piece. Pieces keep their order.",
        .sees = "slow answers; a timeout when both ways together pass ReceiveTimeout",
        .lines = "none below ReceiveTimeout; above it DROPMEMBER, then RECOVERYFAILED at each tick",
        .live = "held in hasim, on top of the loopback's own microseconds; connecting itself is "
                "not delayed",
        .in_virtual = "exact"},
    FaultInfo{
        .kind = FaultKind::bandwidth, .words = "bandwidth",
        .parameters = {FaultParameter{.kind = ParameterKind::bandwidth}},
        .chapter = FaultChapter::network, .targets = kPlace, .may_last = true,
        .does = "So many bytes per second each way, over all connections of the appliance.",
        .sees = "slow answers; a timeout when an answer takes longer than ReceiveTimeout",
        .lines = "as `delay`",
        .live = "held in hasim; hasim's frames are small, so that only low rates show",
        .in_virtual = "the same sum, exact"},
    FaultInfo{
        .kind = FaultKind::truncate, .words = "truncate", .chapter = FaultChapter::network,
        .targets = kPlace, .may_last = true,
        .does = "The next reply of each connection loses its end; then the connection is closed.",
        .sees = "half an answer and the end of the stream",
        .lines = kFailsOver, .live = kOurProtocol, .in_virtual = kOurProtocol},
    FaultInfo{
        .kind = FaultKind::corrupt, .words = "corrupt", .chapter = FaultChapter::network,
        .targets = kPlace, .may_last = true, .does = "One bit of each reply is wrong.",
        .sees = "garbage on the wire: it closes the connection",
        .lines = kFailsOver, .live = kOurProtocol, .in_virtual = kOurProtocol},
    FaultInfo{
        .kind = FaultKind::duplicate, .words = "duplicate", .chapter = FaultChapter::network,
        .targets = kPlace, .may_last = true, .does = "Each reply is sent twice.",
        .sees = "an answer to a request that is done, which it ignores",
        .lines = kNone, .live = kOurProtocol, .in_virtual = kOurProtocol},
    FaultInfo{
        .kind = FaultKind::slice, .words = "slice", .chapter = FaultChapter::network,
        .targets = kPlace, .may_last = true, .does = "Bytes arrive one at a time.",
        .sees = "the same answers in many small reads", .lines = kNone,
        .live = "written one by one; the operating system may join them again",
        .in_virtual = "exact: one delivery a byte"},
    // ---- appliance
    FaultInfo{
        .kind = FaultKind::power_off, .words = "power off", .chapter = FaultChapter::appliance,
        .targets = kPlace, .may_last = true,
        .does = "The appliance is silent and forgets its connections.",
        .sees = "no answer within ReceiveTimeout; connection attempts are not answered",
        .lines = kFailsOver,
        .live = "silence is held above the sockets; partitions keep their activation (chosen)",
        .in_virtual = "as live"},
    FaultInfo{
        .kind = FaultKind::power_on, .words = "power on", .chapter = FaultChapter::appliance,
        .targets = kPlace,
        .does = "Ends `power off`. A connection from before is reset at its next bytes.",
        .sees = "a reset on old connections; new attempts connect",
        .lines = "RECOVERED at the next tick, if the member was dropped",
        .live = "the appliance is ready at once; a real one takes minutes to boot: write the event "
                "later, or use `reboot D`",
        .in_virtual = "as live"},
    FaultInfo{
        .kind = FaultKind::reboot, .words = "reboot", .parameters = kOneDuration,
        .chapter = FaultChapter::appliance, .targets = kPlace,
        .does = "`power off`, and `power on` after so long.",
        .sees = "as `power off`, then `power on`", .lines = kFailsOver,
        .live = "as `power off` and `power on`", .in_virtual = "as live"},
    FaultInfo{
        .kind = FaultKind::ntls_stop, .words = "ntls stop", .chapter = FaultChapter::appliance,
        .targets = kPlace, .may_last = true,
        .does = "Standing connections are closed in order, new ones refused.",
        .sees = "RC_SERVER_DISCONNECTED for commands in flight, then RC_UNABLE_TO_CONNECT at once",
        .lines = kFailsOver, .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::ntls_start, .words = "ntls start", .chapter = FaultChapter::appliance,
        .targets = kPlace, .does = "Ends `ntls stop`.", .sees = "new attempts connect",
        .lines = "RECOVERED at the next tick, if the member was dropped",
        .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::ntls_restart, .words = "ntls restart", .parameters = kDownTime,
        .chapter = FaultChapter::appliance, .targets = kPlace,
        .does = "`ntls stop`, and `ntls start` after so long: 10s when not told (chosen).",
        .sees = "as `ntls stop`, then `ntls start`", .lines = kFailsOver,
        .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::activation_lasts, .words = "activation lasts",
        .parameters = kOneDuration, .chapter = FaultChapter::appliance, .targets = kPlace,
        .may_last = true,
        .does = "Partitions outlive a loss of power activated only when it is no longer than this; "
                "after a longer one they are deactivated. Without this fault they always outlive "
                "it (chosen). Public documents of auto-activation name two hours.",
        .sees = "after a long loss of power RC_PARTITION_NOT_ACTIVATED, as `deactivate`",
        .lines = "RECOVERYFAILED goes on after the power is back, until `activate`",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::connection_limit, .words = "connection limit",
        .parameters = {FaultParameter{.kind = ParameterKind::limit}},
        .chapter = FaultChapter::appliance, .targets = kPlace, .may_last = true,
        .does = "At most so many connections. More are accepted and closed at once; those that "
                "stand go on.",
        .sees = "a connection that ends before it is answered: RC_SERVER_DISCONNECTED",
        .lines = "as `refuse`, with RC_SERVER_DISCONNECTED",
        .live = "as real; that a Luna behaves so at its limit is (chosen)", .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::certificate_expired, .words = "certificate expired",
        .chapter = FaultChapter::appliance, .targets = kPlace, .may_last = true,
        .does = "New connections fail in the handshake. Those that stand go on.",
        .sees = "RC_SSL_FAILED_HANDSHAKE when it connects",
        .lines = "as `refuse`, with RC_SSL_FAILED_HANDSHAKE",
        .live = "real for PKCS#11 applications with TLS (docs/tls.md); else a refusal in "
                "hasim's own handshake",
        .in_virtual = "a refusal in hasim's own handshake"},
    // ---- partition
    FaultInfo{
        .kind = FaultKind::deactivate, .words = "deactivate", .chapter = FaultChapter::partition,
        .targets = kPlace, .may_last = true, .does = "The partition is no longer activated.",
        .sees = "RC_PARTITION_NOT_ACTIVATED for commands and logins. With failover_on_deactivation "
                "0 the application gets it; with 1 the command moves on",
        .lines = "with failover_on_deactivation 1 DROPMEMBER (MEMBER_DEACTIVATED with `messages "
                 "all`); an attempt that finds it so is one that failed",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::activate, .words = "activate", .chapter = FaultChapter::partition,
        .targets = kPlace,
        .does = "Ends `deactivate`.", .sees = "commands and logins are carried out again",
        .lines = "RECOVERED at the next tick if the member is still retried; nothing otherwise",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::revoke, .words = "revoke", .chapter = FaultChapter::partition,
        .targets = kPlace, .may_last = true,
        .does = "The partition is no longer assigned to the client.",
        .sees = "not assigned, for commands and when it opens the partition: the command moves on",
        .lines = "DROPMEMBER at the next command, MEMBER_REVOKED at the next tick; then nothing",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::assign, .words = "assign", .chapter = FaultChapter::partition,
        .targets = kPlace, .does = "Ends `revoke`.", .sees = "the partition opens again",
        .lines = "none until manual recovery or C_Initialize, once MEMBER_REVOKED was written",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::zeroise, .words = "zeroise", .chapter = FaultChapter::partition,
        .targets = kPlace,
        .does = "The partition and its objects are gone. Only `heal all` brings it back.",
        .sees = "CKR_TOKEN_NOT_PRESENT, which the application gets unchanged",
        .lines = "none for a member that serves; an attempt that finds it is RECOVERYFAILED "
                 "(UNRECOVERABLE with `messages all`) and the last",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::pin, .words = "pin",
        .parameters = {FaultParameter{.kind = ParameterKind::text}},
        .chapter = FaultChapter::partition, .targets = kPlace, .may_last = true,
        .does = "The partition's PIN becomes another. Logins that stand go on.",
        .sees = "CKR_PIN_INCORRECT at the next login",
        .lines = "LOGINFAILED at C_Login if another member accepts; at an attempt RECOVERYFAILED "
                 "(UNRECOVERABLE with `messages all`) and the last: the PIN is sent once",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::lock_pin, .words = "lock pin", .chapter = FaultChapter::partition,
        .targets = kPlace, .may_last = true,
        .does = "The partition refuses every login. Logins that stand go on.",
        .sees = "CKR_PIN_LOCKED at the next login", .lines = "as `pin`",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::busy, .words = "busy", .parameters = kOneDuration,
        .chapter = FaultChapter::partition, .targets = kPlace, .may_last = true,
        .does = "Every answer waits so much longer.",
        .sees = "slow answers; none in time when it is longer than ReceiveTimeout",
        .lines = "none below ReceiveTimeout; above it DROPMEMBER, then RECOVERYFAILED at each tick",
        .live = "as real, by the clock of the appliance", .in_virtual = "exact"},
    FaultInfo{
        .kind = FaultKind::slow, .words = "slow",
        .parameters = {FaultParameter{.kind = ParameterKind::factor}},
        .chapter = FaultChapter::partition, .targets = kPlace, .may_last = true,
        .does = "Every command takes so many times as long.",
        .sees = "slow answers", .lines = "as `busy`",
        .live = "of the simulated time a command takes, which is (chosen)",
        .in_virtual = "as live, exact"},
    FaultInfo{
        .kind = FaultKind::return_code, .words = "return", .parameters = kReturn,
        .chapter = FaultChapter::partition, .targets = kPlace, .may_last = true,
        .does = "Commands and logins return the code: so many times, or each with that chance, or "
                "all of them until healed.",
        .sees = "the code. The application gets it unchanged, CKR_DEVICE_ERROR included; only "
                "RC_TOKEN_NOT_PRESENT, and RC_PARTITION_NOT_ACTIVATED with "
                "failover_on_deactivation 1, move the command on",
        .lines = "none for a command; a login that meets it is refused: LOGINFAILED if another "
                 "member accepts, RECOVERYFAILED with the code at an attempt",
        .live = kApplianceAnswer, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::lose_object, .words = "lose object",
        .chapter = FaultChapter::partition, .targets = kPlace,
        .does = "The token object that the partition got last is not there any more, once; other "
                "members keep theirs.",
        .sees = "CKR_OBJECT_HANDLE_INVALID or CKR_KEY_HANDLE_INVALID, whenever that member serves; "
                "with HASynchronize a recovery of the member brings the object back",
        .lines = kNone, .live = kOnlyObjects, .in_virtual = kNoObjects},
    FaultInfo{
        .kind = FaultKind::token_full, .words = "token full",
        .chapter = FaultChapter::partition, .targets = kPlace, .may_last = true,
        .does = "The partition takes no more token objects.",
        .sees = "CKR_DEVICE_MEMORY for a call that would make one there; a call that made one on "
                "another member returns CKR_OK, and the object is missing here",
        .lines = "RECOVERYFAILED with CKR_DEVICE_MEMORY for a recovery that has objects to bring",
        .live = kOnlyObjects, .in_virtual = kNoObjects},
    FaultInfo{
        .kind = FaultKind::expire_sessions, .words = "expire sessions",
        .chapter = FaultChapter::partition, .targets = kPlace,
        .does = "Logins and sessions of every standing connection are forgotten, once.",
        .sees = "CKR_SESSION_HANDLE_INVALID for every command there, which the application gets "
                "unchanged, until it logs out and in again",
        .lines = kNone, .live = kApplianceAnswer, .in_virtual = kSameMachine},
    // ---- group
    FaultInfo{
        .kind = FaultKind::add_member, .words = "add member",
        .parameters = {FaultParameter{.kind = ParameterKind::serial}},
        .chapter = FaultChapter::group, .targets = kGroup, .target_optional = true,
        .does = "The serial appears in the group's member list, on the next appliance in turn "
                "unless `place` says where.",
        .sees = "a new member in the configuration, at the next tick",
        .lines = "NEWMEMBER at the next tick, and attempt 1 in the same tick",
        .live = kOverlay, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::remove_member, .words = "remove member",
        .parameters = {FaultParameter{.kind = ParameterKind::serial}},
        .chapter = FaultChapter::group, .targets = kGroup, .target_optional = true,
        .does = "The serial is gone from the group's member list.",
        .sees = "one member less at the next tick: no new commands, the link is closed after those "
                "in flight",
        .lines = kNone, .live = kOverlay, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::recover, .words = "recover", .chapter = FaultChapter::group,
        .targets = kGroup, .target_optional = true,
        .does = "HARecover of the group is incremented: manual recovery.",
        .sees = "a request for recovery, before its next command or at the next tick",
        .lines = "for every member that is not active (REENABLEMEMBER with `messages all`, and) an "
                 "attempt from number 1",
        .live = kOverlay, .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::mode, .words = "mode",
        .parameters = {FaultParameter{.kind = ParameterKind::mode}},
        .chapter = FaultChapter::group, .targets = kGroup, .target_optional = true,
        .does = "VirtualTokenActiveRecovery becomes this, for all groups: there is one key. It "
                "counts from the next C_Initialize.",
        .sees = "nothing until C_Finalize and C_Initialize",
        .lines = kNone, .live = kOverlay, .in_virtual = kSameMachine},
    // ---- client machine
    FaultInfo{
        .kind = FaultKind::log_directory_missing, .words = "log directory missing",
        .chapter = FaultChapter::machine, .targets = kMachine, .target_optional = true,
        .may_last = true, .does = "The directory of the log cannot be opened.",
        .sees = "lines that cannot be written: counted, told once on the diagnostic channel",
        .lines = "those that would be written are missing from the file",
        .live = "refused by hasim's own file sink; the directory itself is not touched",
        .in_virtual = "the same count; the virtual log leaves the lines out"},
    FaultInfo{
        .kind = FaultKind::log_directory_back, .words = "log directory back",
        .chapter = FaultChapter::machine, .targets = kMachine, .target_optional = true,
        .does = "Ends `log directory missing`.", .sees = "lines are written again",
        .lines = "those from then on", .live = "as `log directory missing`",
        .in_virtual = "as `log directory missing`"},
    FaultInfo{
        .kind = FaultKind::disk_full, .words = "disk full", .chapter = FaultChapter::machine,
        .targets = kMachine, .target_optional = true, .may_last = true,
        .does = "No line can be written to the log.",
        .sees = "lines that cannot be written: counted, told once on the diagnostic channel",
        .lines = "those that would be written are missing from the file",
        .live = "refused by hasim's own file sink; no disk is filled",
        .in_virtual = "the same count; the virtual log leaves the lines out"},
    FaultInfo{
        .kind = FaultKind::disk_free, .words = "disk free", .chapter = FaultChapter::machine,
        .targets = kMachine, .target_optional = true,
        .does = "Ends `disk full`.", .sees = "lines are written again",
        .lines = "those from then on", .live = "as `disk full`", .in_virtual = "as `disk full`"},
    FaultInfo{
        .kind = FaultKind::clock_jump, .words = "clock jump",
        .parameters = {FaultParameter{.kind = ParameterKind::signed_duration}},
        .chapter = FaultChapter::machine, .targets = kMachine, .target_optional = true,
        .does = "The wall clock of the client machine moves by so much, back when negative.",
        .sees = "other stamps; nothing is due sooner or later",
        .lines = "none; later lines carry the moved time",
        .live = "hasim's offset moves; the machine's clock is not touched",
        .in_virtual = "exactly as live"},
    // ---- client
    FaultInfo{
        .kind = FaultKind::initialize, .words = "initialize", .chapter = FaultChapter::client,
        .targets = kClient, .does = "C_Initialize: reaches all members at once.",
        .sees = "CKR_OK, even when no member is reached",
        .lines = "DROPUNRECOVERABLE for each member that it cannot reach",
        .live = "as the machine decides, over real connections", .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::login, .words = "login",
        .parameters = {FaultParameter{.kind = ParameterKind::text, .optional = true}},
        .chapter = FaultChapter::client, .targets = kClient,
        .does = "C_Login at every active member, with this PIN or else the partitions'.",
        .sees = "CKR_OK when one member accepted",
        .lines = "LOGINFAILED for each member that failed or refused where another accepted",
        .live = "as the machine decides, over real connections", .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::logout, .words = "logout", .chapter = FaultChapter::client,
        .targets = kClient, .does = "C_Logout.", .sees = "CKR_OK; recovery no longer logs in",
        .lines = kNone,
        .live = "as the machine decides, over real connections", .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::finalize, .words = "finalize", .chapter = FaultChapter::client,
        .targets = kClient,
        .does = "C_Finalize: connections are closed, states and counts forgotten.",
        .sees = "CKR_CRYPTOKI_NOT_INITIALIZED until it initialises again", .lines = kNone,
        .live = "as the machine decides, over real connections", .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::sign, .words = "sign",
        .parameters = {FaultParameter{.kind = ParameterKind::count, .optional = true,
        .otherwise = 1}},
        .chapter = FaultChapter::client, .targets = kClient, .most = 1'000'000,
        .does = "So many C_Sign calls, one after the other: 1 when not told, 1,000,000 at most.",
        .sees = "their results", .lines = "DROPMEMBER for a member that the command meets invalid",
        .live = "as the machine decides, over real connections", .in_virtual = kSameMachine},
    FaultInfo{
        .kind = FaultKind::kill, .words = "kill", .chapter = FaultChapter::client,
        .targets = kClient, .does = "The process ends at once, without C_Finalize.",
        .sees = "nothing any more; its connections are reset", .lines = "none from it",
        .live = "the client inside hasim is dropped: no process of the system ends",
        .in_virtual = "as live"},
    FaultInfo{
        .kind = FaultKind::restart, .words = "restart",
        .parameters = {FaultParameter{.kind = ParameterKind::pid, .before = "pid",
        .optional = true}},
        .chapter = FaultChapter::client, .targets = kClient,
        .does = "The process starts again with this pid, or the next number, initialises and logs "
                "in.",
        .sees = "as `initialize` and `login`", .lines = "as `initialize` and `login`",
        .live = "the client inside hasim starts anew: no process of the system does",
        .in_virtual = "as live"},
    // ---- patterns
    FaultInfo{
        .kind = FaultKind::flap_cable, .words = "flap cable", .parameters = kFlap,
        .chapter = FaultChapter::pattern, .targets = kPlace, .may_last = true,
        .does = "`cable out` for the duty's share of every period, `cable in` for the rest; each "
                "period begins with `cable out`.",
        .sees = "as `cable out` and `cable in`", .lines = kFailsOver,
        .live = kHeldLive, .in_virtual = kHeldVirtual},
    FaultInfo{
        .kind = FaultKind::flap_ntls, .words = "flap ntls", .parameters = kFlap,
        .chapter = FaultChapter::pattern, .targets = kPlace, .may_last = true,
        .does = "`ntls stop` for the duty's share of every period, `ntls start` for the rest; each "
                "period begins with `ntls stop`.",
        .sees = "as `ntls stop` and `ntls start`", .lines = kFailsOver,
        .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::rolling_restart, .words = "rolling restart", .parameters = kRolling,
        .chapter = FaultChapter::pattern, .targets = kPlace, .target_optional = true,
        .does = "NTLS of each target in turn is stopped for so long (10s when not told: chosen); "
                "the next one stops `pause` after it started again (0s when not told).",
        .sees = "as `ntls restart` on one appliance after the other",
        .lines = "DROPMEMBER and RECOVERED for each member in turn; without a pause longer than "
                 "AutoReconnectInterval a whole group can be lost",
        .live = kRealSockets, .in_virtual = kAtOnce},
    FaultInfo{
        .kind = FaultKind::swizzle, .words = "swizzle", .parameters = kDownTime,
        .chapter = FaultChapter::pattern, .targets = kPlace, .target_optional = true,
        .does = "`cable out` on the targets one by one, so far apart (10s when not told: chosen), "
                "then `cable in` as far apart, in an order drawn from the seed.",
        .sees = "as `cable out` and `cable in`", .lines = kFailsOver,
        .live = kHeldLive, .in_virtual = kHeldVirtual},
    // ---- healing
    FaultInfo{
        .kind = FaultKind::heal, .words = "heal", .chapter = FaultChapter::healing,
        .targets = kPlace,
        .does = "Network, appliance and partition faults and patterns of the target end. What is "
                "gone by `zeroise` stays gone.",
        .sees = "as the opposite of what ends", .lines = "as the opposite of what ends",
        .live = "as what ends", .in_virtual = "as what ends"},
    FaultInfo{
        .kind = FaultKind::heal_all, .words = "heal all", .chapter = FaultChapter::healing,
        .targets = bit(Target::Kind::all), .target_optional = true,
        .does = "Everything is as at the start: appliances, network, partitions (zeroised ones "
                "too) and the client machine. Clients and the configuration are left as they are.",
        .sees = "as the opposite of what ends", .lines = "as the opposite of what ends",
        .live = "as what ends", .in_virtual = "as what ends"},
};

constexpr bool in_order()
{
    for (std::size_t i = 0; i < kTable.size(); ++i) {
        if (static_cast<std::size_t>(kTable[i].kind) != i) {
            return false;
        }
    }
    return true;
}
static_assert(in_order(), "the table has every FaultKind once, in the order of the enumeration");
static_assert(kTable.size() == static_cast<std::size_t>(FaultKind::heal_all) + 1);

}  // namespace

std::span<const FaultInfo> fault_table()
{
    return kTable;
}

const FaultInfo& fault_info(FaultKind kind)
{
    const auto index = static_cast<std::size_t>(kind);
    HASIM_ASSERT(index < kTable.size());
    return kTable[index];
}

}  // namespace hasim::scenario
