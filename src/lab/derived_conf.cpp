#include "lab/derived_conf.hpp"

#include <chrono>

#include <fmt/format.h>

namespace hasim::lab {

namespace {

constexpr std::string_view kMade =
    "# Made by hasim for the applications of a lab; it is made anew when something changes.\n";
constexpr std::string_view kFrom = "# Edit the file that it is made from: ";

std::string list_of(const std::vector<Serial>& serials)
{
    std::string list;
    for (const Serial serial : serials) {
        list += (list.empty() ? "" : ",") + std::string(serial.text());
    }
    return list;
}

std::string groups_text(const Settings& settings)
{
    std::string text = "VirtualToken = {\n";
    std::size_t number = 0;
    for (const GroupSettings& group : settings.groups) {
        text += fmt::format(
            "    VirtualToken{0:02}Label = {1};\n    VirtualToken{0:02}SN = {2};\n"
            "    VirtualToken{0:02}Members = {3};\n",
            number, group.label, group.serial.text(), list_of(group.members));
        ++number;
    }
    text +=
        fmt::format("    VirtualTokenActiveRecovery = {};\n}}\n",
                    settings.ha.recovery_mode == RecoveryMode::active_enhanced ? "activeEnhanced"
                                                                               : "activeBasic");
    text += "HASynchronize = {\n";
    for (const GroupSettings& group : settings.groups) {
        text += fmt::format("    {} = {};\n", group.label, group.synchronize ? 1 : 0);
    }
    text += "}\nHARecover = {\n";
    for (const GroupSettings& group : settings.groups) {
        if (group.recover > 0) {
            text += fmt::format("    {} = {};\n", group.label, group.recover);
        }
    }
    return text + "}\n";
}

std::string ha_text(const Settings& settings, const std::string& log_directory)
{
    const HaSettings& ha = settings.ha;
    std::string text = fmt::format(
        "HAConfiguration = {{\n    HAOnly = {};\n    haLogStatus = {};\n    logLen = {};\n"
        "    haLogToStdout = {};\n    failover_on_deactivation = {};\n    reconnAtt = {};\n"
        "    AutoReconnectInterval = {};\n",
        ha.ha_only ? 1 : 0, ha.log_enabled ? "enabled" : "disabled", ha.log_length,
        ha.log_to_stdout ? "enabled" : "disabled", ha.failover_on_deactivation ? 1 : 0,
        ha.recovery_attempts,
        std::chrono::duration_cast<std::chrono::seconds>(ha.recovery_interval).count());
    if (!log_directory.empty()) {
        text += fmt::format("    haLogPath = {};\n", log_directory);
    }
    for (const GroupSettings& group : settings.groups) {
        if (!group.standby.empty()) {
            text +=
                fmt::format("    {}StandbyMembers = {};\n", group.label, list_of(group.standby));
        }
    }
    return text + "}\n";
}

}  // namespace

std::string derived_conf(const Settings& settings, const std::vector<std::uint16_t>& ports,
                         const std::string& log_directory, const TlsFiles& tls,
                         const std::string& origin)
{
    std::string text(kMade);
    if (!origin.empty() && origin.find('\n') == std::string::npos) {
        text += fmt::format("{}{}\n", kFrom, origin);
    }
    text += fmt::format(
        "LunaSA Client = {{\n    ReceiveTimeout = {};\n",
        std::chrono::duration_cast<std::chrono::milliseconds>(settings.receive_timeout).count());
    for (std::size_t number = 0; number < ports.size(); ++number) {
        text += fmt::format("    ServerName{0:02} = 127.0.0.1;\n    ServerPort{0:02} = {1};\n",
                            number, ports[number]);
    }
    if (!tls.ca.empty()) {
        text += fmt::format(
            "    ServerCAFile = {};\n    ClientCertFile = {};\n    ClientPrivKeyFile = {};\n",
            tls.ca, tls.certificate, tls.key);
    }
    return text + "}\n" + groups_text(settings) + ha_text(settings, log_directory);
}

std::optional<std::string> origin_of(std::string_view text)
{
    if (!text.starts_with(kMade) || !text.substr(kMade.size()).starts_with(kFrom)) {
        return std::nullopt;
    }
    text.remove_prefix(kMade.size() + kFrom.size());
    return std::string(text.substr(0, text.find('\n')));
}

}  // namespace hasim::lab
