#include "logtools/row_writer.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/buffer_writer.hpp"
#include "base/plain_text.hpp"
#include "log/catalogue.hpp"

namespace hasim::logtools {
namespace {

void append_padded(std::string& out, unsigned value, std::size_t width)
{
    char digits[20];
    const auto size =
        static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - digits);
    out.append(width > size ? width - size : 0, '0');
    out.append(digits, size);
}

void append_code(std::string& out, Code code)
{
    out += fmt::format("0x{:08x}", static_cast<std::uint32_t>(code));
}

// Whether JSON may hold it as it is, and no terminal obeys it.
bool is_plain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

void append_escaped(std::string& out, std::string_view text)
{
    for (const char c : text) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\t': out += "\\t"; break;
        case '\r': out += "\\r"; break;
        case '\n': out += "\\n"; break;
        default: out += c;
        }
    }
}

constexpr std::string_view kColumns[] = {"kind",  "file",      "line", "time",    "pid",
                                         "group", "message",   "form", "member",  "attempt",
                                         "code",  "code_name", "text", "matched", "glued"};
constexpr std::size_t kRecordColumns = 9;  // those of a record alone: from time to code_name

}  // namespace

void append_json_string(std::string& out, std::string_view text)
{
    out += '"';
    if (is_plain(text)) {
        out += text;
    } else {
        append_escaped(out, printable(text));
    }
    out += '"';
}

void append_stamp(std::string& out, LocalSeconds stamp)
{
    using namespace std::chrono;
    const local_days day = floor<days>(stamp);
    const year_month_day date{day};
    const auto second = static_cast<unsigned>((stamp - day).count());
    append_padded(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 2);
    out += 'T';
    append_padded(out, second / 3600, 2);
    out += ':';
    append_padded(out, second / 60 % 60, 2);
    out += ':';
    append_padded(out, second % 60, 2);
}

std::string stamp_text(LocalSeconds stamp)
{
    std::string text;
    append_stamp(text, stamp);
    return text;
}

void RowWriter::header(std::string& out) const
{
    if (format_ == RowFormat::json) {
        return;
    }
    std::string_view separator;
    for (const std::string_view column : kColumns) {
        out += separator;
        out += column;
        separator = format_ == RowFormat::csv ? "," : "\t";
    }
    out += '\n';
}

void RowWriter::row(std::string& out, const PlacedLine& line) const
{
    if (format_ == RowFormat::json) {
        json_row(out, line);
    } else {
        separated_row(out, line);
    }
}

void RowWriter::json_row(std::string& out, const PlacedLine& line)
{
    out += "{\"kind\":\"";
    out += log::to_text(line.line.kind);
    out += "\",\"file\":";
    append_json_string(out, line.file);
    out += ",\"line\":";
    append_number(out, line.line.number);
    if (line.line.kind == log::LineKind::record) {
        const log::ParsedLine& record = line.line.parsed;
        const log::Message& message = log::message_of(record.form);
        out += ",\"time\":\"";
        append_stamp(out, record.stamp);
        out += "\",\"pid\":";
        append_number(out, record.pid.value);
        out += ",\"group\":\"";
        out += record.group.text();
        out += "\",\"message\":\"";
        out += message.id;
        out += "\",\"form\":\"";
        out += message.name;
        out += "\",\"member\":\"";
        out += record.member.text();
        out += '"';
        if (log::has_attempt(record.form)) {
            out += ",\"attempt\":";
            append_number(out, record.attempt);
        }
        if (log::has_code(record.form)) {
            out += ",\"code\":\"";
            append_code(out, record.code);
            out += "\",\"code_name\":";
            append_json_string(out, record.code_name);
        }
    } else {
        out += ",\"matched\":";
        append_number(out, line.cut ? 0 : line.line.parsed.matched);
        out += ",\"text\":";
        append_json_string(out, line.line.text.substr(0, kShownText));
        if (line.cut || line.line.text.size() > kShownText) {
            out += ",\"shortened\":true";
        }
    }
    if (line.line.glued) {
        out += ",\"glued\":true";
    }
    out += "}\n";
}

void RowWriter::field(std::string& out, std::string_view text) const
{
    out += format_ == RowFormat::tsv ? '\t' : ',';
    if (format_ == RowFormat::tsv || text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        out += c;
        out += c == '"' ? "\"" : "";
    }
    out += '"';
}

void RowWriter::separated_row(std::string& out, const PlacedLine& line) const
{
    const char separator = format_ == RowFormat::csv ? ',' : '\t';
    out += log::to_text(line.line.kind);
    field(out, printable(line.file));
    out += separator;
    append_number(out, line.line.number);
    if (line.line.kind != log::LineKind::record) {
        out.append(kRecordColumns, separator);
        field(out, printable(line.line.text.substr(0, kShownText)));
        out += separator;
        append_number(out, line.cut ? 0 : line.line.parsed.matched);
        end_of_row(out, line);
        return;
    }
    const log::ParsedLine& record = line.line.parsed;
    const log::Message& message = log::message_of(record.form);
    append_stamp(out += separator, record.stamp);
    append_number(out += separator, record.pid.value);
    for (const std::string_view text :
         {record.group.text(), message.id, message.name, record.member.text()}) {
        out += separator;
        out += text;
    }
    out += separator;
    if (log::has_attempt(record.form)) {
        append_number(out, record.attempt);
    }
    out += separator;
    if (log::has_code(record.form)) {
        append_code(out, record.code);
        field(out, printable(record.code_name));
    } else {
        out += separator;
    }
    out.append(2, separator);
    end_of_row(out, line);
}

void RowWriter::end_of_row(std::string& out, const PlacedLine& line) const
{
    field(out, line.line.glued ? "true" : "");
    out += '\n';
}

}  // namespace hasim::logtools
