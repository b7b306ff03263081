#include "cli/commands.hpp"

namespace hasim::cli {

const std::vector<Command>& all_commands()
{
    static const std::vector<Command> commands{
        kRunCommand,      kExecCommand,         kTestCommand,      kSwarmCommand,
        kCtlCommand,      kFaultsCommand,       kTopologyCommand,  kAppliancesCommand,
        kPkiCommand,      kConfCheckCommand,    kConfShowCommand,  kConfSetCommand,
        kConfUnsetCommand, kInitCommand,   kLunacmCommand,  kMessagesCommand,
        kLogParseCommand, kLogStatsCommand,     kLogCheckCommand,  kLogExplainCommand,
        kCorpusCommand,   kCorpusVerifyCommand, kLogReportCommand, kLogFormatCommand,
        kCompletionCommand, kManCommand,
    };
    return commands;
}

}  // namespace hasim::cli
