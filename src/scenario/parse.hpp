/// The parts of the scenario parser: one function per kind of line. Each returns false after it reported why.
#pragma once

#include <string_view>

#include "hasim/scenario.hpp"
#include "scenario/line.hpp"

namespace hasim::scenario {

/// `at ...`, `every ...`, `on ...`
bool parse_trigger(Cursor& cursor, Trigger& trigger);

/// [target] fault, after the trigger.
bool parse_action(Cursor& cursor, Target& target, Fault& fault);

/// `expect ...`, after that word.
bool parse_expectation(Cursor& cursor, Expectation& expectation);

/// ID [group L] [member S] [attempt N] [client NAME]
bool parse_pattern(Cursor& cursor, LogPattern& pattern);

/// `sign 50/s ...`, after the word `load`; not `none`.
bool parse_load_words(Cursor& cursor, Load& load);

/// A label: a word, canonically in quotes.
bool parse_label(Cursor& cursor, std::string& label);

bool parse_state(Cursor& cursor, MemberState& state);
bool parse_operation(Cursor& cursor, NthOperation& nth);

/// Whether a fault's words begin with this one, so that no client may have it as its name.
[[nodiscard]] bool begins_fault(std::string_view word);

/// A keyword of the header.
[[nodiscard]] bool is_header_word(std::string_view word);

/// Header lines, all but `hasim` and blocks. `cursor` stands behind the keyword, `place` is the keyword's.
bool parse_header(std::string_view keyword, Place place, Cursor& cursor, Scenario& scenario);

/// The reading alone, without the look for contradictions.
void read_scenario(std::string_view text, Scenario& scenario, Findings& findings);

/// What in the scenario contradicts itself, can never happen, or never ends.
void check_consistency(const Scenario& scenario, Findings& findings);

/// Expectations that cannot fail.
void check_vacuous(const Scenario& scenario, Findings& findings);

/// The log block against the expectations.
void check_log_block(const Scenario& scenario, Findings& findings);

}  // namespace hasim::scenario
