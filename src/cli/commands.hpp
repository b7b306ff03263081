/// The commands of `hasim`, one per file; the table's order is the order of `hasim --help`.
#pragma once

#include "cli/command.hpp"

#include <vector>

namespace hasim::cli {

// One line per command file.
extern const Command kRunCommand;
extern const Command kTestCommand;
extern const Command kSwarmCommand;
extern const Command kFaultsCommand;
extern const Command kTopologyCommand;
extern const Command kPkiCommand;
extern const Command kAppliancesCommand;
extern const Command kExecCommand;
extern const Command kConfCheckCommand;
extern const Command kConfShowCommand;
extern const Command kConfSetCommand;
extern const Command kConfUnsetCommand;
extern const Command kInitCommand;
extern const Command kLunacmCommand;
extern const Command kMessagesCommand;
extern const Command kLogParseCommand;
extern const Command kLogStatsCommand;
extern const Command kLogCheckCommand;
extern const Command kLogExplainCommand;
extern const Command kLogReportCommand;
extern const Command kLogFormatCommand;
extern const Command kCtlCommand;
extern const Command kCorpusCommand;
extern const Command kCorpusVerifyCommand;
extern const Command kCompletionCommand;
extern const Command kManCommand;

/// Everything `hasim` can do.
[[nodiscard]] const std::vector<Command>& all_commands();

}  // namespace hasim::cli
