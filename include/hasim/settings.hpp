/// What a Chrystoki.conf says, as validated values. Sources of keys and defaults: docs/configuration.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hasim/ids.hpp"
#include "hasim/time.hpp"

namespace hasim {

inline constexpr std::size_t kMaxMembers = 32;  ///< members of one group, active and standby together
inline constexpr std::size_t kMaxGroups = 100;

/// VirtualTokenActiveRecovery. One value for all groups of a client.
enum class RecoveryMode : std::uint8_t {
    active_basic,     ///< after all members were lost only C_Finalize and C_Initialize help
    active_enhanced,  ///< sessions and login are restored with the first member that recovers
};

/// One HA group (VirtualToken section, and what other sections say under its label).
struct GroupSettings {
    std::string label;             ///< VirtualTokenNNLabel
    Serial serial;                 ///< VirtualTokenNNSN, a pseudo serial number; never checked against the members
    std::vector<Serial> members;   ///< VirtualTokenNNMembers, in configured order
    std::vector<Serial> standby;   ///< <label>StandbyMembers, in configured order; not also in `members`
    bool synchronize = false;      ///< HASynchronize
    std::uint64_t recover = 0;     ///< HARecover (or HARecovery; the larger counts): an increment asks for recovery
    bool is_partition = false;     ///< no HA group, but a member as a slot of its own; never in a file

    friend bool operator==(const GroupSettings&, const GroupSettings&) = default;
};

/// The HAConfiguration section, and VirtualTokenActiveRecovery: what all groups share.
struct HaSettings {
    RecoveryMode recovery_mode = RecoveryMode::active_basic;
    bool ha_only = false;                            ///< HAOnly: only HA slots are listed
    std::string log_path;                            ///< haLogPath, a directory; empty: no file
    bool log_enabled = true;                         ///< haLogStatus
    std::uint64_t log_length = 262144;               ///< logLen, bytes
    bool log_to_stdout = false;                      ///< haLogToStdout
    bool failover_on_deactivation = false;           ///< failover_on_deactivation
    std::int32_t recovery_attempts = 0;              ///< reconnAtt: -1 unlimited, 0 off
    Duration recovery_interval = std::chrono::seconds(60);  ///< AutoReconnectInterval, 60 s to 1200 s

    friend bool operator==(const HaSettings&, const HaSettings&) = default;
};

/// One appliance the client knows (LunaSA Client: ServerNameNN, ServerPortNN).
struct ServerSettings {
    std::string name;
    std::uint16_t port = 1792;

    friend bool operator==(const ServerSettings&, const ServerSettings&) = default;
};

/// All of it. Groups and servers stand in the order of their NN.
struct Settings {
    std::vector<GroupSettings> groups;
    HaSettings ha;
    std::vector<ServerSettings> servers;
    Duration receive_timeout = std::chrono::milliseconds(20000);  ///< ReceiveTimeout: answer and connect timeout
    std::string server_ca_file;     ///< ServerCAFile
    std::string client_cert_file;   ///< ClientCertFile
    std::string client_key_file;    ///< ClientPrivKeyFile

    friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace hasim
