#include "logtools/explain.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "hasim/ha_log.hpp"
#include "log/catalogue.hpp"
#include "log/template_pieces.hpp"
#include "logtools/explain_code.hpp"
#include "logtools/row_writer.hpp"

namespace hasim::logtools {
namespace {

std::string list_of(std::string_view title,
                    const std::array<std::string_view, log::kMaxAdvice>& items)
{
    std::string text;
    for (const std::string_view item : items) {
        if (!item.empty()) {
            text +=
                fmt::format("{}  - {}\n", text.empty() ? fmt::format("{}:\n", title) : "", item);
        }
    }
    return text;
}

std::string heading_of(const log::Message& message)
{
    const std::string status = message.status == log::MessageStatus::current
                                   ? std::string()
                                   : fmt::format(" ({})", log::to_text(message.status));
    return fmt::format("{}{}, form {}\n", message.id, status, message.name);
}

std::string record_text(const log::ParsedLine& record)
{
    const log::Message& message = log::message_of(record.form);
    std::string text = heading_of(message);
    text += fmt::format("  time     {} (the client's local time{})\n", stamp_text(record.stamp),
                        record.weekday_matches ? "" : "; the weekday is not that of the date");
    text += fmt::format("  process  {}\n  group    {}\n  member   {}\n", record.pid.value,
                        record.group.text(), record.member.text());
    if (log::has_attempt(record.form)) {
        text += fmt::format("  attempt  {}\n", record.attempt);
    }
    if (log::has_code(record.form)) {
        const std::string_view known = name_of(record.code);
        text += fmt::format("  code     {:#010x} {}", static_cast<std::uint32_t>(record.code),
                            printable(record.code_name));
        text +=
            known == record.code_name
                ? "\n"
                : fmt::format(" ({})\n", known == "UNKNOWN" ? "not a code that hasim knows"
                                                            : fmt::format("known as {}", known));
        text += fmt::format("           {}\n", code_meaning(record.code));
    }
    text += fmt::format("the note says: {}\nwritten when: {}\n", message.note, message.when);
    text += list_of("likely causes", message.causes);
    text += list_of("what to do next", message.next);
    return text;
}

// A sample of `message` with the prefix of the line at hand, as far as it is right.
std::size_t common_start(std::string_view a, std::string_view b)
{
    return static_cast<std::size_t>(
        std::mismatch(a.begin(),
                      a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())),
                      b.begin())
            .first -
        a.begin());
}

// The words that are the same, in order of `words`: how near a text is to a template, numbers aside.
std::size_t words_shared(std::string_view text, std::string_view words)
{
    std::size_t shared = 0;
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        const std::string_view word = words.substr(0, end);
        if (word.size() > 2 && word.find('<') == std::string_view::npos &&
            text.find(word) != std::string_view::npos) {
            ++shared;
        }
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return shared;
}

// What the message of a line, behind its prefix, is nearest to.
const log::Message* nearest_message(std::string_view text)
{
    const log::Message* best = nullptr;
    double best_score = 0;
    for (const log::Message& message : log::kCatalogue) {
        const std::string_view words =
            message.message_template.substr(log::kPrefixPlaceholder.size());
        const std::size_t all = words_shared(words, words);
        const double score =
            static_cast<double>(words_shared(text, words)) / static_cast<double>(all) +
            0.1 * static_cast<double>(common_start(text, words)) /
                static_cast<double>(words.size());
        if (score > best_score) {
            best = &message;
            best_score = score;
        }
    }
    constexpr double kNear = 0.5;
    return best_score >= kNear ? best : nullptr;
}

// What would continue the part of `line` that is right, as far as that is one thing.
std::string expected_at(std::string_view line, std::size_t matched)
{
    const std::size_t group = line.find(log::kBeforeGroup);
    if (group == std::string_view::npos || group + log::kBeforeGroup.size() > matched) {
        return "the prefix of every line: <weekday> <month> <day> <hh:mm:ss> <year> : [<pid>] HA "
               "group: <serial>";
    }
    std::size_t at = group + log::kBeforeGroup.size();
    while (at < matched && line[at] >= '0' && line[at] <= '9') {
        ++at;
    }
    const std::string_view said = line.substr(at, matched - at);
    const log::Message* const near = nearest_message(line.substr(at));
    return near == nullptr
               ? std::string(said.empty() ? "a blank and one of the messages (hasim messages)"
                                          : "one of the messages (hasim messages)")
               : fmt::format("what the template of {} has there", near->id);
}

/// For somebody who looks for a message by a word.
std::string ids_text()
{
    std::string ids;
    std::string_view last;
    for (const log::Message& message : log::kCatalogue) {
        if (message.id != last) {
            ids += fmt::format("{}{}", ids.empty() ? "" : ", ", message.id);
            last = message.id;
        }
    }
    return fmt::format("the ids of messages are {}; hasim messages says what each means\n", ids);
}

std::string no_record_text(std::string_view line, const Explanation& explanation)
{
    constexpr std::size_t kShown = 160;
    const log::ParsedLine& parsed = explanation.parsed;
    const log::LineKind kind = explanation.kind;
    const std::size_t column = parsed.matched + 1;
    std::string text = kind == log::LineKind::torn
                           ? "a torn line: part of a record whose end or beginning is missing\n"
                           : "not a line that the note describes\n";
    const std::size_t from = parsed.matched > kShown / 2 ? parsed.matched - kShown / 2 : 0;
    const std::string before = printable(line.substr(from, parsed.matched - from));
    text += fmt::format("  {}{}\n", before, printable(line.substr(parsed.matched, kShown)));
    text += fmt::format("  {:>{}}\n", '^', before.size() + 1);
    text += fmt::format("at column {} hasim expects {}\n", column, explanation.expected);
    if (const log::Message* const near = explanation.nearest) {
        text +=
            fmt::format("it is nearest to:\n  {}\n  {}", near->message_template, heading_of(*near));
        text += fmt::format("the note says: {}\n", near->note);
    } else if (line.find(' ') == std::string_view::npos) {
        text += ids_text();
    }
    return text;
}

}  // namespace

Explanation explain(std::string_view line)
{
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
        line.remove_suffix(1);
    }
    Explanation explanation;
    explanation.kind = log::parse_line(line, explanation.parsed);
    switch (explanation.kind) {
    case log::LineKind::record:
        explanation.is_record = true;
        explanation.text = record_text(explanation.parsed);
        return explanation;
    case log::LineKind::empty:
        explanation.text = "an empty line: it means nothing\n";
        return explanation;
    case log::LineKind::torn:
    case log::LineKind::unknown: break;
    }
    explanation.expected = expected_at(line, explanation.parsed.matched);
    const std::size_t group = line.find("HA group:");
    explanation.nearest =
        nearest_message(group == std::string_view::npos ? line : line.substr(group));
    explanation.text = no_record_text(line, explanation);
    return explanation;
}

}  // namespace hasim::logtools
