#include "ha/transitions.hpp"

namespace hasim::ha {

std::string_view name_of(Cause cause)
{
    switch (cause) {
    case Cause::initialized: return "initialized";
    case Cause::reached: return "reached";
    case Cause::unreachable: return "unreachable";
    case Cause::seen_closed: return "seen_closed";
    case Cause::command_failed: return "command_failed";
    case Cause::found_deactivated: return "found_deactivated";
    case Cause::login_broke: return "login_broke";
    case Cause::login_refused: return "login_refused";
    case Cause::recovered: return "recovered";
    case Cause::attempts_used_up: return "attempts_used_up";
    case Cause::found_revoked: return "found_revoked";
    case Cause::found_ineligible: return "found_ineligible";
    case Cause::manual_recovery: return "manual_recovery";
    case Cause::configured_out: return "configured_out";
    case Cause::configured_in: return "configured_in";
    }
    return "?";
}

}  // namespace hasim::ha
