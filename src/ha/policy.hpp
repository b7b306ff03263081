/// The decisions of an HA group as pure functions: who serves, may we retry, what a code means.
#pragma once

#include <cstdint>
#include <limits>

#include "hasim/code.hpp"
#include "hasim/settings.hpp"

namespace hasim::ha {

/// Unlimited recovery attempts.
inline constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();

/// What an answer to a command or a login says about the member that gave it.
enum class Verdict : std::uint8_t {
    answer,       ///< goes to the application as it is
    failover,     ///< the member is dropped, the command goes on to the next
    deactivated,  ///< the partition is deactivated; failover_on_deactivation decides
};

/// "Partition not assigned" fails over, deactivation may; every other code is the application's (chosen).
[[nodiscard]] constexpr Verdict verdict_on(Code code)
{
    if (code == Code::partition_not_assigned) {
        return Verdict::failover;
    }
    return code == Code::partition_not_activated ? Verdict::deactivated : Verdict::answer;
}

/// How a recovery attempt that did not succeed ends.
enum class Failure : std::uint8_t {
    retry,    ///< the connection remains invalid; another attempt may follow
    revoked,  ///< the partition is not assigned to this client
    ineligible,  ///< it cannot come back by itself: zeroised, or the login was refused. The PIN is sent once only
};

[[nodiscard]] constexpr Failure failure_of(Code code)
{
    switch (code) {
    case Code::partition_not_assigned: return Failure::revoked;
    case Code::token_not_present:
    case Code::pin_incorrect:
    case Code::pin_locked: return Failure::ineligible;
    default: return Failure::retry;
    }
}

/// How many attempts reconnAtt grants to a member that was dropped: -1 is unlimited, 0 is none.
[[nodiscard]] constexpr std::uint32_t attempts_granted(std::int32_t recovery_attempts)
{
    return recovery_attempts < 0 ? kUnlimited : static_cast<std::uint32_t>(recovery_attempts);
}

/// How many a manual recovery or a new member gets: at least one, whatever reconnAtt is (chosen).
[[nodiscard]] constexpr std::uint32_t attempts_granted_once_more(std::int32_t recovery_attempts)
{
    const std::uint32_t granted = attempts_granted(recovery_attempts);
    return granted == 0 ? 1 : granted;
}

/// Whether another attempt may follow `made` attempts of `granted`.
[[nodiscard]] constexpr bool attempts_left(std::uint32_t made, std::uint32_t granted)
{
    return granted == kUnlimited || made < granted;
}

/// Whether the last failure writes the line of the exceeded maximum: not where recovery is off (chosen).
[[nodiscard]] constexpr bool tells_maximum(std::int32_t recovery_attempts)
{
    return recovery_attempts != 0;
}

/// How busy a member is, for the choice of the one that serves next.
struct Load {
    std::uint32_t in_flight = 0;   ///< commands without an answer
    std::uint64_t last_given = 0;  ///< order in which it was last given a command; 0: never
};

/// Least in flight; among equals the one that was given a command longest ago; the caller keeps the configured order.
[[nodiscard]] constexpr bool serves_before(const Load& a, const Load& b)
{
    return a.in_flight != b.in_flight ? a.in_flight < b.in_flight : a.last_given < b.last_given;
}

}  // namespace hasim::ha
