// The log block against the expectations: both are about the same lines, so what can be told without a run, is.
#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "hasim/ha_log.hpp"
#include "scenario/line.hpp"
#include "scenario/parse.hpp"

namespace hasim::scenario {
namespace {

// How many lines of the block an expectation is about, as far as stamps of whole seconds tell.
struct Found {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
};

bool has_fault(const Scenario& scenario, std::initializer_list<FaultKind> kinds)
{
    return std::any_of(scenario.events.begin(), scenario.events.end(), [&](const Event& event) {
        return std::find(kinds.begin(), kinds.end(), event.fault.kind) != kinds.end();
    });
}

// Whether stamps can be turned into time since the start without knowing time zones.
bool knows_time(const Scenario& scenario)
{
    return scenario.start && (scenario.timezone.empty() || scenario.timezone == "UTC") &&
           !has_fault(scenario, {FaultKind::clock_jump});
}

std::optional<Pid> pid_of(const Scenario& scenario, const std::string& client)
{
    for (const ScenarioClient& each : scenario.clients) {
        if (each.name == client) {
            return each.pid;
        }
    }
    return std::nullopt;
}

bool matches(const LogPattern& pattern, const log::ParsedLine& line, std::optional<Pid> pid)
{
    return pattern.form == line.form && (pattern.member.empty() || pattern.member == line.member) &&
           (pattern.attempt == 0 || pattern.attempt == line.attempt) && (!pid || *pid == line.pid);
}

Found count(const Scenario& scenario, const ExpectLog& expected,
            const std::vector<log::ParsedLine>& lines)
{
    const bool timed = knows_time(scenario);
    const auto pid = pid_of(scenario, expected.pattern.client);
    Found found;
    for (const log::ParsedLine& line : lines) {
        if (!matches(expected.pattern, line, pid)) {
            continue;
        }
        if (!expected.range) {
            ++found.least;
            ++found.most;
        } else if (!timed) {
            ++found.most;
        } else {
            // The line was written somewhen in the second that its stamp names.
            const WallTime stamp(line.stamp.time_since_epoch());
            const Duration first = stamp - *scenario.start;
            const Duration last = first + std::chrono::seconds(1) - Duration(1);
            const Duration from = expected.range->from - kStart;
            const Duration to = expected.range->to - kStart;
            found.least += first >= from && last <= to ? 1U : 0U;
            found.most += first <= to && last >= from ? 1U : 0U;
        }
    }
    return found;
}

std::vector<log::ParsedLine> read_block(const LogBlock& block, Findings& findings)
{
    std::vector<log::ParsedLine> lines;
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
        log::ParsedLine line;
        if (log::parse_line(block.lines[i], line) == log::LineKind::record) {
            lines.push_back(line);
            continue;
        }
        findings.error({block.place.line + static_cast<std::uint32_t>(i) + 1,
                        static_cast<std::uint32_t>(line.matched + 1)},
                       "no line of the HA log looks like this: it can never be written");
    }
    return lines;
}

}  // namespace

void check_log_block(const Scenario& scenario, Findings& findings)
{
    if (!scenario.log) {
        return;
    }
    const auto lines = read_block(*scenario.log, findings);
    const bool complete =
        lines.size() == scenario.log->lines.size() &&
        !has_fault(scenario, {FaultKind::disk_full, FaultKind::log_directory_missing});
    if (!complete) {
        return;  // What is written and what is in the file are two things.
    }
    // A block of many lines times many expectations is bounded, so that no file can make this slow.
    std::size_t work = 4'000'000;
    for (const Expectation& expectation : scenario.expectations) {
        const auto* const expected = std::get_if<ExpectLog>(&expectation.what);
        if (expected == nullptr || !expected->pattern.group.empty()) {
            continue;  // The serial of a label is in the configuration, which is not known here.
        }
        if (work < lines.size()) {
            return;
        }
        work -= lines.size();
        const Found found = count(scenario, *expected, lines);
        if (!expected->amount.admits(found.least, found.most)) {
            findings.error(expectation.place, fmt::format("contradicts the log block in line {}",
                                                          scenario.log->place.line));
        }
    }
}

}  // namespace hasim::scenario
