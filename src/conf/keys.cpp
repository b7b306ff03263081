#include "conf/keys.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "base/words.hpp"
#include "hasim/result.hpp"

namespace hasim::conf {
namespace {

enum class Kind : std::uint8_t {
    listed,    ///< its keys are in kKeys
    labels,    ///< its keys are group labels
    unlisted,  ///< known by name; nobody has published its keys
};

struct KnownSection {
    std::string_view name;
    Kind kind;
};

constexpr std::array kSections{
    KnownSection{kVirtualToken, Kind::listed},
    KnownSection{kHaSynchronize, Kind::labels},
    KnownSection{kHaConfiguration, Kind::listed},
    KnownSection{kHaRecover, Kind::labels},
    KnownSection{kHaRecovery, Kind::labels},
    KnownSection{kLunaSaClient, Kind::listed},
    KnownSection{"Chrystoki2", Kind::listed},
    KnownSection{"Luna", Kind::listed},
    KnownSection{"CardReader", Kind::listed},
    KnownSection{"Misc", Kind::listed},
    KnownSection{"Secure Trusted Channel", Kind::listed},
    KnownSection{"CkLog2", Kind::listed},
    KnownSection{"REST", Kind::listed},
    KnownSection{"XTC", Kind::unlisted},
    KnownSection{"Presentation", Kind::unlisted},
    KnownSection{"GemEngine", Kind::unlisted},
};

// The listed sections of which hasim reads something.
constexpr std::array kOwnSections{kVirtualToken, kHaConfiguration, kLunaSaClient};

struct KnownKey {
    std::string_view section;
    std::string_view prefix;  ///< the whole key, or what stands before NN
    bool numbered = false;
    std::string_view suffix = {};  ///< what stands behind NN
};

constexpr std::array kKeys{
    // Keys that hasim reads.
    KnownKey{kVirtualToken, "VirtualToken", true, "Label"},
    KnownKey{kVirtualToken, "VirtualToken", true, "SN"},
    KnownKey{kVirtualToken, "VirtualToken", true, "Members"},
    KnownKey{kVirtualToken, "VirtualTokenActiveRecovery"},
    KnownKey{kHaConfiguration, "HAOnly"},
    KnownKey{kHaConfiguration, "haLogPath"},
    KnownKey{kHaConfiguration, "haLogStatus"},
    KnownKey{kHaConfiguration, "logLen"},
    KnownKey{kHaConfiguration, "haLogToStdout"},
    KnownKey{kHaConfiguration, "failover_on_deactivation"},
    KnownKey{kHaConfiguration, "reconnAtt"},
    KnownKey{kHaConfiguration, "AutoReconnectInterval"},
    KnownKey{kLunaSaClient, "ServerName", true},
    KnownKey{kLunaSaClient, "ServerPort", true},
    KnownKey{kLunaSaClient, "ReceiveTimeout"},
    KnownKey{kLunaSaClient, "ServerCAFile"},
    KnownKey{kLunaSaClient, "ClientCertFile"},
    KnownKey{kLunaSaClient, "ClientPrivKeyFile"},
    // Keys of other Luna components, which are none of hasim's business. Nobody tells which section ProbeTimeout is in,
    // nor whether PartitionDataNN and MaxUserIDCount are in REST or XTC.
    KnownKey{kLunaSaClient, "ServerHtl", true},
    KnownKey{kLunaSaClient, "SSLConfigFile"},
    KnownKey{kLunaSaClient, "NetClient"},
    KnownKey{kLunaSaClient, "TCPKeepAlive"},
    KnownKey{kLunaSaClient, "HtlDir"},
    KnownKey{kLunaSaClient, "EnableTLS1_2"},
    KnownKey{kLunaSaClient, "ProbeTimeout"},
    KnownKey{kHaConfiguration, "ProbeTimeout"},
    KnownKey{"Chrystoki2", "LibUNIX"},
    KnownKey{"Chrystoki2", "LibUNIX64"},
    KnownKey{"Chrystoki2", "LibNT"},
    KnownKey{"Chrystoki2", "LibHPUX"},
    KnownKey{"Luna", "DefaultTimeOut"},
    KnownKey{"Luna", "PEDTimeout1"},
    KnownKey{"Luna", "PEDTimeout2"},
    KnownKey{"Luna", "PEDTimeout3"},
    KnownKey{"Luna", "KeypairGenTimeOut"},
    KnownKey{"Luna", "CloningCommandTimeOut"},
    KnownKey{"Luna", "CommandTimeOutPedSet"},
    KnownKey{"Luna", "CommandTimeoutPedSet"},
    KnownKey{"CardReader", "RemoteCommand"},
    KnownKey{"CardReader", "LunaG5Slots"},
    KnownKey{"CardReader", "LunaG7Slots"},
    KnownKey{"Misc", "PE1746Enabled"},
    KnownKey{"Misc", "ToolsDir"},
    KnownKey{"Misc", "PartitionPolicyTemplatePath"},
    KnownKey{"Misc", "ProtectedAuthenticationPathFlagStatus"},
    KnownKey{"Misc", "LoginAllowedOnFMEnabledHSMs"},
    KnownKey{"Misc", "ValidateHost"},
    KnownKey{"Misc", "MutexFolder"},
    KnownKey{"Misc", "PluginModuleDir"},
    KnownKey{"Misc", "RSAKeyGenMechRemap"},
    KnownKey{"Secure Trusted Channel", "ClientTokenLib"},
    KnownKey{"Secure Trusted Channel", "SoftTokenDir"},
    KnownKey{"Secure Trusted Channel", "ClientIdentitiesDir"},
    KnownKey{"Secure Trusted Channel", "PartitionIdentitiesDir"},
    KnownKey{"CkLog2", "Enabled"},
    KnownKey{"CkLog2", "LibUNIX64"},
    KnownKey{"CkLog2", "LoggingMask"},
    KnownKey{"CkLog2", "LogToStreams"},
    KnownKey{"CkLog2", "NewFormat"},
    KnownKey{"CkLog2", "File"},
    KnownKey{"CkLog2", "Error"},
    KnownKey{"REST", "AuthTokenConfigURI"},
    KnownKey{"REST", "AuthTokenClientId"},
    KnownKey{"REST", "AuthTokenClientSecret"},
    KnownKey{"REST", "PartitionData", true},
    KnownKey{"REST", "MaxUserIDCount"},
    KnownKey{"XTC", "PartitionData", true},
    KnownKey{"XTC", "MaxUserIDCount"},
};

// Names that documents written by machines have spread, as keys or as sections; no Luna client is known to read them.
struct InventedName {
    std::string_view name;  ///< compared without case and without the digits at its end
    std::string_view instead;
};

constexpr std::array kInventedNames{
    InventedName{
        "HAGroup",
        "a group is VirtualTokenNNLabel, VirtualTokenNNSN and VirtualTokenNNMembers in section "
        "'VirtualToken'"},
    InventedName{"HAAutoRecover",
                 "recovery is switched on by reconnAtt (number of attempts, -1 for no limit) in "
                 "section 'HAConfiguration'"},
    InventedName{"HARecoveryInterval",
                 "the time between recovery attempts is AutoReconnectInterval (seconds) in "
                 "section 'HAConfiguration'"},
    InventedName{
        "HAlog",
        "the log is set up by haLogPath, haLogStatus and logLen in section 'HAConfiguration'"},
};

constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool matches(const KnownKey& known, std::string_view key)
{
    return known.numbered ? key_number(key, known.prefix, known.suffix).has_value()
                          : key == known.prefix;
}

std::optional<std::string> complaint_about_invention(std::string_view name)
{
    std::string_view stem = name;
    while (!stem.empty() && is_digit(stem.back())) {
        stem.remove_suffix(1);
    }
    for (const InventedName& invented : kInventedNames) {
        if (same_but_for_case(stem, invented.name)) {
            return fmt::format("no Luna client is known to read {}; {}", in_quotes(name),
                               invented.instead);
        }
    }
    return std::nullopt;
}

// The number that a misspelt numbered key means: its first digits, made two at least.
std::string digits_meant(std::string_view key)
{
    const auto first = std::find_if(key.begin(), key.end(), is_digit);
    const auto last = std::find_if_not(first, key.end(), is_digit);
    const std::string digits(first, last);
    return digits.empty() || digits.size() > 4 ? "00" : digits.size() == 1 ? "0" + digits : digits;
}

// The known key nearest to `key`, in `section` or (when empty) in any, spelt with the number that `key` has.
std::string nearest_key(std::string_view section, std::string_view key)
{
    const std::string digits = digits_meant(key);
    std::vector<std::string> spelt;
    spelt.reserve(kKeys.size());
    for (const KnownKey& known : kKeys) {
        if (section.empty() || known.section == section) {
            spelt.push_back(known.numbered
                                ? fmt::format("{}{}{}", known.prefix, digits, known.suffix)
                                : std::string(known.prefix));
        }
    }
    return nearest(key, {spelt.begin(), spelt.end()});
}

bool is_own(std::string_view section)
{
    return std::find(kOwnSections.begin(), kOwnSections.end(), section) != kOwnSections.end();
}

const KnownSection* find_section(std::string_view name)
{
    const auto* const found =
        std::find_if(kSections.begin(), kSections.end(),
                     [&](const KnownSection& section) { return section.name == name; });
    return found == kSections.end() ? nullptr : found;
}

}  // namespace

std::optional<KeyNumber> key_number(std::string_view key, std::string_view prefix,
                                    std::string_view suffix)
{
    if (key.size() < prefix.size() + suffix.size() || !key.starts_with(prefix) ||
        !key.ends_with(suffix)) {
        return std::nullopt;
    }
    const std::string_view digits =
        key.substr(prefix.size(), key.size() - prefix.size() - suffix.size());
    if (digits.size() < 2 || digits.size() > 4 ||
        !std::all_of(digits.begin(), digits.end(), is_digit)) {
        return std::nullopt;
    }
    KeyNumber number{0, digits};
    for (const char digit : digits) {
        number.number = number.number * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    return number;
}

bool has_label_keys(std::string_view section)
{
    const KnownSection* const known = find_section(section);
    return known != nullptr && known->kind == Kind::labels;
}

bool knows_section(std::string_view name)
{
    return find_section(name) != nullptr;
}

std::string near_section(std::string_view name)
{
    if (is_own(section_of_key(name))) {
        return {};  // a key where a section should be: "VirtualToken00SN" is not a misspelt "VirtualToken"
    }
    std::vector<std::string_view> names;
    names.reserve(kSections.size());
    for (const KnownSection& section : kSections) {
        names.push_back(section.name);
    }
    return nearest(name, names);
}

bool belongs_elsewhere(std::string_view section, std::string_view key)
{
    const std::string_view other = section_of_key(key);
    return is_own(other) && other != section;
}

std::string_view why_ignored(std::string_view key)
{
    return key == "ProbeTimeout"
               ? "hasim ignores ProbeTimeout: what the product does with it is not "
                 "public; ReceiveTimeout alone says how long hasim waits"
               : std::string_view{};
}

std::string complaint_about_section(std::string_view name)
{
    if (auto complaint = complaint_about_invention(name)) {
        return *complaint;
    }
    if (const std::string_view other = section_of_key(name); is_own(other)) {
        return fmt::format(
            "unknown section {}, what it holds is ignored; that is the name of a key, which "
            "belongs into section '{}'",
            in_quotes(name), other);
    }
    const std::string near = near_section(name);
    return near.empty()
               ? fmt::format("unknown section {}; what it holds is ignored", in_quotes(name))
               : fmt::format("unknown section {}, what it holds is ignored; did you mean '{}'?",
                             in_quotes(name), near);
}

bool knows_key(std::string_view section, std::string_view key)
{
    const KnownSection* const known_section = find_section(section);
    if (known_section == nullptr || known_section->kind == Kind::labels) {
        return true;
    }
    const auto is_it = [&](const KnownKey& known) {
        return known.section == section && matches(known, key);
    };
    if (std::any_of(kKeys.begin(), kKeys.end(), is_it)) {
        return true;
    }
    const std::string_view other = section_of_key(key);
    return other == section || (known_section->kind == Kind::unlisted && !is_own(other));
}

std::string complaint_about_key(std::string_view section, std::string_view key)
{
    if (const std::string_view other = section_of_key(key); is_own(other)) {
        return fmt::format("{} is ignored here; it belongs into section '{}'", in_quotes(key),
                           other);
    }
    if (key == kStandbyMembers) {
        return fmt::format(
            "{} is ignored without a group; put the group's label in front: 'haGroup1{}'",
            in_quotes(key), kStandbyMembers);
    }
    if (auto complaint = complaint_about_invention(key)) {
        return *complaint;
    }
    if (const std::string near = nearest_key(section, key); !near.empty()) {
        return fmt::format("unknown key {} is ignored; did you mean '{}'?", in_quotes(key), near);
    }
    if (const std::string near = nearest_key({}, key); !near.empty()) {
        return fmt::format("unknown key {} is ignored; did you mean '{}' in section '{}'?",
                           in_quotes(key), near, section_of_key(near));
    }
    return fmt::format("unknown key {} is ignored", in_quotes(key));
}

std::string_view section_of_key(std::string_view key)
{
    for (const KnownKey& known : kKeys) {
        if (matches(known, key)) {
            return known.section;
        }
    }
    // Group labels come before it, so it is no member of the table.
    return key.size() > kStandbyMembers.size() && key.ends_with(kStandbyMembers)
               ? kHaConfiguration
               : std::string_view{};
}

}  // namespace hasim::conf
