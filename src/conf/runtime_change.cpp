#include "conf/runtime_change.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include <fmt/core.h>

#include "base/plain_text.hpp"

namespace hasim::conf {
namespace {

std::string shown(bool value)
{
    return value ? "1" : "0";
}

std::string shown(std::uint64_t value)
{
    return std::to_string(value);
}

std::string shown(std::int32_t value)
{
    return std::to_string(value);
}

std::string shown(RecoveryMode mode)
{
    return mode == RecoveryMode::active_enhanced ? "activeEnhanced" : "activeBasic";
}

std::string shown(std::chrono::seconds duration)
{
    return fmt::format("{} s", duration.count());
}

std::string shown(std::chrono::milliseconds duration)
{
    return fmt::format("{} ms", duration.count());
}

std::chrono::seconds seconds(Duration duration)
{
    return std::chrono::duration_cast<std::chrono::seconds>(duration);
}

std::chrono::milliseconds milliseconds(Duration duration)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

// A word that stands in the file without quotes.
struct Word {
    std::string_view text;
    friend bool operator==(const Word&, const Word&) = default;
};

Word enabled(bool value)
{
    return {value ? "enabled" : "disabled"};
}

std::string shown(const Word& word)
{
    return std::string(word.text);
}

std::string shown(const std::string& text)
{
    return in_quotes(text);
}

std::string shown(const Serial& serial)
{
    return std::string(serial.text());
}

std::string shown(const std::vector<Serial>& serials)
{
    std::string text;
    for (const Serial& serial : serials) {
        text += text.empty() ? "" : ", ";
        text += serial.text();
    }
    return text.empty() ? "none" : text;
}

template <class Value>
void compare(std::vector<std::string>& changes, std::string_view name, const Value& before,
             const Value& after)
{
    if (before != after) {
        changes.push_back(
            fmt::format("{} changed from {} to {}", name, shown(before), shown(after)));
    }
}

const GroupSettings* same_group(const GroupSettings& group,
                                const std::vector<GroupSettings>& others)
{
    const auto by_label =
        std::find_if(others.begin(), others.end(),
                     [&](const GroupSettings& other) { return other.label == group.label; });
    if (by_label != others.end()) {
        return &*by_label;
    }
    const auto by_serial =
        std::find_if(others.begin(), others.end(),
                     [&](const GroupSettings& other) { return other.serial == group.serial; });
    return by_serial == others.end() ? nullptr : &*by_serial;
}

void change_group(GroupSettings& group, const GroupSettings& after, RuntimeChange& change)
{
    const std::string name = "group " + in_quotes(group.label);
    compare(change.at_once, name + ": members", group.members, after.members);
    compare(change.at_once, name + ": standby members", group.standby, after.standby);
    compare(change.at_once, name + ": HARecover", group.recover, after.recover);
    group.members = after.members;
    group.standby = after.standby;
    group.recover = after.recover;
    compare(change.waiting, name + ": label", group.label, after.label);
    compare(change.waiting, name + ": serial number", group.serial, after.serial);
    compare(change.waiting, name + ": HASynchronize", group.synchronize, after.synchronize);
}

void change_groups(const std::vector<GroupSettings>& before,
                   const std::vector<GroupSettings>& after, RuntimeChange& change)
{
    for (GroupSettings& group : change.settings.groups) {
        if (const GroupSettings* const found = same_group(group, after)) {
            change_group(group, *found, change);
        } else {
            change.waiting.push_back(fmt::format("group {} is gone", in_quotes(group.label)));
        }
    }
    for (const GroupSettings& group : after) {
        if (same_group(group, before) == nullptr) {
            change.waiting.push_back(fmt::format("group {} is new", in_quotes(group.label)));
        }
    }
}

void compare_ha(std::vector<std::string>& waiting, const HaSettings& before,
                const HaSettings& after)
{
    compare(waiting, "VirtualTokenActiveRecovery", before.recovery_mode, after.recovery_mode);
    compare(waiting, "HAOnly", before.ha_only, after.ha_only);
    compare(waiting, "haLogPath", before.log_path, after.log_path);
    compare(waiting, "haLogStatus", enabled(before.log_enabled), enabled(after.log_enabled));
    compare(waiting, "logLen", before.log_length, after.log_length);
    compare(waiting, "haLogToStdout", enabled(before.log_to_stdout), enabled(after.log_to_stdout));
    compare(waiting, "failover_on_deactivation", before.failover_on_deactivation,
            after.failover_on_deactivation);
    compare(waiting, "reconnAtt", before.recovery_attempts, after.recovery_attempts);
    compare(waiting, "AutoReconnectInterval", seconds(before.recovery_interval),
            seconds(after.recovery_interval));
}

}  // namespace

RuntimeChange runtime_change(const Settings& old_settings, const Settings& new_settings)
{
    RuntimeChange change;
    change.settings = old_settings;
    change_groups(old_settings.groups, new_settings.groups, change);
    compare_ha(change.waiting, old_settings.ha, new_settings.ha);
    if (old_settings.servers != new_settings.servers) {
        change.waiting.emplace_back("the servers (ServerNameNN, ServerPortNN) changed");
    }
    compare(change.waiting, "ReceiveTimeout", milliseconds(old_settings.receive_timeout),
            milliseconds(new_settings.receive_timeout));
    compare(change.waiting, "ServerCAFile", old_settings.server_ca_file,
            new_settings.server_ca_file);
    compare(change.waiting, "ClientCertFile", old_settings.client_cert_file,
            new_settings.client_cert_file);
    compare(change.waiting, "ClientPrivKeyFile", old_settings.client_key_file,
            new_settings.client_key_file);
    return change;
}

}  // namespace hasim::conf
