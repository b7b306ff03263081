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
        all_down += group.all_down;
    }
    std::string text = "<dl class=\"tiles\">\n";
    text += tile("lines", fmt::format("{}", stats.counts.all()),
                 stats.counts.all() == stats.counts.records()
                     ? "all are records"
                     : fmt::format("{} unknown, {} torn", stats.counts.unknown, stats.counts.torn));
    text += tile("members", fmt::format("{}", members),
                 fmt::format("in {}, {}", counted(stats.groups.size(), "group"),
                             counted(processes, "process", "processes")));
    text +=
        tile("outages", fmt::format("{}", outages.begun),
             outages.open == 0 ? "all recovered" : fmt::format("{} without an end", outages.open));
    text += tile("mean time to recovery",
                 outages.mean() ? duration_text(*outages.mean()) : std::string("&ndash;"));
    text += tile("longest outage", outages.begun == 0 ? "&ndash;" : duration_text(outages.longest),
                 outages.longest_goes_on ? "goes on" : "");
    text += tile("all members down", duration_text(all_down), "of those that the log names");
    return text + "</dl>\n";
}

std::string member_row(Serial group, Serial serial, const MemberStats& member, seconds span)
{
    const double available = span.count() <= 0 ? 1.0
                                               : 1.0 - static_cast<double>(member.down.count()) /
                                                           static_cast<double>(span.count());
    const auto count = [&member](LogForm form) {
        return member.forms[static_cast<std::size_t>(form)];
    };
    const OutageStats& outages = member.outages;
    return fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"n\"><span class=\"bar\" "
        "aria-hidden=\"true\">"
        "<i style=\"width:{:.1f}%\"></i></span>{:.3f} %</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td>"
        "<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
        serial.text(), group.text(), available * 100, available * 100, outages.begun,
        outages.mean() ? duration_text(*outages.mean()) : "&ndash;",
        outages.begun == 0 ? "&ndash;" : duration_text(outages.longest),
        count(LogForm::recovery_failed) + count(LogForm::unrecoverable),
        member.down_at_end ? "<b class=\"bad\">down</b>" : "up");
}

std::string members_table(const LogStats& stats)
{
    constexpr std::size_t kMost = 500;
    std::string text =
        "<h2>Members</h2>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">member</th>"
        "<th scope=\"col\">group</th><th scope=\"col\" class=\"n\">available</th>"
        "<th scope=\"col\" class=\"n\">outages</th><th scope=\"col\" class=\"n\">mean to "
        "recovery</th>"
        "<th scope=\"col\" class=\"n\">longest</th><th scope=\"col\" class=\"n\">failed "
        "attempts</th>"
        "<th scope=\"col\">at the end</th></tr></thead><tbody>\n";
    std::size_t shown = 0;
    for (const auto& [group_serial, group] : stats.groups) {
        for (const auto& [serial, member] : group.members) {
            if (shown++ < kMost) {
                text += member_row(group_serial, serial, member, stats.span());
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
    stats_.feed(line.line);
    switch (line.line.kind) {
    case log::LineKind::record: timeline_.feed(line.line.parsed, line.line.text); return;
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

std::string Report::outages_table() const
{
    const auto& outages = timeline_.outages();
    std::string text = "<h2>Outages</h2>\n";
    if (outages.empty()) {
        return text + "<p>The log tells of none.</p>\n";
    }
    if (outages.size() < timeline_.all_outages()) {
        text +=
            fmt::format("<p>The {} longest of {}.</p>\n", outages.size(), timeline_.all_outages());
    }
    text +=
        "<div class=\"scroll\"><table id=\"outages\"><thead><tr><th scope=\"col\">from</th>"
        "<th scope=\"col\" class=\"n\">length</th><th scope=\"col\">member</th>"
        "<th scope=\"col\" class=\"n\">failed attempts</th><th scope=\"col\">began with</th>"
        "<th scope=\"col\">to</th></tr></thead><tbody>\n";
    for (const LaneOutage& outage : outages) {
        text += fmt::format(
            "<tr data-from=\"{}\" data-to=\"{}\"><td>{}</td><td class=\"n\">{}</td><td>{}</td>"
            "<td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>\n",
            outage.from, outage.to, time_cell(timeline_.first() + seconds(outage.from)),
            duration_text(seconds(outage.to - outage.from)),
            timeline_.lanes()[outage.lane].member.text(), outage.attempts,
            log::short_id_of(outage.began),
            outage.goes_on ? "goes on" : time_cell(timeline_.first() + seconds(outage.to)));
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
std::string Report::data() const
{
    std::string out = fmt::format("{{\"first\":{},\"length\":{},\"exact\":{},\"step\":{},\"ids\":[",
                                  timeline_.first().time_since_epoch().count(), timeline_.length(),
                                  timeline_.exact(), timeline_.step_seconds());
    for (const log::Message& message : log::kCatalogue) {
        out += fmt::format("{}\"{}\"", out.back() == '[' ? "" : ",", message.id);
    }
    out += "],\"lanes\":[";
    for (const Lane& lane : timeline_.lanes()) {
        out += fmt::format("{}{{\"group\":\"{}\",\"member\":\"{}\",\"parts\":[",
                           out.back() == '[' ? "" : ",\n", lane.group.text(), lane.member.text());
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

std::string Report::page(const std::vector<std::string>& files) &&
{
    timeline_.finish();
    const LogStats stats = std::move(stats_).finish();
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
    text += kReportStyle;
    text += "</style>\n</head>\n<body>\n<header>\n<h1>HA log report</h1>\n";
    text += fmt::format("<p class=\"files\">{}</p>\n", names);
    if (stats.first) {
        text +=
            fmt::format("<p>{} to {} (the client's local time), {}</p>\n", time_cell(*stats.first),
                        time_cell(*stats.last), duration_text(stats.span()));
    }
    text += "</header>\n<main>\n" + tiles(stats) + std::string(kReportTimeline);
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
    text += "</section>\n" + outages_table() + members_table(stats);
    text +=
        "<section id=\"lines\" hidden><h2>Lines</h2>\n<p id=\"lines-said\"></p>\n<ol "
        "id=\"lines-list\"></ol></section>\n";
    text +=
        others_table() +
        "</main>\n<footer><p>An outage begins when a line tells it, not when the cable was pulled. "
        "With several processes the last line about a member counts. Made by hasim log "
        "report.</p></footer>\n<script type=\"application/json\" id=\"data\">\n";
    text += data();
    text += "\n</script>\n<script>\n";
    text += kReportScript;
    return text + "</script>\n</body>\n</html>\n";
}

}  // namespace hasim::logtools
