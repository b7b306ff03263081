/// Good stories about HA groups: what the manual page of the behaviour says, told step by step.
#pragma once

#include <vector>

#include "support/ha_story.hpp"

namespace hasim::test {

/// One per message form at least, called "<id> is written when ...".
[[nodiscard]] std::vector<Story> stories_of_messages();
/// Recovery: how often, by whose hand, members that come and go.
[[nodiscard]] std::vector<Story> stories_of_recovery();
/// Calls, standby members, and groups that lost everybody.
[[nodiscard]] std::vector<Story> stories_of_groups();

[[nodiscard]] std::vector<Story> good_stories();

// ---- Beginnings ----

/// C_Initialize reached every member.
[[nodiscard]] Story up(std::string title, const ha::GroupConfig& config);
/// And C_Login was accepted by all.
[[nodiscard]] Story logged_in(std::string title, const ha::GroupConfig& config);
/// And the first of two members was dropped with a command on it, which the second one served.
[[nodiscard]] Story dropped(std::string title, const ha::GroupConfig& config);

/// A group of members 101 and 102.
inline const ha::GroupConfig kTwo = config_of({"101", "102"});

inline const std::string kUnreachable101 =
    "unable to reach member: 101. Manual Recover or Auto Recovery will be able to recover this "
    "member";
inline const std::string kUnreachable102 =
    "unable to reach member: 102. Manual Recover or Auto Recovery will be able to recover this "
    "member";

}  // namespace hasim::test
