#include <fmt/format.h>

#include "base/words.hpp"
#include "log/catalogue.hpp"
#include "logtools/counts_text.hpp"
#include "logtools/log_stats.hpp"
#include "logtools/row_writer.hpp"

namespace hasim::logtools {
namespace {

using std::chrono::seconds;

std::string availability_text(const MemberStats& member)
{
    if (member.availability) {
        return fmt::format("available {:.4f} %, ", *member.availability * 100);
    }
    return member.down.count() == 0
               ? ""
               : fmt::format("down for {} and never seen up, ", duration_text(member.down));
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
                            outages.longest_open ? " (without an end in the log)" : "");
    }
    if (outages.open != 0) {
        text += fmt::format(", {} without an end in the log", outages.open);
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
        out += "\"longest_s\": null, \"longest_began\": null, \"longest_open\": false";
    } else {
        out += fmt::format("\"longest_s\": {}, \"longest_began\": \"{}\", \"longest_open\": {}",
                           outages.longest.count(), stamp_text(outages.longest_began),
                           outages.longest_open);
    }
}

std::string number_or_null(std::optional<double> value)
{
    return value ? fmt::format("{:.6f}", *value) : "null";
}

std::string member_json(Serial serial, const MemberStats& member)
{
    std::string text = fmt::format(
        "        {{\"member\": \"{}\", \"availability\": {}, \"down_s\": {}, \"unknown_s\": {}, "
        "\"last_state\": \"{}\", \"down_at_end\": {}, ",
        serial.text(), number_or_null(member.availability), member.down.count(),
        member.unknown.count(), log::name_of(member.last), member.down_at_end());
    append_outages_json(text, member.outages);
    text += ", \"forms\": {";
    for (const log::Message& message : log::kCatalogue) {
        text += fmt::format("{}\"{}\": {}", text.back() == '{' ? "" : ", ", message.name,
                            member.forms[static_cast<std::size_t>(message.form)]);
    }
    return text + "}}";
}

std::string label_or_null(const std::string& label)
{
    std::string text;
    if (!label.empty()) {
        append_json_string(text, label);
    }
    return text.empty() ? "null" : text;
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

std::string clock_text(const LogStats& stats)
{
    if (stats.steps_back == 0) {
        return "";
    }
    return fmt::format("the clock went back {}: no time is counted there{}\n",
                       counted(stats.steps_back, "time"),
                       stats.zone_known ? ""
                                        : "; where summer time ended, name the client's zone with "
                                          "--timezone");
}

std::string stats_text(const LogStats& stats)
{
    std::string text = counts_table(stats.counts);
    if (stats.first) {
        text += fmt::format("\nfrom {} to {} ({}{})\n", stamp_text(*stats.first),
                            stamp_text(*stats.last), duration_text(stats.span),
                            stats.steps_back == 0 ? "" : " between the steps of the clock");
    }
    text += clock_text(stats);
    for (const auto& [group_serial, group] : stats.groups) {
        text += fmt::format("\ngroup {}{}: {}\n", group.label.empty() ? "" : group.label + " ",
                            group_serial.text(), outages_text(outages_of(group)));
        if (group.all_down) {
            text += fmt::format("  {} down at once for {}\n",
                                stats.members_known ? "all members" : "all members named here",
                                duration_text(*group.all_down));
        }
        if (!group.processes.empty()) {
            text += fmt::format("  processes: {}\n", processes_text(group, " "));
        }
        for (const auto& [serial, member] : group.members) {
            text += fmt::format("  member {}: {}{}{}\n", serial.text(), availability_text(member),
                                member.down_at_end()
                                    ? fmt::format("{} at the end, ", log::name_of(member.last))
                                    : "",
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
        "{},\n  \"first\": {},\n  \"last\": {},\n  \"span_s\": {},\n  \"clock_steps_back\": {},\n  "
        "\"left_out\": {},\n  "
        "\"groups\": [",
        counts, stamp_or_null(stats.first), stamp_or_null(stats.last), stats.span.count(),
        stats.steps_back, stats.left_out);
    for (const auto& [group_serial, group] : stats.groups) {
        text += fmt::format(
            "{}\n    {{\"group\": \"{}\", \"label\": {}, \"processes\": [{}], \"all_down_s\": {}, ",
            text.back() == '[' ? "" : ",", group_serial.text(), label_or_null(group.label),
            processes_text(group, ", "),
            group.all_down ? fmt::format("{}", group.all_down->count()) : "null");
        append_outages_json(text, outages_of(group));
        text += ",\n      \"members\": [";
        for (const auto& [serial, member] : group.members) {
            text += text.back() == '[' ? "\n" : ",\n";
            text += member_json(serial, member);
        }
        text += "]}";
    }
    return text + "]\n}\n";
}

}  // namespace hasim::logtools
