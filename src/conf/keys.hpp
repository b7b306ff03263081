/// Which sections and keys there are: hasim's own, those of other Luna components, and those that somebody made up.
/// docs/configuration.md has the sources.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hasim::conf {

inline constexpr std::string_view kVirtualToken = "VirtualToken";
inline constexpr std::string_view kHaSynchronize = "HASynchronize";
inline constexpr std::string_view kHaConfiguration = "HAConfiguration";
inline constexpr std::string_view kHaRecover = "HARecover";
inline constexpr std::string_view kHaRecovery = "HARecovery";
inline constexpr std::string_view kLunaSaClient = "LunaSA Client";
/// What follows a group's label in the key for its standby members.
inline constexpr std::string_view kStandbyMembers = "StandbyMembers";

/// The NN of a key: how it is written, and the number by which groups and servers are ordered.
struct KeyNumber {
    std::uint32_t number = 0;
    std::string_view digits;
    friend auto operator<=>(const KeyNumber&, const KeyNumber&) = default;
};

/// The NN (two to four digits) of `key` when it is `prefix` NN `suffix`.
[[nodiscard]] std::optional<KeyNumber> key_number(std::string_view key, std::string_view prefix,
                                                  std::string_view suffix);

/// Whether the keys of `section` are group labels.
[[nodiscard]] bool has_label_keys(std::string_view section);

/// Whether a section of that name is known.
[[nodiscard]] bool knows_section(std::string_view name);
/// What to say of an unknown section. Looks for a near name, which costs far more than to read an entry.
[[nodiscard]] std::string complaint_about_section(std::string_view name);

/// Whether `key` is right in `section`; also when that section is unknown, or its keys are labels, or nobody has
/// published its keys.
[[nodiscard]] bool knows_key(std::string_view section, std::string_view key);
/// What to say of a key that is not: where it belongs, what may have been meant, or that it is unknown. Costs as much.
[[nodiscard]] std::string complaint_about_key(std::string_view section, std::string_view key);

/// The known section whose name is near `name`; empty when none is. Costs as much.
[[nodiscard]] std::string near_section(std::string_view name);

/// Whether `key` is one that hasim reads, in another section than `section`.
[[nodiscard]] bool belongs_elsewhere(std::string_view section, std::string_view key);

/// What to say of a key that is right where it stands and that a user may expect to matter, which it does not; empty
/// for all others.
[[nodiscard]] std::string_view why_ignored(std::string_view key);

/// The section that has `key`, for an entry that stands outside all of them; empty when none has.
[[nodiscard]] std::string_view section_of_key(std::string_view key);

}  // namespace hasim::conf
