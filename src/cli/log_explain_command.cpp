#include "cli/commands.hpp"
#include "logtools/explain.hpp"

namespace hasim::cli {
namespace {

class LogExplainCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.positional("LINE", line_, "one line of an HA log, quoted for the shell");
    }

    ExitCode run(Console& console) override
    {
        const logtools::Explanation explanation = logtools::explain(line_);
        console.write(explanation.text);
        return explanation.is_record ? ExitCode::done : ExitCode::does_not_hold;
    }

private:
    std::string line_;
};

}  // namespace

const Command kLogExplainCommand = command<LogExplainCommand>(
    "log explain", "says what a line of an HA log means",
    "Its id, its parts, what the vendor's note says of it, when it is written, likely causes and "
    "what to do "
    "next. For a line that is no record: the column where it stops to look like one, what would be "
    "expected there, and the message that it is nearest to; then the exit status is 1.");

}  // namespace hasim::cli
