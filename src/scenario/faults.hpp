/// The table of faults. The parser, the printer, docs/faults.md and completion all read this one table; what each fault
/// does to the simulated world is in the world.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hasim/fault.hpp"

namespace hasim::scenario {

/// What a parameter of a fault is: how it is written, and which field of Fault holds it.
enum class ParameterKind : std::uint8_t {
    none,             ///< the end of a row's list
    duration,         ///< D -> duration, more than 0
    signed_duration,  ///< [+-]D -> duration, not 0
    jitter,           ///< D -> jitter
    pause,            ///< D -> pause
    count,            ///< N -> count, from 1
    limit,            ///< N -> count, from 0
    pid,              ///< N -> count, from 1
    bandwidth,        ///< R -> count: 800B/s, 64kB/s, 2MB/s
    percent,          ///< P% -> per_mille, above 0
    factor,           ///< F -> factor_milli, above 0
    code,             ///< a name, or 0x and hex digits -> code, other than CKR_OK
    serial,           ///< S -> serial
    text,             ///< one word, or text in quotes -> text, not empty
    mode,             ///< activeBasic or activeEnhanced -> enhanced
};

/// One parameter, in the order in which they are written.
struct FaultParameter {
    ParameterKind kind = ParameterKind::none;
    std::string_view before{};   ///< a word that must stand before it, or empty
    std::string_view after{};    ///< a word that must stand after it, or empty
    bool optional = false;
    bool instead = false;        ///< may stand only when the parameter before was left out
    std::int64_t otherwise = 0;  ///< what the field holds when an optional one is left out (count or nanoseconds)
};

inline constexpr std::size_t kMaxFaultParameters = 3;

/// Which part of the manual, and of the world, a fault belongs to.
enum class FaultChapter : std::uint8_t {
    network,
    appliance,
    partition,
    group,
    machine,
    client,
    pattern,
    healing
};
inline constexpr std::size_t kFaultChapters = 8;

/// What a fault may be done to: a set of Target::Kind.
using TargetKinds = std::uint32_t;
[[nodiscard]] constexpr TargetKinds bit(Target::Kind kind)
{
    return TargetKinds{1} << static_cast<unsigned>(kind);
}

/// One fault: its words, its grammar, and what the manual says of it.
struct FaultInfo {
    FaultKind kind = FaultKind::heal;
    std::string_view words;  ///< "cable out": one to three words
    std::array<FaultParameter, kMaxFaultParameters> parameters{};
    FaultChapter chapter = FaultChapter::network;
    TargetKinds targets = 0;
    bool target_optional = false;  ///< left out it means all, and canonically all is left out
    bool may_last = false;         ///< `for D` may follow
    std::uint64_t most = 1'000'000'000'000;  ///< the largest N
    std::string_view does;         ///< what it does
    std::string_view sees;         ///< what the client sees
    std::string_view lines;        ///< which lines of the log follow
    std::string_view live;         ///< how faithful it is over real TCP
    std::string_view in_virtual;   ///< how faithful it is in virtual time
};

/// Every FaultKind exactly once, in the order of the enumeration.
[[nodiscard]] std::span<const FaultInfo> fault_table();
[[nodiscard]] const FaultInfo& fault_info(FaultKind kind);

/// A fault as a scenario writes it, without its target: "cable out for 30s".
[[nodiscard]] std::string fault_text(const Fault& fault);
/// The same with its target: "hsm2 cable out for 30s".
[[nodiscard]] std::string action_text(const Target& target, const Fault& fault);
/// The same fault with *** for a PIN, which is nobody's business.
[[nodiscard]] Fault without_pin(Fault fault);

/// The grammar of one fault: "delay D [jitter D] [for D]".
[[nodiscard]] std::string usage(const FaultInfo& info);

/// What it may be done to, in words: "hsmN, appliance NAME, member S, any or all".
[[nodiscard]] std::string targets_text(const FaultInfo& info);

/// docs/faults.md.
[[nodiscard]] std::string fault_manual();

/// Lower-case sentence part that heads a chapter of the manual.
[[nodiscard]] std::string_view title_of(FaultChapter chapter);

}  // namespace hasim::scenario
