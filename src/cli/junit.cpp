#include "cli/junit.hpp"

#include <fmt/format.h>

#include "base/plain_text.hpp"

namespace hasim::cli {

namespace {

/// XML text: the five special characters, and what XML 1.0 cannot hold as \xNN.
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : printable_lines(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&apos;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string result_of(const Trial& trial)
{
    switch (trial.outcome) {
    case Trial::Outcome::passed:
    case Trial::Outcome::updated: return {};
    case Trial::Outcome::skipped:
        return fmt::format("      <skipped message=\"{}\"/>\n", escaped(trial.report));
    case Trial::Outcome::failed:
        return fmt::format("      <failure message=\"expectations do not hold\">{}</failure>\n",
                           escaped(trial.report));
    case Trial::Outcome::invalid:
    case Trial::Outcome::no_environment:
        return fmt::format("      <error message=\"could not be played\">{}</error>\n",
                           escaped(trial.report));
    }
    return {};
}

}  // namespace

std::string junit_xml(const std::vector<Trial>& trials)
{
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
    double seconds = 0;
    std::string cases;
    for (const Trial& trial : trials) {
        failures += trial.outcome == Trial::Outcome::failed ? 1U : 0U;
        errors += trial.outcome == Trial::Outcome::invalid ||
                          trial.outcome == Trial::Outcome::no_environment
                      ? 1U
                      : 0U;
        skipped += trial.outcome == Trial::Outcome::skipped ? 1U : 0U;
        seconds += trial.seconds;
        cases += fmt::format(
            "    <testcase classname=\"hasim\" name=\"{}\" time=\"{:.3f}\">\n{}    </testcase>\n",
            escaped(trial.file), trial.seconds, result_of(trial));
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        "  <testsuite name=\"hasim\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{:.3f}\">\n{}  </testsuite>\n</testsuites>\n",
        trials.size(), failures, errors, skipped, seconds, cases);
}

}  // namespace hasim::cli
