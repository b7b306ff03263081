// Expectations that hold whatever happens: a verdict that cannot fail says nothing. What can be told from the file
// alone is an error here; what depends on the configuration is a warning of check_settings.cpp; what only a run can
// tell (an `on` that never fired, the slack of live timing) is said by src/play/runner_judge.cpp.
#include <fmt/core.h>

#include "hasim/scenario.hpp"
#include "scenario/parse.hpp"
#include "scenario/values.hpp"

namespace hasim::scenario {
namespace {

constexpr std::string_view kAlways = "holds whatever happens: ";

/// Before C_Initialize there is no line, and at 0 s only one that could not be reached.
bool before_all_lines(const ExpectLog& log)
{
    return log.amount.least() == 0 && log.range && log.range->to == kStart &&
           log.pattern.form != LogForm::drop_unrecoverable;
}

/// Over a network no answer takes no time at all; a call may well be refused at once.
bool before_all_answers(const ExpectOps& ops)
{
    return ops.amount.least() == 0 && ops.range && ops.range->to == kStart &&
           ops.counter != ExpectOps::Counter::lost;
}

}  // namespace

void check_vacuous(const Scenario& scenario, Findings& findings)
{
    const Instant end = end_of(scenario);
    for (const Expectation& expectation : scenario.expectations) {
        if (const auto* const ops = std::get_if<ExpectOps>(&expectation.what)) {
            if (ops->amount == Amount{Amount::Bound::at_least, 0}) {
                findings.error(expectation.place,
                               fmt::format("{}no count is below 0; ask for 1 or more", kAlways));
            } else if (ops->amount == Amount{Amount::Bound::at_most, UINT64_MAX}) {
                findings.error(expectation.place, fmt::format("{}no count is above that", kAlways));
            } else if (before_all_answers(*ops)) {
                findings.error(
                    expectation.place,
                    fmt::format("{}no call is answered at 0s; let the range go on", kAlways));
            }
        } else if (const auto* const stall = std::get_if<ExpectStall>(&expectation.what)) {
            if (kStart + stall->below > end) {
                findings.error(expectation.place,
                               fmt::format("{}the run ends at {}, so no call can take that long",
                                           kAlways, instant_text(end)));
            }
        } else if (const auto* const log = std::get_if<ExpectLog>(&expectation.what)) {
            if (before_all_lines(*log)) {
                findings.error(
                    expectation.place,
                    fmt::format("{}no such line can be written at 0s; let the range go on",
                                kAlways));
            } else if (log->amount.least() == 0 && log->range && log->range->from > end) {
                findings.error(expectation.place,
                               fmt::format("{}the run ends at {}", kAlways, instant_text(end)));
            }
        }
    }
}

}  // namespace hasim::scenario
