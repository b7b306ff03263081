/// The legal transitions of a member, as data: asserted on entry, drawn in the manual, printed as a golden matrix, and
/// what a reader of logs checks sequences against.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "hasim/log_record.hpp"
#include "hasim/member_state.hpp"

namespace hasim::ha {

/// Why a member changes its state.
enum class Cause : std::uint8_t {
    initialized,        ///< C_Initialize begins to reach it
    reached,            ///< C_Initialize reached it
    unreachable,        ///< C_Initialize could not reach it
    seen_closed,        ///< its connection ended while nothing was under way on it
    command_failed,     ///< a command on it failed for the connection's sake
    found_deactivated,  ///< a command found its partition deactivated, with failover_on_deactivation
    login_broke,        ///< its connection failed during C_Login
    login_refused,      ///< it refused a login that another member accepted
    recovered,          ///< a recovery attempt made it valid
    attempts_used_up,   ///< the last recovery attempt failed
    found_revoked,      ///< a recovery attempt found its partition revoked
    found_ineligible,   ///< a recovery attempt found that it cannot come back by itself
    manual_recovery,    ///< HARecover was incremented
    configured_out,     ///< its serial is no longer in the file
    configured_in,      ///< its serial is new in the file
};

[[nodiscard]] std::string_view name_of(Cause cause);

/// One edge. `from` is nothing where the member was not known before. `line` is what is logged on the way, if anything
/// (a second form stands in for it under another message set; the group decides).
struct Transition {
    std::optional<MemberState> from;
    Cause cause;
    MemberState to;
    std::optional<LogForm> line;
};

// clang-format off
inline constexpr auto kTransitions = [] {
    using enum MemberState;
    return std::array{
        Transition{std::nullopt, Cause::initialized, connecting, std::nullopt},
        Transition{connecting, Cause::reached, active, std::nullopt},
        Transition{connecting, Cause::unreachable, dropped, LogForm::drop_unrecoverable},

        Transition{active, Cause::seen_closed, lost, std::nullopt},
        Transition{active, Cause::command_failed, dropped, LogForm::drop_member},
        Transition{active, Cause::found_deactivated, dropped, LogForm::drop_member},
        Transition{active, Cause::login_broke, login_failed, LogForm::login_failed},
        Transition{active, Cause::login_refused, login_failed, LogForm::login_failed},
        Transition{active, Cause::configured_out, removed, std::nullopt},

        Transition{lost, Cause::command_failed, dropped, LogForm::drop_member},
        Transition{lost, Cause::login_broke, login_failed, LogForm::login_failed},
        Transition{lost, Cause::manual_recovery, dropped, std::nullopt},
        Transition{lost, Cause::configured_out, removed, std::nullopt},

        Transition{dropped, Cause::recovered, active, LogForm::recovered},
        Transition{dropped, Cause::attempts_used_up, exhausted, LogForm::recovery_failed},
        Transition{dropped, Cause::found_revoked, revoked, LogForm::member_revoked},
        Transition{dropped, Cause::found_ineligible, ineligible, LogForm::recovery_failed},
        Transition{dropped, Cause::manual_recovery, dropped, std::nullopt},
        Transition{dropped, Cause::configured_out, removed, std::nullopt},

        Transition{login_failed, Cause::manual_recovery, dropped, std::nullopt},
        Transition{login_failed, Cause::configured_out, removed, std::nullopt},
        Transition{exhausted, Cause::manual_recovery, dropped, std::nullopt},
        Transition{exhausted, Cause::configured_out, removed, std::nullopt},
        Transition{revoked, Cause::manual_recovery, dropped, std::nullopt},
        Transition{revoked, Cause::configured_out, removed, std::nullopt},
        Transition{ineligible, Cause::manual_recovery, dropped, std::nullopt},
        Transition{ineligible, Cause::configured_out, removed, std::nullopt},

        Transition{removed, Cause::configured_in, dropped, LogForm::new_member},
        Transition{std::nullopt, Cause::configured_in, dropped, LogForm::new_member},
    };
}();
// clang-format on

/// The edge that `cause` takes from `from` to `to`; nothing when there is none.
[[nodiscard]] constexpr std::optional<Transition> find_transition(std::optional<MemberState> from,
                                                                  Cause cause, MemberState to)
{
    for (const Transition& transition : kTransitions) {
        if (transition.from == from && transition.cause == cause && transition.to == to) {
            return transition;
        }
    }
    return std::nullopt;
}

}  // namespace hasim::ha
