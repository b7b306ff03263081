#include "corpus/labels.hpp"

#include <fmt/core.h>

#include "base/assert.hpp"
#include "log/catalogue.hpp"
#include "log/format.hpp"
#include "scenario/values.hpp"

namespace hasim::corpus {
namespace {

void put_noise(BufferWriter& writer, NoiseSet noise)
{
    if (noise == 0) {
        writer.text("null");
        return;
    }
    char before = '[';
    for (std::size_t i = 0; i < kNoises; ++i) {
        if ((noise & (1U << i)) != 0) {
            writer.character(before);
            writer.character('"');
            writer.text(kNoiseNames[i]);
            writer.character('"');
            before = ',';
        }
    }
    writer.character(']');
}

void put_or_null(BufferWriter& writer, std::uint64_t number)
{
    if (number == 0) {
        writer.text("null");
    } else {
        writer.number(number);
    }
}

/// What a row says of each form between the group's serial and the member's.
const std::array<std::string, kLogForms>& message_texts()
{
    static const std::array<std::string, kLogForms> all = [] {
        std::array<std::string, kLogForms> made;
        for (std::size_t i = 0; i < kLogForms; ++i) {
            made[i] = fmt::format("\",\"message\":\"{}\",\"form\":\"{}\",\"member\":\"",
                                  log::kCatalogue[i].id, log::kCatalogue[i].name);
        }
        return made;
    }();
    return all;
}

/// The message as Loghub writes templates: what varies is <*>.
std::string template_of(const log::Message& message)
{
    std::string text;
    bool inside = false;
    for (const char c : message.message_template) {
        inside = inside || c == '<';
        if (!inside) {
            text += c;
        }
        if (c == '>') {
            inside = false;
            text += "<*>";
        }
    }
    return "HA group: " + text;  // the first <*> is the prefix, which ends in the group's serial
}

/// Each of the two is looked for by itself: the library does that many characters at a time.
bool needs_quotes(std::string_view text)
{
    return text.find(',') != std::string_view::npos || text.find('"') != std::string_view::npos;
}

/// In quotes where it must be. What is no printable ASCII becomes a question mark: readers of CSV want text.
void append_field(std::string& out, std::string_view text)
{
    const bool quoted = needs_quotes(text);
    out += quoted ? "\"" : "";
    for (const char c : text) {
        const bool printable = c >= ' ' && c <= '~';
        out += printable ? c : '?';
        if (c == '"') {
            out += '"';
        }
    }
    out += quoted ? "\"" : "";
}

/// The same for the text of a record, which is printable.
void append_record_field(std::string& out, std::string_view text)
{
    if (needs_quotes(text)) {
        append_field(out, text);
    } else {
        out += text;
    }
}

/// Each as a field.
const std::array<std::string, kLogForms>& templates()
{
    static const std::array<std::string, kLogForms> all = [] {
        std::array<std::string, kLogForms> made;
        for (std::size_t i = 0; i < kLogForms; ++i) {
            append_field(made[i], template_of(log::kCatalogue[i]));
        }
        return made;
    }();
    return all;
}

/// The end of a row: ",E1,<template>" and the newline.
std::string_view event_of(LogForm form)
{
    static const std::array<std::string, kLogForms> all = [] {
        std::array<std::string, kLogForms> made;
        for (std::size_t i = 0; i < kLogForms; ++i) {
            made[i] = fmt::format(",E{},{}\n", i + 1, templates()[i]);
        }
        return made;
    }();
    return all[static_cast<std::size_t>(form)];
}

}  // namespace

void LabelText::set_day(std::chrono::sys_days day)
{
    day_ = day;
    day_text_ = scenario::wall_time_text(WallTime(day)).substr(0, 11);  // "2017-10-04T"
}

void LabelText::append(std::string& out, std::string_view file, const Label& label)
{
    using namespace std::chrono;
    const sys_days day = floor<days>(label.time);
    if (day != day_ || day_text_.empty()) {
        set_day(day);
    }
    const auto millis = static_cast<std::uint64_t>(floor<milliseconds>(label.time - day).count());
    std::array<char, kMaxRow> row;
    BufferWriter writer(row.data());
    writer.text("{\"id\":");
    writer.number(label.id);
    writer.text(",\"file\":\"");
    writer.text(file.substr(0, kMaxFileName));
    writer.text("\",\"line\":");
    writer.number(label.line);
    writer.text(",\"offset\":");
    writer.number(label.offset);
    writer.text(",\"time\":\"");
    writer.text(day_text_);
    writer.clock(millis / 1000);
    writer.character('.');
    writer.character(static_cast<char>('0' + millis / 100 % 10));
    writer.two_digits(millis);
    if (label.is_record) {
        put_record(writer, label);
    } else {
        writer.text(
            "Z\",\"pid\":null,\"group\":null,\"message\":null,\"form\":null,\"member\":null,"
            "\"attempt\":null,\"code\":null,\"outage\":null,\"noise\":");
    }
    put_noise(writer, label.noise);
    writer.text("}\n");
    out.append(row.data(), writer.at());
}

void LabelText::put_record(BufferWriter& writer, const Label& label)
{
    const LogRecord& record = label.record;
    writer.text("Z\",\"pid\":");
    writer.number(record.pid.value);
    writer.text(",\"group\":\"");
    writer.text(record.group.text());
    writer.text(message_texts()[static_cast<std::size_t>(record.form)]);
    writer.text(record.member.text());
    writer.text("\",\"attempt\":");
    put_or_null(writer, record.attempt);
    if (log::has_code(record.form)) {
        writer.text(",\"code\":\"");
        writer.hex(static_cast<std::uint32_t>(record.code));
        writer.character('"');
    } else {
        writer.text(",\"code\":null");
    }
    writer.text(",\"outage\":");
    put_or_null(writer, label.outage);
    writer.text(",\"noise\":");
}

void append_outage(std::string& out, const corpus::DrawnOutage& outage, WallTime start,
                   WallTime corpus_end, const std::vector<std::uint64_t>& lines)
{
    const WallTime begin = start + outage.start.time_since_epoch();
    const WallTime end = start + outage.end.time_since_epoch();
    out += fmt::format("{{\"id\":{},\"kind\":\"", outage.id);
    for (const char c : outage.kind) {
        out += c == '"' || c == '\\' ? "\\" : "";
        out += c >= ' ' && c <= '~' ? c : '?';
    }
    out += "\",\"appliances\":[";
    for (std::size_t i = 0; i < outage.appliances.size(); ++i) {
        out += fmt::format("{}\"hsm{}\"", i == 0 ? "" : ",", outage.appliances[i]);
    }
    out += outage.partition.empty()
               ? std::string("],\"partition\":null")
               : fmt::format("],\"partition\":\"{}\"", outage.partition.text());
    out += fmt::format(",\"start\":\"{}\",\"end\":", scenario::wall_time_text(begin));
    out += end > corpus_end ? std::string("null")
                            : fmt::format("\"{}\"", scenario::wall_time_text(end));
    out += fmt::format(",\"count\":{},\"lines\":[", lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        out += i == 0 ? "" : ",";
        append_number(out, lines[i]);
    }
    out += "]}\n";
}

void append_structured(std::string& out, std::uint64_t id, std::string_view line,
                       const LogForm* form)
{
    const std::size_t pid_end = form == nullptr ? std::string_view::npos : line.find("] ");
    if (pid_end == std::string_view::npos) {
        append_number(out, id);
        out += ",,,,,,,";
        append_field(out, line);
        out += form == nullptr ? std::string_view(",E0,<*>\n") : event_of(*form);
        return;
    }
    // "Wed Oct 4 16:29:21 2017 : [17469] ...": five words, then the process.
    const std::string_view head = line.substr(0, pid_end);
    HASIM_ASSERT(head.size() <= log::kMaxLineLength);
    // Room for all of it twice: once as words, once as the process where no bracket opens.
    std::array<char, BufferWriter::kMaxNumber + 2 * log::kMaxLineLength + 8> fields;
    BufferWriter writer(fields.data());
    writer.number(id);
    std::size_t at = 0;
    for (int word = 0; word < 5; ++word) {
        at = head.find_first_not_of(' ', at);
        const std::size_t end = head.find(' ', at);
        writer.character(',');
        writer.text(head.substr(at, end - at));
        at = end;
    }
    writer.character(',');
    writer.text(head.substr(head.find('[', at) + 1));
    writer.character(',');
    out.append(fields.data(), writer.at());
    append_record_field(out, line.substr(pid_end + 2));
    out += event_of(*form);
}

std::string templates_table(const EventCounts& counts)
{
    std::string out = "EventId,EventTemplate,Occurrences\n";
    if (counts[0] != 0) {
        out += fmt::format("E0,<*>,{}\n", counts[0]);
    }
    for (std::size_t i = 0; i < kLogForms; ++i) {
        out += fmt::format("E{},", i + 1);
        out += templates()[i];
        out += fmt::format(",{}\n", counts[i + 1]);
    }
    return out;
}

}  // namespace hasim::corpus
