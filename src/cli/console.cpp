#include "cli/console.hpp"

#include <ostream>

#include "base/plain_text.hpp"

namespace hasim::cli {

Console::Console(std::ostream& results, std::ostream& diagnostics)
    : results_(results), diagnostics_(diagnostics)
{
}

void Console::write(std::string_view text)
{
    results_ << printable_lines(text);
}

void Console::error(std::string_view text)
{
    diagnostics_ << "hasim: error: " << printable_lines(text) << '\n';
}

void Console::warning(std::string_view text)
{
    if (!manner_.quiet()) {
        diagnostics_ << "hasim: warning: " << printable_lines(text) << '\n';
    }
}

void Console::info(std::string_view line)
{
    if (!manner_.quiet()) {
        diagnostic(line);
    }
}

void Console::finding(const Finding& finding)
{
    const Severity least = manner_.quiet()     ? Severity::error
                           : manner_.verbose() ? Severity::note
                                               : Severity::warning;
    if (finding.severity >= least) {
        diagnostic(to_text(finding));
    }
}

void Console::diagnostic(std::string_view line)
{
    diagnostics_ << printable_lines(line) << '\n';
}

bool Console::good() const
{
    return results_.good();
}

bool Console::flush()
{
    results_.flush();
    diagnostics_.flush();
    return results_.good();
}

}  // namespace hasim::cli
