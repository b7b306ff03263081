// The file as a whole: lines, blocks, order, limits.
#include "scenario/parse.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace hasim {
namespace scenario {
namespace {

// Splits the text into lines, and hands them out with their numbers.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    // The next line without its end; false when there is none.
    bool next(std::string_view& line)
    {
        if (rest_.empty()) {
            return false;
        }
        const std::size_t end = rest_.find('\n');
        line = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        while (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        ++number_;
        return true;
    }
    [[nodiscard]] std::uint32_t number() const { return number_; }

private:
    std::string_view rest_;
    std::uint32_t number_ = 0;
};

class ScenarioReader {
public:
    ScenarioReader(std::string_view text, Scenario& scenario, Findings& findings)
        : lines_(text), scenario_(scenario), findings_(findings)
    {
    }

    void read()
    {
        std::string_view line;
        while (!findings_.full() && next_line(line)) {
            read_line(line);
        }
        if (!saw_version_ && findings_.size() == 0) {
            findings_.error({1, 1}, "an empty scenario; it begins with 'hasim 1'");
        }
    }

private:
    // The next line that is not too long; false at the end, and when there are too many.
    bool next_line(std::string_view& line)
    {
        while (lines_.next(line)) {
            if (lines_.number() > kMaxScenarioLines) {
                findings_.error({lines_.number(), 1},
                                fmt::format("a scenario has at most {} lines", kMaxScenarioLines));
                return false;
            }
            if (line.size() <= kMaxScenarioLine) {
                return true;
            }
            findings_.error({lines_.number(), static_cast<std::uint32_t>(kMaxScenarioLine + 1)},
                            fmt::format("a line has at most {} bytes", kMaxScenarioLine));
        }
        return false;
    }

    void read_line(std::string_view line)
    {
        const auto words = split_words(line, lines_.number(), findings_);
        if (!words) {
            return;
        }
        if (words->words.empty()) {
            if (words->comment) {
                comments_.push_back(*words->comment);
            }
            return;
        }
        Cursor cursor(*words, lines_.number(), findings_);
        const Place place = cursor.place();
        const std::string keyword(cursor.peek());
        if (!saw_version_) {
            saw_version_ = true;
            if (keyword == "hasim") {
                read_version(cursor);
                keep_in_opening();
                return;
            }
            findings_.error(place, fmt::format("expected 'hasim 1' as the first line, found '{}'",
                                               shown(words->words.front().text)));
        }
        if (is_header_word(keyword)) {
            read_header(keyword, place, cursor);
            keep_in_opening();
        } else {
            read_body(keyword, place, cursor, words->comment.value_or(""));
            comments_.clear();
        }
    }

    static void read_version(Cursor& cursor)
    {
        cursor.advance();
        const Place place = cursor.place();
        const auto version = cursor.number("the version of the language", 0, UINT32_MAX);
        if (version && *version != 1) {
            cursor.fail_at(place,
                           fmt::format("version {} of the language is not known; this is version 1",
                                       *version));
        }
        cursor.finish();
    }

    void read_header(std::string_view keyword, Place place, Cursor& cursor)
    {
        if (in_body_) {
            cursor.fail_at(place,
                           fmt::format("'{}' belongs to the header, above the first event or "
                                       "expectation",
                                       keyword));
            if (keyword == "conf" && cursor.peek(1) == "<<") {
                std::vector<std::string> skipped;
                read_block(place, "conf", skipped);
            }
            return;
        }
        cursor.advance();
        if (keyword == "conf" && cursor.peek() == "<<") {
            read_conf_block(place, cursor);
            return;
        }
        parse_header(keyword, place, cursor, scenario_);
    }

    void read_conf_block(Place place, Cursor& cursor)
    {
        if (!std::holds_alternative<std::monostate>(scenario_.conf)) {
            cursor.fail_at(place, "a second 'conf': it may stand once");
        }
        cursor.advance();
        cursor.finish();
        std::vector<std::string> lines;
        read_block(place, "conf", lines);
        ConfText conf;
        for (const std::string& line : lines) {
            conf.text += line;
            conf.text += '\n';
        }
        scenario_.conf = std::move(conf);
        scenario_.conf_place = place;
    }

    void read_body(std::string_view keyword, Place place, Cursor& cursor, std::string comment)
    {
        const bool known = keyword == "at" || keyword == "every" || keyword == "on" ||
                           keyword == "expect" || keyword == "log";
        in_body_ = in_body_ || known;  // An unknown word may be a misspelt line of the header.
        if (keyword == "at" || keyword == "every" || keyword == "on") {
            read_event(place, cursor, std::move(comment));
        } else if (keyword == "expect") {
            cursor.advance();
            Expectation expectation{place, {}, {std::move(comments_), std::move(comment)}};
            if (parse_expectation(cursor, expectation) && cursor.finish()) {
                add(scenario_.expectations, std::move(expectation), kMaxExpectations,
                    "expectations");
            }
        } else if (keyword == "log") {
            read_log(place, cursor);
        } else if (keyword == "hasim") {
            cursor.fail_at(place, "'hasim' stands in the first line only");
        } else {
            cursor.fail(
                "a line of a scenario (at, every, on, expect, log, or a line of the header)",
                {"conf", "start", "timezone", "client", "seed", "for", "load", "place", "messages",
                 "stamp", "pin", "port", "live", "at", "every", "on", "expect", "log"});
        }
    }

    void read_event(Place place, Cursor& cursor, std::string comment)
    {
        Event event;
        event.place = place;
        event.remarks = {std::move(comments_), std::move(comment)};
        if (parse_trigger(cursor, event.trigger) &&
            parse_action(cursor, event.target, event.fault) && cursor.finish()) {
            add(scenario_.events, std::move(event), kMaxScenarioEvents, "events");
        }
    }

    template <class List, class Item>
    void add(List& list, Item&& item, std::size_t most, std::string_view what)
    {
        if (list.size() == most) {
            if (!std::exchange(told_limit_, true)) {
                findings_.error(item.place,
                                fmt::format("a scenario has at most {} {}", most, what));
            }
            return;
        }
        list.push_back(std::forward<Item>(item));
    }

    void read_log(Place place, Cursor& cursor)
    {
        LogBlock block;
        block.place = place;
        block.above = std::move(comments_);
        if (scenario_.log) {
            cursor.fail_at(place, fmt::format("a second 'log' block; the first is in line {}",
                                              scenario_.log->place.line));
        }
        cursor.advance();
        if (cursor.peek() != "<<") {
            cursor.fail("'<<'", {"<<"});
            return;
        }
        cursor.advance();
        cursor.finish();
        read_block(place, "log", block.lines);
        block.end_line = lines_.number();
        if (!scenario_.log) {
            scenario_.log = std::move(block);
        }
    }

    // Lines up to one that is exactly ">>".
    void read_block(Place place, std::string_view keyword, std::vector<std::string>& block)
    {
        std::string_view line;
        while (next_line(line)) {
            if (line == ">>") {
                return;
            }
            block.emplace_back(line);
        }
        findings_.error(
            place, fmt::format("'{} <<' without its end: a line that is exactly '>>'", keyword));
    }

    void keep_in_opening()
    {
        std::move(comments_.begin(), comments_.end(), std::back_inserter(scenario_.opening));
        comments_.clear();
    }

    Lines lines_;
    Scenario& scenario_;
    Findings& findings_;
    std::vector<std::string> comments_;  // whole-line comments not yet given to a line
    bool saw_version_ = false;
    bool in_body_ = false;
    bool told_limit_ = false;
};

}  // namespace

void read_scenario(std::string_view text, Scenario& scenario, Findings& findings)
{
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text.size() > kMaxScenarioBytes) {
        findings.error(
            {}, fmt::format("{} bytes; a scenario has at most {}", text.size(), kMaxScenarioBytes));
        return;
    }
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        text.remove_prefix(kByteOrderMark.size());
    }
    ScenarioReader(text, scenario, findings).read();
}

}  // namespace scenario

bool ScenarioResult::ok() const
{
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.severity == Severity::error; });
}

ScenarioResult parse_scenario(std::string_view file, std::string_view text, LogBlockUse log_block)
{
    ScenarioResult result;
    scenario::Findings findings(file);
    scenario::read_scenario(text, result.scenario, findings);
    scenario::check_consistency(result.scenario, findings);
    if (log_block == LogBlockUse::expected) {
        scenario::check_log_block(result.scenario, findings);
    }
    result.findings = findings.take();
    return result;
}

EventResult parse_event_line(std::string_view text)
{
    EventResult result;
    scenario::Findings findings("");
    const auto words =
        text.size() <= kMaxScenarioLine ? scenario::split_words(text, 1, findings) : std::nullopt;
    if (text.size() > kMaxScenarioLine) {
        findings.error({1, 1}, fmt::format("a line has at most {} bytes", kMaxScenarioLine));
    }
    if (words) {
        scenario::Cursor cursor(*words, 1, findings);
        Event event;
        event.place = cursor.place();
        const std::string_view word = cursor.peek();
        const bool triggered = word == "at" || word == "every" || word == "on";
        if ((!triggered || scenario::parse_trigger(cursor, event.trigger)) &&
            scenario::parse_action(cursor, event.target, event.fault) && cursor.finish()) {
            result.event = std::move(event);
        }
    }
    result.findings = findings.take();
    return result;
}

LoadResult parse_load(std::string_view text)
{
    LoadResult result;
    scenario::Findings findings("");
    const auto words = scenario::split_words(text.substr(0, kMaxScenarioLine), 1, findings);
    if (words) {
        scenario::Cursor cursor(*words, 1, findings);
        Load load;
        const bool none = cursor.accept("none");
        if ((none || scenario::parse_load_words(cursor, load)) && cursor.finish() && !none) {
            result.load = std::move(load);
        }
    }
    result.findings = findings.take();
    return result;
}

LogPatternResult parse_log_pattern(std::string_view text)
{
    LogPatternResult result;
    scenario::Findings findings("");
    const auto words = scenario::split_words(text.substr(0, kMaxScenarioLine), 1, findings);
    if (words) {
        scenario::Cursor cursor(*words, 1, findings);
        LogPattern pattern;
        if (scenario::parse_pattern(cursor, pattern) && cursor.finish()) {
            result.pattern = std::move(pattern);
        }
    }
    result.findings = findings.take();
    return result;
}

std::string with_log(std::string_view text, const Scenario& scenario,
                     const std::vector<std::string>& lines)
{
    std::string block;
    for (const std::string& line : lines) {
        block += line;
        block += '\n';
    }
    std::string result;
    if (!scenario.log) {
        result = text;
        if (!result.empty() && result.back() != '\n') {
            result += '\n';
        }
        return result + "log <<\n" + block + ">>\n";
    }
    std::uint32_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
        text.remove_prefix(line.size());
        ++number;
        if (number <= scenario.log->place.line || number >= scenario.log->end_line) {
            result += line;
        }
        if (number == scenario.log->place.line) {
            result += block;
        }
    }
    return result;
}

}  // namespace hasim
