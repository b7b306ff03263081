#include "corpus/labels.hpp"

#include <charconv>

#include <fmt/core.h>

#include "log/catalogue.hpp"
#include "sim/scenario_values.hpp"

namespace hasim::corpus {
namespace {

void append_two(std::string& out, std::uint64_t number)
{
    out += static_cast<char>('0' + number / 10 % 10);
    out += static_cast<char>('0' + number % 10);
}

void append_hex(std::string& out, std::uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4) {
        out += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 15U];
    }
}

void append_noise(std::string& out, NoiseSet noise)
{
    if (noise == 0) {
        out += "null";
        return;
    }
    char before = '[';
    for (std::size_t i = 0; i < kNoises; ++i) {
        if ((noise & (1U << i)) != 0) {
            out += before;
            out += '"';
            out += kNoiseNames[i];
            out += '"';
            before = ',';
        }
    }
    out += ']';
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

const std::array<std::string, kLogForms>& templates()
{
    static const std::array<std::string, kLogForms> all = [] {
        std::array<std::string, kLogForms> made;
        for (std::size_t i = 0; i < kLogForms; ++i) {
            made[i] = template_of(log::kCatalogue[i]);
        }
        return made;
    }();
    return all;
}

/// In quotes where it must be. What is no printable ASCII becomes a question mark: readers of CSV want text.
void append_field(std::string& out, std::string_view text)
{
    const bool quoted = text.find_first_of(",\"") != std::string_view::npos;
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

}  // namespace

void append_number(std::string& out, std::uint64_t number)
{
    std::array<char, 20> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void LabelText::append_time(std::string& out, WallTime time)
{
    using namespace std::chrono;
    const sys_days day = floor<days>(time);
    if (day != day_ || day_text_.empty()) {
        day_ = day;
        day_text_ = sim::wall_time_text(WallTime(day)).substr(0, 11);  // "2017-10-04T"
    }
    const auto millis = static_cast<std::uint64_t>(floor<milliseconds>(time - day).count());
    out += day_text_;
    append_two(out, millis / 3600000);
    out += ':';
    append_two(out, millis / 60000 % 60);
    out += ':';
    append_two(out, millis / 1000 % 60);
    out += '.';
    out += static_cast<char>('0' + millis / 100 % 10);
    append_two(out, millis % 100);
    out += 'Z';
}

void LabelText::append(std::string& out, std::string_view file, const Label& label)
{
    out += "{\"id\":";
    append_number(out, label.id);
    out += ",\"file\":\"";
    out += file;
    out += "\",\"line\":";
    append_number(out, label.line);
    out += ",\"offset\":";
    append_number(out, label.offset);
    out += ",\"time\":\"";
    append_time(out, label.time);
    if (!label.is_record) {
        out +=
            "\",\"pid\":null,\"group\":null,\"message\":null,\"form\":null,\"member\":null,"
            "\"attempt\":null,"
            "\"code\":null,\"outage\":null,\"noise\":";
        append_noise(out, label.noise);
        out += "}\n";
        return;
    }
    const LogRecord& record = label.record;
    const log::Message& message = log::kCatalogue[static_cast<std::size_t>(record.form)];
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
    out += "\",\"attempt\":";
    if (record.attempt == 0) {
        out += "null";
    } else {
        append_number(out, record.attempt);
    }
    if (log::has_code(record.form)) {
        out += ",\"code\":\"0x";
        append_hex(out, static_cast<std::uint32_t>(record.code));
        out += '"';
    } else {
        out += ",\"code\":null";
    }
    out += ",\"outage\":";
    if (label.outage == 0) {
        out += "null";
    } else {
        append_number(out, label.outage);
    }
    out += ",\"noise\":";
    append_noise(out, label.noise);
    out += "}\n";
}

void append_outage(std::string& out, const sim::DrawnOutage& outage, WallTime start,
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
    out += fmt::format(",\"start\":\"{}\",\"end\":", sim::wall_time_text(begin));
    out += end > corpus_end ? std::string("null") : fmt::format("\"{}\"", sim::wall_time_text(end));
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
    append_number(out, id);
    const std::size_t pid_end = form == nullptr ? std::string_view::npos : line.find("] ");
    if (pid_end == std::string_view::npos) {
        out += ",,,,,,,";
        append_field(out, line);
    } else {
        // "Wed Oct 4 16:29:21 2017 : [17469] ...": five words, then the process.
        std::size_t at = 0;
        for (int word = 0; word < 5; ++word) {
            at = line.find_first_not_of(' ', at);
            const std::size_t end = line.find(' ', at);
            out += ',';
            out += line.substr(at, end - at);
            at = end;
        }
        const std::size_t pid = line.find('[', at) + 1;
        out += ',';
        out += line.substr(pid, pid_end - pid);
        out += ',';
        append_field(out, line.substr(pid_end + 2));
    }
    if (form == nullptr) {
        out += ",E0,<*>\n";
        return;
    }
    out += ",E";
    append_number(out, static_cast<std::uint64_t>(*form) + 1);
    out += ',';
    append_field(out, templates()[static_cast<std::size_t>(*form)]);
    out += '\n';
}

std::string templates_table(const std::array<std::uint64_t, kLogForms>& counts)
{
    std::string out = "EventId,EventTemplate,Occurrences\n";
    for (std::size_t i = 0; i < kLogForms; ++i) {
        out += fmt::format("E{},", i + 1);
        append_field(out, templates()[i]);
        out += fmt::format(",{}\n", counts[i]);
    }
    return out;
}

}  // namespace hasim::corpus
