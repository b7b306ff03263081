#include "sim/world/domains.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace hasim::sim {

namespace {

/// The domain of every member, numbered in the order in which the groups name them.
std::map<Serial, std::uint32_t> domains_of(const Settings& settings)
{
    std::map<Serial, std::uint32_t> domains;
    std::uint32_t next = 0;
    for (const GroupSettings& group : settings.groups) {
        std::vector<Serial> members = group.members;
        members.insert(members.end(), group.standby.begin(), group.standby.end());
        std::optional<std::uint32_t> domain;
        for (const Serial member : members) {
            const auto known = domains.find(member);
            if (known == domains.end()) {
                continue;
            }
            const std::uint32_t other = known->second;
            if (!domain) {
                domain = other;
            }
            for (auto& [serial, number] : domains) {  // two that were apart until this group
                number = number == other ? *domain : number;
            }
        }
        for (const Serial member : members) {
            domains[member] = domain ? *domain : next;
        }
        next += domain ? 0U : 1U;
    }
    return domains;
}

}  // namespace

std::uint32_t count_domains(const Settings& settings)
{
    std::uint32_t count = 1;
    for (const auto& [serial, number] : domains_of(settings)) {
        count = std::max(count, number + 1);
    }
    return count;
}

Domains::Domains(const Settings& settings, TokenService* tokens)
{
    if (tokens == nullptr) {
        return;
    }
    by_partition_ = domains_of(settings);
    for (std::uint32_t number = 0; number < count_domains(settings); ++number) {
        CloningDomain& domain = domains_.emplace_back(number);
        for (const ObjectFacts& facts : tokens->objects(number)) {
            domain.add(facts);
        }
    }
}

CloningDomain* Domains::of(Serial partition)
{
    if (domains_.empty()) {
        return nullptr;
    }
    const auto at = by_partition_.find(partition);
    return &domains_[at == by_partition_.end() ? 0 : at->second];
}

}  // namespace hasim::sim
