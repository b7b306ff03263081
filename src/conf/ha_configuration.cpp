#include <array>
#include <chrono>
#include <limits>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "conf/keys.hpp"
#include "conf/sections.hpp"
#include "conf/values.hpp"

namespace hasim::conf {
namespace {

constexpr std::array<std::string_view, 2> kDisabledEnabled{"disabled", "enabled"};
constexpr std::array<std::string_view, 2> kRecoveryModes{"activeBasic", "activeEnhanced"};
constexpr std::string_view kLogFile = "haErrorLog.txt";

constexpr NumberRule kLogLength{1024, std::numeric_limits<std::int64_t>::max(),
                                "a number of bytes, 1024 to 9223372036854775807", "262144"};
constexpr NumberRule kAttempts{
    -1, std::numeric_limits<std::int32_t>::max(),
    "a number of attempts up to 2147483647, 0 for none or -1 for no limit", "0"};
constexpr NumberRule kInterval{60, 1200, "a number of seconds, 60 to 1200", "60"};

bool read_switch(Reading& reading, std::string_view key, bool otherwise)
{
    const Entry* const entry = reading.index.find(kHaConfiguration, key);
    const auto value = entry == nullptr ? std::nullopt : switch_value(*entry, reading.findings);
    const bool in_force = value.value_or(otherwise);
    reading.in_force(kHaConfiguration, key, in_force ? "1" : "0", value ? entry : nullptr);
    return in_force;
}

bool read_enabled(Reading& reading, std::string_view key, bool otherwise)
{
    const Entry* const entry = reading.index.find(kHaConfiguration, key);
    const auto value = entry == nullptr
                           ? std::nullopt
                           : word_value(*entry, kDisabledEnabled,
                                        kDisabledEnabled[otherwise ? 1 : 0], reading.findings);
    const bool in_force = value ? *value == 1 : otherwise;
    reading.in_force(kHaConfiguration, key, std::string(kDisabledEnabled[in_force ? 1 : 0]),
                     value ? entry : nullptr);
    return in_force;
}

std::int64_t read_number(Reading& reading, std::string_view key, const NumberRule& rule,
                         std::int64_t otherwise)
{
    const Entry* const entry = reading.index.find(kHaConfiguration, key);
    const auto value =
        entry == nullptr ? std::nullopt : number_value(*entry, rule, reading.findings);
    const std::int64_t in_force = value.value_or(otherwise);
    reading.in_force(kHaConfiguration, key, std::to_string(in_force), value ? entry : nullptr);
    return in_force;
}

RecoveryMode read_recovery_mode(Reading& reading, RecoveryMode otherwise)
{
    constexpr std::string_view kKey = "VirtualTokenActiveRecovery";
    const Entry* const entry = reading.index.find(kVirtualToken, kKey);
    const auto value =
        entry == nullptr ? std::nullopt
                         : word_value(*entry, kRecoveryModes, kRecoveryModes[0], reading.findings);
    const RecoveryMode mode = !value        ? otherwise
                              : *value == 1 ? RecoveryMode::active_enhanced
                                            : RecoveryMode::active_basic;
    reading.in_force(kVirtualToken, kKey,
                     std::string(kRecoveryModes[mode == RecoveryMode::active_enhanced ? 1 : 0]),
                     value ? entry : nullptr);
    return mode;
}

std::string read_log_path(Reading& reading)
{
    constexpr std::string_view kKey = "haLogPath";
    const Entry* const entry = reading.index.find(kHaConfiguration, kKey);
    const std::string path(entry == nullptr ? std::string_view{} : entry->value);
    if (path.ends_with(kLogFile)) {
        reading.findings.warning(
            entry->value_place,
            fmt::format("haLogPath is a directory, in which {} is written; leave that name out",
                        kLogFile));
    }
    reading.in_force(kHaConfiguration, kKey, path, path.empty() ? nullptr : entry);
    return path;
}

// What is legal, and yet the reason of many a support call.
void add_notes(Reading& reading, const HaSettings& ha)
{
    const auto place_of = [&](std::string_view key) {
        const Entry* const entry = reading.index.find(kHaConfiguration, key);
        return entry == nullptr ? Place{} : entry->key_place;
    };
    const Entry* const attempts = reading.index.find(kHaConfiguration, "reconnAtt");
    // A value that could not be understood has its error already.
    const bool meant =
        attempts == nullptr || attempts->value.find_first_not_of('0') == std::string_view::npos;
    if (ha.recovery_attempts == 0 && meant) {
        reading.findings.note(
            place_of("reconnAtt"),
            "reconnAtt is 0, so no member that drops comes back by itself; set it to a number of "
            "attempts, or to -1 for no limit");
    }
    if (ha.log_enabled && ha.log_path.empty()) {
        reading.findings.note(place_of("haLogPath"),
                              "no haLogPath, so no log file is written; set it to a directory");
    }
}

}  // namespace

HaSettings read_ha(Reading& reading)
{
    HaSettings ha;
    ha.recovery_mode = read_recovery_mode(reading, ha.recovery_mode);
    ha.ha_only = read_switch(reading, "HAOnly", ha.ha_only);
    ha.log_path = read_log_path(reading);
    ha.log_enabled = read_enabled(reading, "haLogStatus", ha.log_enabled);
    ha.log_length = static_cast<std::uint64_t>(
        read_number(reading, "logLen", kLogLength, static_cast<std::int64_t>(ha.log_length)));
    ha.log_to_stdout = read_enabled(reading, "haLogToStdout", ha.log_to_stdout);
    ha.failover_on_deactivation =
        read_switch(reading, "failover_on_deactivation", ha.failover_on_deactivation);
    ha.recovery_attempts = static_cast<std::int32_t>(
        read_number(reading, "reconnAtt", kAttempts, ha.recovery_attempts));
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(ha.recovery_interval).count();
    ha.recovery_interval =
        std::chrono::seconds(read_number(reading, "AutoReconnectInterval", kInterval, seconds));
    add_notes(reading, ha);
    return ha;
}

}  // namespace hasim::conf
