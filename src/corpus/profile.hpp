/// Profiles of corpora: which outages and operations a workstation sees, how often and how long. A profile is a text
/// file, a statement a line; docs/corpora.md describes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hasim/fault.hpp"
#include "hasim/result.hpp"
#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"
#include "hasim/time.hpp"

namespace hasim::corpus {

/// `A..B`, or `A` for both.
struct DurationRange {
    Duration low{};
    Duration high{};
};

/// What an operator does: of itself, or because of an outage.
enum class OperationKind : std::uint8_t {
    restart,   ///< one client process, drawn, starts again with another pid
    recover,   ///< HARecover of every group is incremented
    exchange,  ///< a member is taken out of its group and, so much later, added again
};

/// What follows an outage.
struct FollowUp {
    OperationKind kind = OperationKind::restart;
    bool during = false;  ///< at a drawn moment while it lasts; else `after` its end
    DurationRange after;
};

/// How many appliances an outage takes.
enum class Reach : std::uint8_t {
    one,
    half,  ///< half of them, rounded up
    all,
    turn,  ///< all, one after the other: each an outage of its own
};

struct OutageRule {
    Duration every{};  ///< mean distance; each is drawn from a tenth of it to nineteen tenths
    DurationRange length;
    Reach reach = Reach::one;
    Fault fault;                ///< the drawn length goes into `lasts`, or into `duration`
    bool on_partition = false;  ///< done to one member's partition, not to an appliance
    std::string words;          ///< the fault as the profile has it
    std::vector<FollowUp> follow_ups;
};

struct OperationRule {
    Duration every{};
    OperationKind kind = OperationKind::restart;
    DurationRange length;  ///< of `exchange`
};

struct Profile {
    std::string about;
    Duration span = std::chrono::hours(24 * 365);  ///< of a corpus that is given no limit
    Duration boot = std::chrono::hours(24 * 30);   ///< the workstation restarts so often
    Load load;                                     ///< of every process, on every group
    Duration interval = std::chrono::seconds(60);  ///< AutoReconnectInterval
    std::int32_t attempts = 120;                   ///< reconnAtt
    RecoveryMode recovery = RecoveryMode::active_enhanced;
    bool failover_on_deactivation = true;
    std::uint64_t log_length = 262144;
    std::vector<OutageRule> outages;
    std::vector<OperationRule> operations;
};

inline constexpr std::size_t kMaxProfileBytes = 65536;
inline constexpr std::size_t kMaxProfileRules = 100;
inline constexpr std::uint64_t kMaxCorpusLogLength =
    8U << 20;  ///< labels wait until their file is full

struct ProfileResult {
    Profile profile;
    std::vector<Finding> findings;  ///< all of them errors
    [[nodiscard]] bool ok() const { return findings.empty(); }
};

/// Reads a profile; `file` is its name in the findings.
[[nodiscard]] ProfileResult parse_profile(std::string_view file, std::string_view text);

}  // namespace hasim::corpus
