/// What a workstation needs to know of appliances: the rack knows it of those that it holds, an application's process
/// (src/pkcs11) of those that other processes do.
#pragma once

#include "hasim/ids.hpp"
#include "hasim/settings.hpp"

namespace hasim::sim {

class ApplianceDirectory {
public:
    virtual ~ApplianceDirectory() = default;
    /// Where a member's partition is. One that appeared at run time is placed on the next server in turn.
    virtual ApplianceIndex host_of(Serial member) = 0;
    /// A server that the configuration names now; one that it named before changes nothing.
    virtual void add(const ServerSettings& server) = 0;
    /// A command on the partition would be answered at once, as far as anybody knows.
    [[nodiscard]] virtual bool serves(ApplianceIndex host, Serial partition) const = 0;
    /// And will be until something is done to the appliance.
    [[nodiscard]] virtual bool keeps_serving(ApplianceIndex host, Serial partition) const = 0;
};

}  // namespace hasim::sim
