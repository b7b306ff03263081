// Goal: each tool that is given its definition reads every line as the catalogue means it: each form, one- and two-
// digit days, both styles of stamp. Method: lnav and liblognorm are run; for the others their regular expressions are
// taken out of their definitions and tried with PCRE2. tests/parsers runs more tools, and on corpora.
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

#include <array>
#include <map>
#include <sstream>

#if __has_include(<pcre2.h>)
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#endif

#include "hasim/ha_log.hpp"
#include "log/catalogue.hpp"
#include "log/format.hpp"
#include "logtools/definitions.hpp"

using namespace hasim;
using namespace hasim::logtools;
using namespace hasim::test;

namespace {

struct Sample {
    LogRecord record;
    std::string line;
};

// Every form on the 4th and on the 14th, as the note prints the day and as ctime does.
std::vector<Sample> samples()
{
    std::vector<Sample> all;
    for (const int day : {4, 14}) {
        LocalSeconds stamp = std::chrono::local_days{std::chrono::year(2017) / 10 / day};
        for (const StampStyle style : {StampStyle::note, StampStyle::ctime}) {
            for (const log::Message& message : log::kCatalogue) {
                log::ParsedLine parsed;
                REQUIRE(log::parse_line(message.sample, parsed) == log::LineKind::record);
                Sample sample{log::to_record(parsed, parsed.stamp), ""};
                sample.record.member = *Serial::parse("00240000000000000009");
                sample.record.attempt = log::has_attempt(message.form) ? 120 : 0;
                std::array<char, log::kMaxLineLength> buffer{};
                stamp += std::chrono::seconds(37);
                sample.line.assign(buffer.data(),
                                   log::format_line(sample.record, stamp, style, buffer));
                all.push_back(std::move(sample));
            }
        }
    }
    return all;
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

bool installed(const std::string& program)
{
    const Finished found = run_hasim({"-c", "command -v " + program}, {.program = "/bin/sh"});
    if (found.exit_code != 0) {
        WARN(program << " is not installed: its definition is not tried");
    }
    return found.exit_code == 0;
}

std::string sample_text()
{
    std::string text;
    for (const Sample& sample : samples()) {
        text += sample.line + '\n';
    }
    return text;
}

#if __has_include(<pcre2.h>)
class Expression {
public:
    explicit Expression(const std::string& text)
    {
        int error = 0;
        PCRE2_SIZE where = 0;
        code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                              PCRE2_DUPNAMES, &error, &where, nullptr);
        INFO(text);
        REQUIRE(code_ != nullptr);
        match_ = pcre2_match_data_create_from_pattern(code_, nullptr);
    }
    ~Expression()
    {
        pcre2_match_data_free(match_);
        pcre2_code_free(code_);
    }
    Expression(const Expression&) = delete;
    Expression& operator=(const Expression&) = delete;

    bool matches(const std::string& line)
    {
        line_ = line;
        return pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(line_.data()), line_.size(), 0, 0,
                           match_, nullptr) > 0;
    }
    std::string group(const char* name)
    {
        PCRE2_UCHAR* text = nullptr;
        PCRE2_SIZE size = 0;
        if (pcre2_substring_get_byname(match_, reinterpret_cast<PCRE2_SPTR>(name), &text, &size) !=
            0) {
            return "";
        }
        std::string out(reinterpret_cast<const char*>(text), size);
        pcre2_substring_free(text);
        return out;
    }

private:
    pcre2_code* code_ = nullptr;
    pcre2_match_data* match_ = nullptr;
    std::string line_;
};

// `expressions`, by form, each match their own lines alone, with the right parts. Some take more lines behind.
void check_expressions(const std::map<std::string, std::string>& expressions,
                       bool more_lines = true)
{
    CHECK(expressions.size() == kLogForms);
    for (const auto& [name, text] : expressions) {
        const auto form = log::form_named(name);
        REQUIRE(form);
        Expression expression(text);
        for (const Sample& sample : samples()) {
            INFO(sample.line);
            REQUIRE(expression.matches(sample.line) == (sample.record.form == *form));
            CHECK(expression.matches(sample.line + "\r") == (sample.record.form == *form));
            CHECK(expression.matches(sample.line + "\nmore") ==
                  (more_lines && sample.record.form == *form));
            CHECK_FALSE(expression.matches(sample.line + " more"));
            CHECK_FALSE(expression.matches(sample.line + "\rmore"));
            CHECK_FALSE(expression.matches("more " + sample.line));
            if (expression.matches(sample.line)) {
                CHECK(expression.group("timestamp") ==
                      sample.line.substr(0, sample.line.find(" : [")));
                CHECK(expression.group("pid") == "17469");
                CHECK(expression.group("group") == "11234840370164");
                CHECK(expression.group("member") == sample.record.member.text());
                CHECK(expression.group("attempt") == (sample.record.attempt == 0 ? "" : "120"));
                CHECK(expression.group("code_name") ==
                      (log::has_code(*form) ? hasim::name_of(sample.record.code) : ""));
            }
        }
    }
}

// By form: what stands between `before` + form + `between` and the end of the line, or `after`.
std::map<std::string, std::string> taken_from(const std::string& text, const std::string& before,
                                              const std::string& between,
                                              const std::string& after = "\n")
{
    std::map<std::string, std::string> found;
    for (const log::Message& message : log::kCatalogue) {
        const std::string start = before + std::string(message.name) + between;
        const std::size_t at = text.find(start);
        INFO(start);
        REQUIRE(at != std::string::npos);
        const std::size_t from = at + start.size();
        found[std::string(message.name)] = text.substr(from, text.find(after, from) - from);
    }
    return found;
}
#endif

}  // namespace

#if __has_include(<pcre2.h>)
TEST_CASE("the regular expressions of every tool match the lines of their form alone")
{
    const std::string newline = "\n";
    check_expressions(taken_from(newline + definition_for(Tool::regex), newline, "\t"));
    check_expressions(taken_from(definition_for(Tool::splunk), "EXTRACT-halog_", " = "));
    check_expressions(taken_from(definition_for(Tool::fluent_bit), "Name         halog_",
                                 "\n    Format       regex\n    Regex        "));
    const std::string grok = newline + definition_for(Tool::grok);
    std::map<std::string, std::string> by_form;
    for (const log::Message& message : log::kCatalogue) {
        std::string name(message.name);
        for (char& c : name) {
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
        const std::string start = "\nHALOG_" + name + " ";
        const std::size_t from = grok.find(start) + start.size();
        by_form[std::string(message.name)] = grok.substr(from, grok.find('\n', from) - from);
        CHECK_THAT(grok, ContainsSubstring("%{HALOG_" + name + "}"));
    }
    check_expressions(by_form);
    const std::string vector = definition_for(Tool::vector);
    by_form.clear();
    for (const log::Message& message : log::kCatalogue) {
        const std::size_t end = vector.find(".form = \"" + std::string(message.name) + "\"");
        const std::size_t from = vector.rfind("r'", end) + 2;
        by_form[std::string(message.name)] = vector.substr(from, vector.find("')", from) - from);
    }
    check_expressions(by_form);
}

TEST_CASE("the receiver for OpenTelemetry routes and reads each form in the syntax of RE2")
{
    const std::string receiver = definition_for(Tool::opentelemetry);
    check_expressions(taken_from(receiver, "id: halog_", "\n        regex: '", "'\n"), false);
    // What Go's engine does not have: looking around, atoms, references, possessive repeats; and $, which the
    // collector replaces before anybody reads it.
    for (const char* strange :
         {"(?=", "(?!", "(?<", "(?>", "(?|", "\\1", "\\k", "++", "*+", "?+", "}+", "$"}) {
        INFO(strange);
        CHECK(receiver.find(strange) == std::string::npos);
    }
    for (const log::Message& message : log::kCatalogue) {
        const std::string name(message.name);
        const std::string at = "\n            output: halog_" + name +
                               "\n            attributes: { form: " + name +
                               ", message: " + std::string(message.id) + " }\n";
        const std::size_t end = receiver.find("\"'" + at);
        REQUIRE(end != std::string::npos);
        const std::size_t from = receiver.rfind("matches \"", end) + 9;
        std::string route = receiver.substr(from, end - from);
        for (std::size_t i = route.find("\\\\"); i != std::string::npos;
             i = route.find("\\\\", i + 1)) {
            route.erase(i, 1);
        }
        Expression expression(route);
        for (const Sample& sample : samples()) {
            CHECK(expression.matches(sample.line) == (sample.record.form == message.form));
        }
    }
}

TEST_CASE("one expression matches every line, and nothing else")
{
    for (const GroupNames names : {GroupNames::none, GroupNames::angle}) {
        Expression any(line_expression(names));
        for (const Sample& sample : samples()) {
            CHECK(any.matches(sample.line));
            CHECK_FALSE(any.matches(sample.line.substr(1)));
            CHECK_FALSE(any.matches(sample.line.substr(0, sample.line.size() - 30)));
        }
    }
}
#endif

TEST_CASE("lognormalizer reads every line as its form, with its parts")
{
    if (!installed("lognormalizer")) {
        return;
    }
    const TemporaryDirectory directory;
    const std::string rules = (directory.path() / "hasim.rulebase").string();
    write_file(rules, definition_for(Tool::liblognorm));
    const Finished finished = run_hasim({"-c", "exec lognormalizer -T -r " + rules},
                                        {.program = "/bin/sh", .input = sample_text()});
    const std::vector<std::string> rows = lines_of(finished.out);
    const std::vector<Sample> all = samples();
    REQUIRE(rows.size() == all.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const LogRecord& record = all[i].record;
        INFO(all[i].line);
        CHECK_THAT(rows[i],
                   ContainsSubstring("\"event.tags\": [ \"" +
                                     std::string(log::message_of(record.form).name) + "\" ]"));
        CHECK_THAT(rows[i],
                   ContainsSubstring("\"member\": \"" + std::string(record.member.text()) + "\""));
        CHECK_THAT(rows[i], ContainsSubstring("\"pid\": \"17469\""));
        if (log::has_attempt(record.form)) {
            CHECK_THAT(rows[i], ContainsSubstring("\"attempt\": \"120\""));
        }
        if (log::has_code(record.form)) {
            CHECK_THAT(rows[i], ContainsSubstring("\"code_name\": \"" +
                                                  std::string(hasim::name_of(record.code)) + "\""));
        }
    }
}

TEST_CASE("mmnormalize has the rules of liblognorm, as strings of rsyslog")
{
    const std::string settings = definition_for(Tool::mmnormalize);
    int rules = 0;
    for (std::string rule : lines_of(definition_for(Tool::liblognorm))) {
        if (rule.starts_with("version") || rule.starts_with("#")) {
            continue;
        }
        for (std::size_t i = rule.find('"'); i != std::string::npos; i = rule.find('"', i + 2)) {
            rule.insert(i, "\\");
        }
        CHECK_THAT(settings, ContainsSubstring("\n    \"" + rule + "\""));
        ++rules;
    }
    // A prefix; and for each form its rule, its name and its message.
    CHECK(rules == 1 + 3 * static_cast<int>(kLogForms));
}

TEST_CASE("lnav reads every line at its time, with its parts")
{
    if (!installed("lnav")) {
        return;
    }
    const TemporaryDirectory directory;
    const std::filesystem::path formats = directory.path() / "config/formats/hasim";
    std::filesystem::create_directories(formats);
    write_file(formats / "hasim.json", definition_for(Tool::lnav));
    // Every second line ends in CRLF, and a foreign line stands behind every third.
    std::string text;
    for (std::size_t i = 0; i < samples().size(); ++i) {
        text += samples()[i].line + (i % 2 == 0 ? "\n" : "\r\n");
        text += i % 3 == 0 ? "what is this?\n" : "";
    }
    write_file(directory.path() / "haErrorLog.txt", text);
    const Finished finished =
        run_hasim({"-c",
                   "exec lnav -n -I config -c ';SELECT log_time, log_level, pid, ha_group, member, "
                   "attempt, code_name FROM luna_ha_log' -c ':write-csv-to -' haErrorLog.txt"},
                  {.program = "/bin/sh",
                   .directory = directory.path(),
                   .environment = {{"HOME", directory.path().string()}}});
    INFO(finished.err);
    const std::vector<std::string> rows = lines_of(finished.out);
    const std::vector<Sample> all = samples();
    REQUIRE(rows.size() == all.size() + 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const LogRecord& record = all[i].record;
        log::ParsedLine parsed;
        REQUIRE(log::parse_line(all[i].line, parsed) == log::LineKind::record);
        const auto day = std::chrono::floor<std::chrono::days>(parsed.stamp);
        const std::string attempt = log::has_attempt(record.form) ? "120" : "<NULL>";
        const std::string code =
            log::has_code(record.form) ? std::string(hasim::name_of(record.code)) : "<NULL>";
        const bool good_news = record.form == LogForm::recovered ||
                               record.form == LogForm::new_member ||
                               record.form == LogForm::reenable_member;
        const bool fourth = std::chrono::year_month_day(day).day() == std::chrono::day(4);
        INFO(all[i].line);
        CHECK_THAT(rows[i + 1],
                   StartsWith((fourth ? "2017-10-04 " : "2017-10-14 ") +
                              all[i].line.substr(all[i].line.find(':') - 2, 8) + ".000,"));
        CHECK_THAT(
            rows[i + 1],
            EndsWith((good_news ? ",info" : ",error") + std::string(",17469,11234840370164,") +
                     std::string(record.member.text()) + "," + attempt + "," + code));
    }
}

TEST_CASE("a definition names the client's zone where its tool takes one")
{
    for (const Tool tool : kTools) {
        const std::string plain = definition_for(tool);
        const std::string zoned = definition_for(tool, "America/New_York");
        CHECK((plain != zoned) == takes_timezone(tool));
        CHECK((zoned.find("America/New_York") != std::string::npos) == takes_timezone(tool));
        CHECK(plain.find("timezone") == std::string::npos);
    }
    CHECK_THAT(definition_for(Tool::splunk, "Europe/Berlin"),
               ContainsSubstring("\nTZ = Europe/Berlin\n"));
}

TEST_CASE("the definitions are what somebody agreed to")
{
    for (const Tool tool : kTools) {
        CHECK(tool_named(logtools::name_of(tool)) == tool);
        matches_golden("logtools/definition-" + std::string(logtools::name_of(tool)) + ".txt",
                       definition_for(tool));
    }
    CHECK_FALSE(tool_named("sed"));
}
