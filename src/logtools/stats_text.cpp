#include <fmt/format.h>

#include "base/words.hpp"
#include "log/catalogue.hpp"
#include "logtools/counts_text.hpp"
#include "logtools/log_stats.hpp"
#include "logtools/row_writer.hpp"

namespace hasim::logtools {
namespace {

using std::chrono::seconds;

// Part of the log's time that is not `down`, from 0 to 1; nothing when the log has no length.
std::optional<double> availability(seconds down, seconds span)
{
    if (span <= seconds(0)) {
        return std::nullopt;
    }
    return 1.0 - static_cast<double>(down.count()) / static_cast<double>(span.count());
}

std::string percent(std::optional<double> part)
{
    return part ? fmt::format("{:.4f} %", *part * 100) : "-";
}

std::string outages_text(const OutageStats& outages)
{
    std::string text = counted(outages.begun, "outage");
    if (const auto mean = outages.mean()) {
        text += fmt::format(", mean time to recovery {}", duration_text(*mean));
    }
    if (outages.begun != 0) {
        text += fmt::format(", longest {} from {}{}", duration_text(outages.longest),
                            stamp_text(outages.longest_began),
                            outages.longest_goes_on ? " (goes on)" : "");
    }
    if (outages.open != 0) {
        text += fmt::format(", {} without an end", outages.open);
    }
    return text;
}

void append_outages_json(std::string& out, const OutageStats& outages)
{
    const auto mean = outages.mean();
    out +=
        fmt::format("\"outages\": {}, \"recovered\": {}, \"open\": {}, \"mean_recovery_s\": {}, ",
                    outages.begun, outages.recovered, outages.open,
                    mean ? fmt::format("{}", mean->count()) : "null");
    if (outages.begun == 0) {
        out += "\"longest_s\": null, \"longest_began\": null, \"longest_goes_on\": false";
    } else {
        out += fmt::format("\"longest_s\": {}, \"longest_began\": \"{}\", \"longest_goes_on\": {}",
                           outages.longest.count(), stamp_text(outages.longest_began),
                           outages.longest_goes_on);
    }
}

std::string number_or_null(std::optional<double> value)
{
    return value ? fmt::format("{:.6f}", *value) : "null";
}

std::string member_json(Serial serial, const MemberStats& member, seconds span)
{
    std::string text = fmt::format(
        "        {{\"member\": \"{}\", \"availability\": {}, \"down_s\": {}, \"down_at_end\": {}, ",
        serial.text(), number_or_null(availability(member.down, span)), member.down.count(),
        member.down_at_end);
    append_outages_json(text, member.outages);
    text += ", \"forms\": {";
    for (const log::Message& message : log::kCatalogue) {
        text += fmt::format("{}\"{}\": {}", text.back() == '{' ? "" : ", ", message.name,
                            member.forms[static_cast<std::size_t>(message.form)]);
    }
    return text + "}}";
}

std::string processes_text(const GroupStats& group, std::string_view separator)
{
    constexpr std::size_t kMost = 1000;
    std::string text;
    std::size_t count = 0;
    for (const Pid pid : group.processes) {
        if (count++ == kMost) {
            break;
        }
        text += fmt::format("{}{}", text.empty() ? "" : separator, pid.value);
    }
    return text;
}

OutageStats outages_of(const GroupStats& group)
{
    OutageStats all;
    for (const auto& [serial, member] : group.members) {
        all.add(member.outages);
    }
    return all;
}

}  // namespace

std::string duration_text(seconds duration)
{
    const auto all = duration.count();
    const auto text = [](auto large, char large_unit, auto small, char small_unit) {
        return small == 0 ? fmt::format("{}{}", large, large_unit)
                          : fmt::format("{}{} {}{}", large, large_unit, small, small_unit);
    };
    if (all >= 86400) {
        return text(all / 86400, 'd', all / 3600 % 24, 'h');
    }
    if (all >= 3600) {
        return text(all / 3600, 'h', all / 60 % 60, 'm');
    }
    return all >= 60 ? text(all / 60, 'm', all % 60, 's') : fmt::format("{}s", all);
}

std::string stats_text(const LogStats& stats)
{
    std::string text = counts_table(stats.counts);
    if (stats.first) {
        text += fmt::format("\nfrom {} to {} ({})\n", stamp_text(*stats.first),
                            stamp_text(*stats.last), duration_text(stats.span()));
    }
    for (const auto& [group_serial, group] : stats.groups) {
        text +=
            fmt::format("\ngroup {}: {}\n  all members named here down for {}\n  processes: {}\n",
                        group_serial.text(), outages_text(outages_of(group)),
                        duration_text(group.all_down), processes_text(group, " "));
        for (const auto& [serial, member] : group.members) {
            text += fmt::format("  member {}: available {}{}, {}\n", serial.text(),
                                percent(availability(member.down, stats.span())),
                                member.down_at_end ? ", down at the end" : "",
                                outages_text(member.outages));
            for (const log::Message& message : log::kCatalogue) {
                if (const auto count = member.forms[static_cast<std::size_t>(message.form)]) {
                    text += fmt::format("{:>12}  {:<25} {}\n", count, message.id, message.name);
                }
            }
        }
    }
    if (stats.left_out != 0) {
        text += fmt::format("\n{} records of further members and processes are not told apart\n",
                            stats.left_out);
    }
    return text;
}

std::string stats_json(const LogStats& stats)
{
    const auto stamp_or_null = [](const std::optional<LocalSeconds>& stamp) {
        return stamp ? '"' + stamp_text(*stamp) + '"' : std::string("null");
    };
    std::string counts = counts_json(stats.counts);
    counts.resize(counts.size() - 2);  // its closing brace, for the rest
    while (counts.back() == '\n' || counts.back() == ' ') {
        counts.pop_back();
    }
    std::string text = fmt::format(
        "{},\n  \"first\": {},\n  \"last\": {},\n  \"span_s\": {},\n  \"left_out\": {},\n  "
        "\"groups\": [",
        counts, stamp_or_null(stats.first), stamp_or_null(stats.last), stats.span().count(),
        stats.left_out);
    for (const auto& [group_serial, group] : stats.groups) {
        text +=
            fmt::format("{}\n    {{\"group\": \"{}\", \"processes\": [{}], \"all_down_s\": {}, ",
                        text.back() == '[' ? "" : ",", group_serial.text(),
                        processes_text(group, ", "), group.all_down.count());
        append_outages_json(text, outages_of(group));
        text += ",\n      \"members\": [";
        for (const auto& [serial, member] : group.members) {
            text += text.back() == '[' ? "\n" : ",\n";
            text += member_json(serial, member, stats.span());
        }
        text += "]}";
    }
    return text + "]\n}\n";
}

}  // namespace hasim::logtools
