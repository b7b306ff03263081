#include "logtools/report.hpp"

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "base/words.hpp"
#include "log/catalogue.hpp"
#include "logtools/counts_text.hpp"
#include "logtools/report_page.hpp"
#include "logtools/row_writer.hpp"

namespace hasim::logtools {
namespace {

using std::chrono::seconds;

// `text` as HTML text or as an attribute's value, readable whatever it holds.
std::string html(std::string_view text)
{
    std::string out;
    for (const char c : printable(text)) {
        switch (c) {
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '&': out += "&amp;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

// A JSON string inside a script element: no tag may end it.
void append_script_string(std::string& out, std::string_view text)
{
    std::string json;
    append_json_string(json, text);
    for (const char c : json) {
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
}

// "2017-10-04 16:29:21", with a no-break hyphen's room: cells of times do not wrap.
std::string time_cell(LocalSeconds stamp)
{
    std::string text = stamp_text(stamp);
    text[10] = ' ';
    return text;
}

std::string tile(std::string_view name, const std::string& value, const std::string& more = {})
{
    return fmt::format("<div class=\"tile\"><dt>{}</dt><dd>{}{}</dd></div>\n", name, value,
                       more.empty() ? "" : "<small>" + more + "</small>");
}

OutageStats all_outages(const LogStats& stats)
{
    OutageStats all;
    for (const auto& [serial, group] : stats.groups) {
        for (const auto& [member_serial, member] : group.members) {
            all.add(member.outages);
        }
    }
    return all;
}

std::string tiles(const LogStats& stats)
{
    const OutageStats outages = all_outages(stats);
    std::size_t members = 0;
    std::size_t processes = 0;
    seconds all_down{0};
    for (const auto& [serial, group] : stats.groups) {
        members += group.members.size();
        processes += group.processes.size();
        all_down += group.all_down.value_or(seconds(0));
    }
    std::string text = "<dl class=\"tiles\">\n";
    text += tile("lines", fmt::format("{}", stats.counts.all()),
                 stats.counts.all() == stats.counts.records()
                     ? "all are records"
                     : fmt::format("{} unknown, {} torn", stats.counts.unknown, stats.counts.torn));
    text += tile("members", fmt::format("{}", members),
                 fmt::format("in {}, {}", counted(stats.groups.size(), "group"),
                             counted(processes, "process", "processes")));
    text += tile("outages", fmt::format("{}", outages.begun),
                 outages.open == 0 ? "all recovered"
                                   : fmt::format("{} without an end in the log", outages.open));
    text += tile("mean time to recovery",
                 outages.mean() ? duration_text(*outages.mean()) : std::string("&ndash;"));
    text += tile("longest outage", outages.begun == 0 ? "&ndash;" : duration_text(outages.longest),
                 outages.longest_open ? "without an end in the log" : "");
    if (stats.members_known) {  // a log alone may not name all members
        text += tile("all members down", duration_text(all_down),
                     stats.groups.size() == 1 ? "" : "in all groups together");
    }
    return text + "</dl>\n";
}

std::string group_cell(Serial serial, const GroupStats& group)
{
    return group.label.empty() ? std::string(serial.text())
                               : fmt::format("{} {}", html(group.label), serial.text());
}

std::string member_row(const std::string& group, Serial serial, const MemberStats& member)
{
    const auto count = [&member](LogForm form) {
        return member.forms[static_cast<std::size_t>(form)];
    };
    const OutageStats& outages = member.outages;
    const std::string available = member.availability
                                      ? fmt::format(
                                            "<span class=\"bar\" aria-hidden=\"true\"><i "
                                            "style=\"width:{:.1f}%\"></i></span>{:.3f} %",
                                            *member.availability * 100, *member.availability * 100)
                                      : "&ndash;";
    return fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"n\" data-sort=\"{}\">{}</td>"
        "<td class=\"n\" data-sort=\"{}\">{}</td><td class=\"n\">{}</td>"
        "<td class=\"n\" data-sort=\"{}\">{}</td><td class=\"n\" data-sort=\"{}\">{}</td>"
        "<td class=\"n\">{}</td><td>{}</td></tr>\n",
        serial.text(), group, member.availability.value_or(-1), available, member.down.count(),
        duration_text(member.down), outages.begun, outages.mean().value_or(seconds(-1)).count(),
        outages.mean() ? duration_text(*outages.mean()) : "&ndash;", outages.longest.count(),
        outages.begun == 0 ? "&ndash;" : duration_text(outages.longest),
        count(LogForm::recovery_failed) + count(LogForm::unrecoverable),
        member.down_at_end() ? fmt::format("<b class=\"bad\">{}</b>", log::name_of(member.last))
                             : std::string(log::name_of(member.last)));
}

std::string members_table(const LogStats& stats)
{
    constexpr std::size_t kMost = 500;
    std::string text =
        "<h2>Members</h2>\n<div class=\"scroll\"><table class=\"sorts\"><thead><tr><th "
        "scope=\"col\">member</th>"
        "<th scope=\"col\">group</th><th scope=\"col\" class=\"n\">available</th>"
        "<th scope=\"col\" class=\"n\">not up for</th><th scope=\"col\" "
        "class=\"n\">outages</th><th scope=\"col\" class=\"n\">mean to "
        "recovery</th>"
        "<th scope=\"col\" class=\"n\">longest</th><th scope=\"col\" class=\"n\">failed "
        "attempts</th>"
        "<th scope=\"col\">behind its last line</th></tr></thead><tbody>\n";
    std::size_t shown = 0;
    for (const auto& [group_serial, group] : stats.groups) {
        for (const auto& [serial, member] : group.members) {
            if (shown++ < kMost) {
                text += member_row(group_cell(group_serial, group), serial, member);
            }
        }
    }
    text += "</tbody></table></div>\n";
    return shown <= kMost ? text
                          : text + fmt::format("<p>{} more are not shown.</p>\n", shown - kMost);
}

}  // namespace

void Report::feed(const PlacedLine& line)
{
    const auto member = stats_.feed(line.line);
    switch (line.line.kind) {
    case log::LineKind::record:
        timeline_.mark(member, stats_.clock().length(), line.line.parsed, line.line.text);
        return;
    case log::LineKind::unknown:
    case log::LineKind::torn:
        if (others_.size() < kMostOthers) {
            others_.push_back({fmt::format("{}:{}", line.file, line.line.number),
                               std::string(log::to_text(line.line.kind)),
                               std::string(line.line.text.substr(0, 300))});
        }
        return;
    case log::LineKind::empty: return;
    }
}

std::string Report::outages_table(const LogStats& stats) const
{
    const auto& outages = timeline_.outages();
    std::string text = "<h2>Outages</h2>\n";
    if (outages.empty()) {
        return text + "<p>The log tells of none.</p>\n";
    }
    if (const std::uint64_t all = all_outages(stats).begun; outages.size() < all) {
        text += fmt::format("<p>The {} longest of {}.</p>\n", outages.size(), all);
    }
    text +=
        "<div class=\"scroll\"><table id=\"outages\" class=\"sorts\"><thead><tr>"
        "<th scope=\"col\">from</th><th scope=\"col\" class=\"n\">length</th>"
        "<th scope=\"col\">member</th><th scope=\"col\" class=\"n\">process</th>"
        "<th scope=\"col\" class=\"n\">failed attempts</th><th scope=\"col\">began with</th>"
        "<th scope=\"col\">to</th></tr></thead><tbody>\n";
    const auto at = [this](log::StoryTime time) {
        return time_cell(stats_.clock().stamp_at(time));
    };
    for (const log::Outage& outage : outages) {
        const auto from = std::chrono::floor<seconds>(outage.from);
        const auto to = std::chrono::floor<seconds>(outage.to);
        text += fmt::format(
            "<tr data-from=\"{}\" data-to=\"{}\"><td>{}</td><td class=\"n\" "
            "data-sort=\"{}\">{}</td><td>{}</td><td class=\"n\">{}</td>"
            "<td class=\"n\">{}</td><td>{}</td><td>{}{}</td></tr>\n",
            from.count(), to.count(), at(outage.from), (to - from).count(),
            duration_text(to - from), timeline_.lanes()[outage.member].member.text(),
            outage.pid.value, outage.failed_attempts, log::short_id_of(outage.began),
            outage.recovered ? "" : "no end in the log; last heard ", at(outage.to));
    }
    return text + "</tbody></table></div>\n";
}

std::string Report::others_table() const
{
    if (others_.empty()) {
        return "";
    }
    std::string text = fmt::format(
        "<h2>Lines that are no records</h2>\n<p>{}</p>\n<div class=\"scroll\"><table><thead><tr>"
        "<th scope=\"col\">place</th><th scope=\"col\">what</th><th "
        "scope=\"col\">text</th></tr></thead><tbody>\n",
        others_.size() == kMostOthers ? fmt::format("The first {}.", kMostOthers)
                                      : "All of them. They are shown as they are.");
    for (const Other& other : others_) {
        text += fmt::format("<tr><td>{}</td><td>{}</td><td><code>{}</code></td></tr>\n",
                            html(other.place), other.kind, html(other.text));
    }
    return text + "</tbody></table></div>\n";
}

// What the script draws.
std::string Report::data(const LogStats& stats) const
{
    std::string out =
        fmt::format("{{\"first\":{},\"length\":{},\"exact\":{},\"step\":{},\"states\":[",
                    stats.first.value_or(LocalSeconds{}).time_since_epoch().count(),
                    timeline_.length(), timeline_.exact(), timeline_.step_seconds());
    for (std::size_t state = 0; state < log::kServiceStates; ++state) {
        out += fmt::format("{}\"{}\"", state == 0 ? "" : ",",
                           log::name_of(static_cast<log::ServiceState>(state)));
    }
    out += "],\"forms\":[";
    for (const log::Message& message : log::kCatalogue) {
        out += fmt::format("{}{{\"id\":\"{}\",\"after\":{}}}", out.back() == '[' ? "" : ",",
                           message.id, static_cast<int>(log::state_after(message.form)));
    }
    out += "],\"lanes\":[";
    for (const Lane& lane : timeline_.lanes()) {
        out += out.back() == '[' ? "{\"group\":" : ",\n{\"group\":";
        const std::string& label = stats.groups.at(lane.group).label;
        append_script_string(out, label.empty() ? lane.group.text() : std::string_view(label));
        out += fmt::format(",\"member\":\"{}\",\"parts\":[", lane.member.text());
        for (const LaneSegment& segment : lane.segments) {
            out += fmt::format("{}[{},{},{}]", out.back() == '[' ? "" : ",", segment.from,
                               segment.to, static_cast<int>(segment.state));
        }
        for (std::size_t i = 0; !timeline_.exact() && i < lane.steps.size(); ++i) {
            const LaneStep& step = lane.steps[i];
            out += fmt::format("{}[{},{},{}]", i == 0 ? "" : ",", fmt::join(step.seconds, ","),
                               step.lines, i);
        }
        out += "]}";
    }
    out += "],\"events\":[";
    for (const TimelineEvent& event : timeline_.events()) {
        out += fmt::format("{}[{},{},{},{},", out.back() == '[' ? "" : ",\n", event.at, event.lane,
                           static_cast<int>(event.form), event.pid);
        append_script_string(out, event.text);
        out += ']';
    }
    return out + "]}";
}

std::string Report::notices(const LogStats& stats) const
{
    std::string text;
    if (!timeline_.exact()) {
        text += fmt::format(
            "<p class=\"notice\">More than {} lines: the timeline shows, in steps of {}, which "
            "part "
            "of the time each member was in each state; single lines are not drawn.</p>\n",
            Timeline::kMostEvents, duration_text(seconds(timeline_.step_seconds())));
    }
    if (timeline_.lines_without_lane() != 0) {
        text += fmt::format(
            "<p class=\"notice\">Only the first {} members have a lane; {} lines of others are not "
            "drawn.</p>\n",
            Timeline::kMostLanes, timeline_.lines_without_lane());
    }
    if (stats.steps_back != 0) {
        text += fmt::format(
            "<p class=\"notice\">{}. The timeline shows time that passes, so behind "
            "it stamps and timeline differ.</p>\n",
            html(clock_text(stats)));
    }
    return text;
}

std::string Report::page(const std::vector<std::string>& files) &&
{
    const LogStats stats = std::move(stats_).finish();
    timeline_.finish();
    std::string names;
    constexpr std::size_t kMostNames = 20;
    for (std::size_t i = 0; i < std::min(files.size(), kMostNames); ++i) {
        names += (i == 0 ? "" : ", ") + html(shown_name(files[i]));
    }
    names +=
        files.size() > kMostNames ? fmt::format(" and {} more", files.size() - kMostNames) : "";
    std::string text =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; "
        "script-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>HA log "
        "report</title>\n<style>\n";
    text += kCommonStyle;
    text += kReportStyle;
    text += "</style>\n</head>\n<body>\n<header>\n<h1>HA log report</h1>\n";
    text += fmt::format("<p class=\"files\">{}</p>\n", names);
    if (stats.first) {
        text +=
            fmt::format("<p>{} to {} (the client's local time), {}</p>\n", time_cell(*stats.first),
                        time_cell(*stats.last), duration_text(stats.span));
    }
    text += "</header>\n<main>\n" + tiles(stats) + std::string(kReportTimeline);
    text += notices(stats);
    text += "</section>\n" + outages_table(stats) + members_table(stats);
    text +=
        "<section id=\"lines\" hidden><h2>Lines</h2>\n<p id=\"lines-said\"></p>\n<ol "
        "id=\"lines-list\"></ol></section>\n";
    text +=
        others_table() +
        "</main>\n<footer><p>An outage begins when a line tells it, not when the cable was pulled. "
        "A member is in the state of the last line about it, whoever wrote it, as long as that "
        "process is heard; behind its last line nobody knows. Made by hasim log "
        "report.</p></footer>\n<script type=\"application/json\" id=\"data\">\n";
    text += data(stats);
    text += "\n</script>\n<script>\n";
    text += kCommonScript;
    text += kReportScript;
    return text + "</script>\n</body>\n</html>\n";
}

}  // namespace hasim::logtools
