#include <chrono>
#include <limits>
#include <map>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "conf/keys.hpp"
#include "conf/sections.hpp"
#include "conf/values.hpp"

namespace hasim::conf {
namespace {

// The entries ServerNameNN and ServerPortNN of one NN; null where there is none.
struct ServerEntries {
    const Entry* name = nullptr;
    const Entry* port = nullptr;
};

std::map<KeyNumber, ServerEntries> servers_by_number(const EntryIndex& index)
{
    std::map<KeyNumber, ServerEntries> servers;
    for (const auto& [key, entry] : index.in(kLunaSaClient)) {
        if (const auto number = key_number(key, "ServerName", "")) {
            servers[*number].name = entry;
        } else if (const auto port_number = key_number(key, "ServerPort", "")) {
            servers[*port_number].port = entry;
        }
    }
    return servers;
}

bool has_name(const KeyNumber& number, const ServerEntries& entries, FindingList& findings)
{
    if (entries.name == nullptr) {
        findings.warning(entries.port->key_place,
                         fmt::format("{} is ignored, for there is no ServerName{}",
                                     in_quotes(entries.port->key), number.digits));
        return false;
    }
    if (entries.name->value.empty()) {
        findings.warning(
            entries.name->key_place,
            fmt::format("{} is empty, so there is no such server", in_quotes(entries.name->key)));
        return false;
    }
    if (entries.name->value.find_first_of(" \t") != std::string_view::npos) {
        findings.error(entries.name->value_place,
                       fmt::format("{} is no host name or address: it holds a blank",
                                   in_quotes(entries.name->value)));
    }
    return true;
}

void read_servers(Reading& reading, std::vector<ServerSettings>& servers)
{
    constexpr NumberRule kPort{1, 65535, "a TCP port, 1 to 65535", "1792"};
    std::map<std::pair<std::string, std::uint16_t>, std::uint32_t> lines;
    for (const auto& [number, entries] : servers_by_number(reading.index)) {
        if (!has_name(number, entries, reading.findings)) {
            continue;
        }
        ServerSettings server;
        server.name = std::string(entries.name->value);
        const auto port = entries.port == nullptr
                              ? std::nullopt
                              : number_value(*entries.port, kPort, reading.findings);
        server.port = port ? static_cast<std::uint16_t>(*port) : server.port;
        const auto [first, fresh] =
            lines.try_emplace({server.name, server.port}, entries.name->key_place.line);
        if (!fresh) {
            reading.findings.warning(
                entries.name->value_place,
                fmt::format("the server of line {} has the name {} and the port {} already",
                            first->second, in_quotes(server.name), server.port));
        }
        reading.in_force(kLunaSaClient, entries.name->key, server.name, entries.name);
        reading.in_force(kLunaSaClient, fmt::format("ServerPort{}", number.digits),
                         std::to_string(server.port), port ? entries.port : nullptr);
        servers.push_back(std::move(server));
    }
}

std::string read_text(Reading& reading, std::string_view key)
{
    const Entry* const entry = reading.index.find(kLunaSaClient, key);
    std::string value(entry == nullptr ? std::string_view{} : entry->value);
    reading.in_force(kLunaSaClient, key, value, value.empty() ? nullptr : entry);
    return value;
}

Duration read_timeout(Reading& reading, Duration otherwise)
{
    constexpr NumberRule kTimeout{1, std::numeric_limits<std::int32_t>::max(),
                                  "a number of milliseconds, 1 to 2147483647", "20000"};
    constexpr std::string_view kKey = "ReceiveTimeout";
    const Entry* const entry = reading.index.find(kLunaSaClient, kKey);
    const auto value =
        entry == nullptr ? std::nullopt : number_value(*entry, kTimeout, reading.findings);
    const Duration timeout = value ? Duration(std::chrono::milliseconds(*value)) : otherwise;
    reading.in_force(
        kLunaSaClient, kKey,
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count()),
        value ? entry : nullptr);
    return timeout;
}

}  // namespace

void read_client(Reading& reading, Settings& settings)
{
    read_servers(reading, settings.servers);
    settings.receive_timeout = read_timeout(reading, settings.receive_timeout);
    settings.server_ca_file = read_text(reading, "ServerCAFile");
    settings.client_cert_file = read_text(reading, "ClientCertFile");
    settings.client_key_file = read_text(reading, "ClientPrivKeyFile");
}

}  // namespace hasim::conf
