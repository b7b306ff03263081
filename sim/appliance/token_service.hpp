/// What does the cryptography behind appliances. Behind this seam stand real tokens (src/token) on threads of their
/// own; what they are asked for and what they answered is all that the machines know of them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/appliance/appliance.hpp"

namespace hasim::sim {

class TokenService {
public:
    virtual ~TokenService() = default;

    /// Makes a call. What came of it is answered at once, or told later, through World::executed from the driver's
    /// loop.
    [[nodiscard]] virtual std::optional<Executed> execute(ApplianceIndex appliance,
                                                          const Execute& job) = 0;
    /// Operations of several parts that were begun for this connection are over.
    virtual void forget(ConnectionId connection) = 0;
    /// The objects that the token of a domain has now.
    [[nodiscard]] virtual std::vector<ObjectFacts> objects(std::uint32_t domain) = 0;
};

}  // namespace hasim::sim
