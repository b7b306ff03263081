/// What lunacm prints of a configuration, in the form of the published samples.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "hasim/settings.hpp"
#include "lunacm/session.hpp"

namespace hasim::lunacm {

/// A slot as lunacm numbers them: partitions first, groups last, whatever HAOnly says to applications (public).
struct SlotRow {
    std::size_t number = 0;
    bool is_group = false;
    std::string label;
    Serial serial;
    bool present = false;
};

/// Partitions that `running` has and no group names stand behind those of groups.
[[nodiscard]] std::vector<SlotRow> slot_rows(const Settings& settings,
                                             const Surroundings::Running& running);

struct MemberRow {
    std::optional<std::size_t> slot;  ///< nothing: not shown
    std::string serial;
    std::string label;
    bool alive = false;
};

/// A group as `hagroup listgroups` and the commands that change one show it.
struct GroupText {
    std::string label;
    std::string number;
    std::string slot;  ///< "5"
    bool synchronized = false;
    std::vector<std::string> members;
    std::vector<std::string> standby;
    std::vector<MemberRow> rows;
};

[[nodiscard]] GroupText group_text(const Settings& settings, const GroupSettings& group,
                                   const Surroundings::Running& running);

/// The lines about a group, and the table of its members.
[[nodiscard]] std::string print_group(const GroupText& group);
/// The lines of listgroups that are about all groups.
[[nodiscard]] std::string print_global(const HaSettings& settings);
[[nodiscard]] std::string print_slots(const std::vector<SlotRow>& rows);

}  // namespace hasim::lunacm
