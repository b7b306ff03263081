#include "sim/appliance/cloning_domain.hpp"

namespace hasim::sim {

const ObjectFacts* CloningDomain::find(cryptoki::ObjectNumber object) const
{
    const auto at = objects_.find(object);
    return at == objects_.end() ? nullptr : &at->second.facts;
}

std::vector<cryptoki::ObjectNumber> CloningDomain::objects() const
{
    std::vector<cryptoki::ObjectNumber> numbers;
    for (const auto& [number, object] : objects_) {
        numbers.push_back(number);
    }
    return numbers;
}

void CloningDomain::hold(cryptoki::ObjectNumber object)
{
    if (const auto at = objects_.find(object); at != objects_.end()) {
        ++at->second.holders;
    }
}

bool CloningDomain::let_go(cryptoki::ObjectNumber object)
{
    const auto at = objects_.find(object);
    if (at == objects_.end() || --at->second.holders > 0) {
        return false;
    }
    objects_.erase(at);
    return true;
}

Transaction* CloningDomain::transaction(std::uint64_t name)
{
    const auto at = transactions_.find(name);
    return name == 0 || at == transactions_.end() ? nullptr : &at->second;
}

Transaction& CloningDomain::begin(std::uint64_t name)
{
    begun_.push_back(name);
    if (begun_.size() > kRemembered) {
        transactions_.erase(begun_.front());
        begun_.pop_front();
    }
    return transactions_[name] = {};
}

}  // namespace hasim::sim
