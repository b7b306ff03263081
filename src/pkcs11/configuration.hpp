/// What C_Initialize finds out before anything connects: the configuration, the appliances, the slots.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"
#include "lab/lab_file.hpp"
#include "scenario/slots.hpp"
#include "tls/context.hpp"

namespace hasim::pkcs11 {

struct Configuration {
    std::string path;
    std::string text;
    Settings settings;                  ///< with a group of one for each slot that is a partition
    std::vector<scenario::Slot> slots;  ///< one for each group of `settings`, in their order
    std::vector<boost::asio::ip::tcp::endpoint> appliances;
    std::optional<tls::Context> tls;  ///< the three files of LunaSA Client, when they are named
    lab::LabFile lab;                 ///< empty without a lab
};

/// $ChrystokiConfigurationPath/Chrystoki.conf, else /etc/Chrystoki.conf. The other alternative is one line that says
/// what is wrong, with place and remedy.
[[nodiscard]] std::variant<Configuration, std::string> find_configuration();

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// Where the appliances of `settings` listen, in the order of their numbers. hasim's own do on loopback: an application
/// with a real configuration must not send what it has to a real appliance. The other alternative says so.
[[nodiscard]] std::variant<Endpoints, std::string> appliances_of(
    const Settings& settings, const std::vector<Placement>& placements, const std::string& path);

/// `settings` with a group of one for each partition that applications see as a slot.
[[nodiscard]] Settings with_partitions(Settings settings, const std::vector<scenario::Slot>& slots);

}  // namespace hasim::pkcs11
