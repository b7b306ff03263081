/// The vocabulary of what can be done to the simulated world, by the words a scenario uses. docs/faults.md describes
/// each; src/scenario reads and prints them; sim/world carries them out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hasim/code.hpp"
#include "hasim/ids.hpp"
#include "hasim/time.hpp"

namespace hasim {

enum class FaultKind : std::uint8_t {
    // network: on the path between the clients and one appliance
    cable_out,            ///< silence both ways; new connections are not answered
    cable_in,
    refuse,               ///< new connections are refused; those that stand go on
    reset,                ///< every standing connection is reset, once
    fin,                  ///< every standing connection is closed in order by the appliance, once
    silence_in,           ///< nothing reaches the appliance
    silence_out,          ///< nothing leaves the appliance
    accept_then_silence,  ///< new connections are accepted and never answered; those that stand go on
    idle_cut,             ///< a connection without traffic for `duration` goes silent for good; new ones work
    cut_after,            ///< `count` bytes after now (sent by the appliance, per connection) a connection is reset
    delay,                ///< `duration` each way, plus 0..`jitter` drawn per piece
    bandwidth,            ///< `count` bytes per second each way
    truncate,             ///< the next reply frame of each connection loses its end, then the connection is closed
    corrupt,              ///< one bit of each reply frame is wrong
    duplicate,            ///< each reply frame is sent twice
    slice,                ///< bytes arrive one at a time
    // appliance
    power_off,            ///< silence, and all connections are forgotten
    power_on,
    reboot,               ///< power off, and on after `duration`
    ntls_stop,            ///< standing connections are closed, new ones refused
    ntls_start,
    ntls_restart,         ///< stop, and start after `duration`
    activation_lasts,     ///< partitions are deactivated by a power loss longer than `duration`
    connection_limit,     ///< at most `count` connections; more are accepted and closed at once
    certificate_expired,  ///< new connections fail in the TLS handshake
    // partition
    deactivate,
    activate,
    revoke,               ///< no longer assigned to the client
    assign,
    zeroise,
    pin,                  ///< the partition's PIN becomes `text`
    lock_pin,
    busy,                 ///< every answer waits `duration` longer
    slow,                 ///< every command takes `factor` times as long
    return_code,          ///< commands return `code`, `count` times (0: until healed), or `per_mille` of them
    lose_object,          ///< the token object that the partition got last is not there any more, once
    token_full,           ///< the partition takes no more token objects
    expire_sessions,      ///< logins and sessions of every standing connection are forgotten, once
    // group: the overlay on the client's configuration
    add_member,           ///< `serial` appears in the group's member list
    remove_member,
    recover,              ///< HARecover of the group is incremented
    mode,                 ///< VirtualTokenActiveRecovery becomes `recovery_mode`
    // client machine
    log_directory_missing,
    log_directory_back,
    disk_full,
    disk_free,
    clock_jump,           ///< the wall clock moves by `duration`, which may be negative
    // client
    initialize,
    login,                ///< with `text` as the PIN, or the partition's when empty
    logout,
    finalize,
    sign,                 ///< `count` C_Sign calls, one after the other
    kill,                 ///< the process ends at once, without C_Finalize
    restart,              ///< the process starts again (pid `count`, or the next), initialises and logs in
    // patterns
    flap_cable,           ///< cable out for `per_mille` of every `duration`
    flap_ntls,
    rolling_restart,      ///< NTLS of each target in turn: stopped for `duration`, then `pause` before the next
    swizzle,              ///< cables out one by one, `duration` apart, then in again in a random order, as far apart
    heal,                 ///< network, appliance and partition faults of the target end, but for zeroise
    heal_all,             ///< everything is as at the start
};

/// One fault with its parameters; those that its kind does not use have their defaults.
struct Fault {
    FaultKind kind = FaultKind::heal;
    Duration duration{};                  ///< D, R's period: meaning per kind, above
    Duration jitter{};
    Duration pause{};                     ///< `rolling_restart`: between one target's start and the next one's stop
    std::uint64_t count = 0;
    std::uint32_t per_mille = 0;          ///< percentages, in tenths of a percent
    std::uint32_t factor_milli = 1000;    ///< FACTOR in thousandths
    Code code = Code::ok;
    Serial serial{};
    std::string text;
    bool enhanced = false;                ///< `mode`: activeEnhanced rather than activeBasic
    std::optional<FaultKind> only;        ///< `heal` after `for D`: nothing but this kind ends. Not in the language
    std::optional<Duration> lasts;        ///< `for D`: healed after so long

    friend bool operator==(const Fault&, const Fault&) = default;
};

/// What a fault is done to.
struct Target {
    enum class Kind : std::uint8_t {
        hsm,        ///< hsmN, or the range hsmN..hsmM (first, last; from 1)
        appliance,  ///< appliance NAME (ServerNameNN)
        member,     ///< member S: its partition, or its appliance for appliance and network faults
        group,      ///< group "L"
        client,     ///< client [NAME]
        any,        ///< one appliance (or partition, or client), drawn at each firing
        all,
    };
    Kind kind = Kind::all;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    Serial serial{};
    std::string name;

    friend bool operator==(const Target&, const Target&) = default;
};

}  // namespace hasim
