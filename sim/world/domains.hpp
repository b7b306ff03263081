/// Which partitions share a cloning domain: members of one group do, and so do groups that share a member. A partition
/// in no group is a domain of its own.
#pragma once

#include <deque>
#include <map>

#include "hasim/settings.hpp"
#include "sim/appliance/token_service.hpp"

namespace hasim::sim {

class Domains {
public:
    /// Without tokens there are none.
    Domains(const Settings& settings, TokenService* tokens);

    /// The domain of a partition; null without tokens. One that no group of `settings` names is in the first domain: it
    /// was added to a group while this runs.
    [[nodiscard]] CloningDomain* of(Serial partition);

private:
    std::deque<CloningDomain> domains_;
    std::map<Serial, std::uint32_t> by_partition_;
};

/// How many domains the groups of a configuration make, at least one: how many tokens it takes.
[[nodiscard]] std::uint32_t count_domains(const Settings& settings);

}  // namespace hasim::sim
