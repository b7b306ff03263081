/// From entries to settings, section by section. Private to src/conf.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conf/configuration.hpp"
#include "conf/entry_index.hpp"

namespace hasim::conf {

/// What the readers of the sections share.
struct Reading {
    const EntryIndex& index;
    FindingList& findings;
    std::vector<Origin>& origins;

    /// Notes what is in force for a key; `entry` is null for the default.
    void in_force(std::string_view section, std::string_view key, std::string value,
                  const Entry* entry)
    {
        origins.push_back({std::string(section), std::string(key), std::move(value),
                           entry == nullptr ? 0 : entry->key_place.line});
    }
};

/// VirtualTokenNN keys, and what HASynchronize, HARecover and StandbyMembers say about those groups.
[[nodiscard]] std::vector<GroupSettings> read_groups(Reading& reading);

/// VirtualTokenActiveRecovery, and HAConfiguration but for the standby members.
[[nodiscard]] HaSettings read_ha(Reading& reading);

/// LunaSA Client: servers, timeout, TLS files.
void read_client(Reading& reading, Settings& settings);

}  // namespace hasim::conf
