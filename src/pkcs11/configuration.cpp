#include "pkcs11/configuration.hpp"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "conf/configuration.hpp"
#include "host/read_file.hpp"
#include "scenario/topology.hpp"

namespace hasim::pkcs11 {

namespace {

std::string directory_of_configuration()
{
    const char* const named = std::getenv("ChrystokiConfigurationPath");
    return named == nullptr || *named == '\0' ? std::string("/etc") : std::string(named);
}

std::string told(const Finding& finding)
{
    const std::string place =
        finding.line == 0 ? finding.file
                          : fmt::format("{}:{}:{}", finding.file, finding.line, finding.column);
    return place + ": " + finding.text;
}

}  // namespace

std::variant<Endpoints, std::string> appliances_of(const Settings& settings,
                                                   const std::vector<Placement>& placements,
                                                   const std::string& path)
{
    Endpoints endpoints;
    const scenario::Topology topology(settings, placements);
    for (const auto& appliance : topology.appliances()) {
        boost::system::error_code error;
        const std::string name = appliance.name == "localhost" ? "127.0.0.1" : appliance.name;
        const auto address = boost::asio::ip::make_address(name, error);
        if (error || !address.is_loopback()) {
            return fmt::format(
                "{}: {} is no simulated appliance of this machine; start the application with "
                "`hasim exec --conf FILE -- COMMAND`, or the appliances with `hasim appliances "
                "--lab DIR`: they give it a configuration of its own",
                path, appliance.name);
        }
        endpoints.emplace_back(address, appliance.port);
    }
    return endpoints;
}

Settings with_partitions(Settings settings, const std::vector<scenario::Slot>& slots)
{
    std::vector<GroupSettings> groups;
    for (const scenario::Slot& slot : slots) {
        if (!slot.is_group) {
            GroupSettings partition;
            partition.serial = slot.serial;
            partition.members = {slot.serial};
            partition.is_partition = true;
            groups.push_back(std::move(partition));
        }
    }
    groups.insert(groups.end(), settings.groups.begin(), settings.groups.end());
    settings.groups = std::move(groups);
    return settings;
}

std::variant<Configuration, std::string> find_configuration()
{
    const std::string directory = directory_of_configuration();
    Configuration found;
    found.path = directory + "/Chrystoki.conf";
    auto text = host::read_file(found.path, conf::kMaxFileBytes, host::Content::text,
                                host::From::regular_file);
    if (const Finding* finding = std::get_if<Finding>(&text)) {
        return told(*finding) +
               "; set ChrystokiConfigurationPath to the folder of a Chrystoki.conf";
    }
    found.text = std::get<std::string>(std::move(text));
    conf::Configuration read = conf::read(found.text, found.path);
    for (const Finding& finding : read.findings) {
        if (finding.severity == Severity::error) {
            return told(finding);
        }
    }
    if (const auto missing = conf::missing_groups(read)) {
        return told(*missing);
    }
    found.lab = lab::read_lab_file(directory);
    auto endpoints = appliances_of(read.settings, found.lab.placements, found.path);
    if (std::string* problem = std::get_if<std::string>(&endpoints)) {
        return std::move(*problem);
    }
    found.appliances = std::get<0>(std::move(endpoints));
    found.slots =
        scenario::slots_of(read.settings, scenario::Topology(read.settings, found.lab.placements));
    while (found.slots.size() > kMaxGroups) {
        found.slots.erase(
            found.slots.begin());  // partitions come first: groups are what it is about
    }
    const Settings& read_settings = read.settings;
    if (!read_settings.server_ca_file.empty() && !read_settings.client_cert_file.empty() &&
        !read_settings.client_key_file.empty()) {
        auto context = tls::Context::from_files(
            tls::Role::client, {read_settings.server_ca_file, read_settings.client_cert_file,
                                read_settings.client_key_file});
        if (std::string* problem = std::get_if<std::string>(&context)) {
            return found.path + ": " + *problem;
        }
        found.tls = std::get<tls::Context>(std::move(context));
    }
    found.settings = with_partitions(std::move(read.settings), found.slots);
    return found;
}

}  // namespace hasim::pkcs11
