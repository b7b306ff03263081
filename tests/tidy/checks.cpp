#include "checks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

namespace hasim::test {
namespace {

constexpr std::size_t kCodeColumns = 100;
constexpr std::size_t kCommentColumns = 120;
constexpr std::size_t kFileLines = 500;
constexpr std::size_t kFunctionLines = 70;

using Words = std::vector<std::string_view>;

// What follows #include in `line`, quotes or angle brackets and all; empty when it is no include.
std::string_view included(std::string_view line)
{
    constexpr std::string_view kInclude = "#include ";
    if (!line.starts_with(kInclude)) {
        return {};
    }
    line.remove_prefix(kInclude.size());
    const auto end = line.find_first_of(">\"", 1);
    return end == std::string_view::npos ? line : line.substr(0, end + 1);
}

bool word_character(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// `word` in `line`, not as a part of a longer word.
bool has_word(std::string_view line, std::string_view word)
{
    for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
        const auto end = at + word.size();
        const bool starts =
            at == 0 || !word_character(line[at - 1]) || !word_character(word.front());
        const bool ends =
            end == line.size() || !word_character(line[end]) || !word_character(word.back());
        if (starts && ends) {
            return true;
        }
    }
    return false;
}

// The line without its // comment. A // inside a string ends it too early, which only makes a check milder.
std::string_view code_of(std::string_view line)
{
    std::string_view code = line.substr(0, line.find("//"));
    while (!code.empty() && code.back() == ' ') {
        code.remove_suffix(1);
    }
    return code;
}

std::size_t columns(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Findings of one file, with their places.
class Report {
public:
    explicit Report(const SourceFile& file) : file_(file) {}

    void add(std::size_t index, std::string text)
    {
        findings_.push_back(file_.path + ':' + std::to_string(index + 1) + ": " + std::move(text));
    }
    Findings take() { return std::move(findings_); }

private:
    const SourceFile& file_;
    Findings findings_;
};

template <class Check>
Findings each_line(const SourceFile& file, Check check)
{
    Report report(file);
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        check(report, i, std::string_view(file.lines[i]));
    }
    return report.take();
}

const Words kPureFolders{"include/hasim",
                         "src/base",
                         "src/ha",
                         "src/wire",
                         "src/cryptoki",
                         "src/log",
                         "src/scenario",
                         "sim",
                         "src/play",
                         "src/lab/events.cpp",
                         "src/lab/scorecard.cpp",
                         "src/lab/derived_conf.cpp",
                         "src/corpus/draw.cpp",
                         "src/corpus/play.cpp",
                         "src/corpus/profile.cpp"};

// The one place where a pure folder speaks to the outside: a broken assertion says where, and aborts.
constexpr std::string_view kAssertion = "src/base/assert.cpp";

const Words kImpureIncludes{
    "<boost/asio",
    "<boost/beast",
    "<spdlog/",
    "<ini.h",
    "<INIReader.h",
    "<date/",
    "<CLI/",
    "<thread>",
    "<mutex>",
    "<shared_mutex>",
    "<condition_variable>",
    "<future>",
    "<fstream>",
    "<iostream>",
    "<sstream>",
    "<filesystem>",
    "<cstdio>",
    "<stdio.h>",
    "<ctime>",
    "<time.h>",
    "<csignal>",
    "<sys/",
    "<unistd.h>",
    "<fcntl.h>",
    "<unordered_map>",
    "<unordered_set>",
    "<locale>",
};

const Words kImpureWords{
    "system_clock",
    "steady_clock",
    "high_resolution_clock",
    "utc_clock",
    "file_clock",
    "std::time",
    "gettimeofday",
    "clock_gettime",
    "random_device",
    "std::rand",
    "uniform_int_distribution",
    "uniform_real_distribution",
    "normal_distribution",
    "exponential_distribution",
    "bernoulli_distribution",
    "getenv",
    "unordered_map",
    "unordered_set",
    "std::cout",
    "std::cerr",
    "fopen",
};

// What writes to a standard stream, and who may: those who escape, those who print no outside text (numbers, a
// condition of the source), and the program's own streams.
const Words kOutputWords{"std::cout",     "std::cerr",     "std::clog", "printf",
                         "fprintf",       "puts",          "fputs",     "fmt::print",
                         "STDOUT_FILENO", "STDERR_FILENO", "stdout",    "stderr"};
const Words kOutputs{
    "src/base/assert.cpp",        "src/cli/application.cpp", "src/cli/live_swarm.cpp",
    "src/cli/progress.cpp",       "src/cli/run_exec.cpp",    "src/pkcs11/log_output.cpp",
    "src/pkcs11/diagnostics.cpp", "src/cli/run_session.cpp", "src/cli/run_streams.cpp",
    "src/cli/line_editor.cpp",
    "src/sink/diagnostics.cpp",   "src/host/process.cpp"};

struct Arrows {
    std::string_view folder;
    Words below;  ///< the folders whose headers it may include, besides its own and hasim/
};

// The same arrows as cmake/libraries.cmake; src/cli and the tests may include everything.
const std::vector<Arrows> kArrows{
    {"include/hasim", {}},
    {"src/base", {"base"}},
    {"src/wire", {"wire", "base"}},
    {"src/cryptoki", {"cryptoki", "wire", "base"}},
    {"src/ha", {"ha", "base"}},
    {"src/log", {"log", "base"}},
    {"src/conf", {"conf", "base"}},
    {"src/scenario", {"scenario", "log", "cryptoki", "base"}},
    {"sim", {"sim", "ha", "wire", "cryptoki", "log", "scenario", "base"}},
    {"src/play", {"play", "sim", "ha", "log", "conf", "scenario", "base"}},
    {"src/lunacm", {"lunacm", "conf", "scenario", "base"}},
    {"src/monitor", {"monitor", "play", "sim", "ha", "log", "scenario", "base"}},
    {"src/http", {"http", "monitor", "live", "host", "base"}},
    {"src/swarm", {"swarm", "play", "sim", "ha", "log", "logtools", "scenario", "base"}},
    {"src/sink", {"sink", "log", "host", "base"}},
    {"src/host", {"host", "base"}},
    {"src/tls", {"tls", "host", "base"}},
    {"src/logtools", {"logtools", "log", "ha", "host", "base"}},
    {"src/live", {"live", "ha", "wire", "sim", "host", "tls", "log", "base"}},
    {"src/lab", {"lab", "ha", "cryptoki", "host", "base"}},
    {"src/token", {"token", "sim", "live", "cryptoki", "base"}},
    {"src/pkcs11",
     {"pkcs11", "cryptoki", "tls", "sim", "ha", "live", "sink", "conf", "lab", "log", "host",
      "scenario", "base"}},
    {"src/control", {"control", "log", "host", "base"}},
    {"src/corpus", {"corpus", "play", "sim", "ha", "log", "host", "conf", "scenario", "base"}},
};

struct Home {
    std::string_view include;
    Words folders;  ///< folders or files it may be included in
};

const std::vector<Home> kHomes{
    {"<CLI/", {"src/cli/parse.cpp"}},
    {"<spdlog/", {"src/sink", "src/cli", "bench"}},
    {"<ini.h", {"src/conf"}},
    {"<date/", {"src/host"}},
    {"<boost/asio",
     {"src/live", "src/control", "src/http", "src/lab", "src/token", "src/pkcs11", "src/cli",
      "cmake/once", "tests", "bench"}},
    {"<p11-kit/", {"src/cryptoki", "src/token", "src/pkcs11", "tests", "bench"}},
    {"<xxhash.h", {"src/corpus"}},
    {"<boost/beast", {"src/http"}},
    {"<boost/json",
     {"src/monitor", "src/http", "src/corpus", "src/control", "src/lab", "src/cli", "cmake/once",
      "tests"}},
    {"<openssl/", {"src/tls", "tests/unit/tls"}},
    {"<catch2/", {"tests/support/catch.hpp"}},
};

const std::set<std::string_view> kFolders{
    "base", "wire",     "ha",       "log",    "conf",   "sim",      "sink", "host",
    "live", "control",  "logtools", "corpus", "cli",    "scenario", "play", "swarm",
    "tls",  "cryptoki", "lab",      "token",  "pkcs11", "monitor",  "http",
    "lunacm"};

bool in_any(const SourceFile& file, const Words& folders)
{
    return std::ranges::any_of(folders, [&](std::string_view folder) { return file.in(folder); });
}

// "ha/group.hpp" in quotes -> "ha"; empty for anything that is no folder of hasim.
std::string_view folder_of(std::string_view include)
{
    if (!include.starts_with('"')) {
        return {};
    }
    const std::string_view folder = include.substr(1, include.find('/') - 1);
    return kFolders.contains(folder) ? folder : std::string_view();
}

}  // namespace

bool SourceFile::in(std::string_view folder) const
{
    return path == folder ||
           (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

bool SourceFile::cpp() const
{
    return path.ends_with(".cpp") || path.ends_with(".hpp");
}

SourceFile make_source(std::string path, std::string_view text)
{
    SourceFile file{std::move(path), {}};
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        file.lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return file;
}

Findings check_pure(const SourceFile& file)
{
    if (!file.cpp() || !in_any(file, kPureFolders) || file.path == kAssertion) {
        return {};
    }
    return each_line(file, [](Report& report, std::size_t i, std::string_view line) {
        for (const std::string_view banned : kImpureIncludes) {
            if (included(line).starts_with(banned)) {
                report.add(i, "a pure folder includes " + std::string(included(line)));
            }
        }
        for (const std::string_view banned : kImpureWords) {
            if (has_word(code_of(line), banned)) {
                report.add(i, "a pure folder uses " + std::string(banned));
            }
        }
    });
}

Findings check_arrows(const SourceFile& file)
{
    if (!file.cpp()) {
        return {};
    }
    const auto arrows = std::ranges::find_if(
        kArrows, [&](const Arrows& candidate) { return file.in(candidate.folder); });
    return each_line(file, [&](Report& report, std::size_t i, std::string_view line) {
        const std::string_view include = included(line);
        const std::string_view folder = folder_of(include);
        const bool upward = arrows != kArrows.end() && !folder.empty() &&
                            std::ranges::find(arrows->below, folder) == arrows->below.end();
        if (upward) {
            report.add(i, "this folder does not depend on " + std::string(folder));
        }
        for (const Home& home : kHomes) {
            if (include.starts_with(home.include) && !in_any(file, home.folders)) {
                report.add(i, std::string(include) + " does not belong here");
            }
        }
    });
}

Findings check_outputs(const SourceFile& file)
{
    if (!file.cpp() || !in_any(file, {"src", "sim", "include"}) || in_any(file, kOutputs)) {
        return {};
    }
    return each_line(file, [](Report& report, std::size_t i, std::string_view line) {
        for (const std::string_view word : kOutputWords) {
            if (has_word(code_of(line), word)) {
                report.add(i,
                           std::string(word) + " goes past Console and Diagnostics, which escape");
            }
        }
    });
}

Findings check_lines(const SourceFile& file)
{
    return each_line(file, [&](Report& report, std::size_t i, std::string_view line) {
        if (line.ends_with(' ') || line.find('\t') != std::string_view::npos ||
            line.ends_with('\r')) {
            report.add(i, "a tab, or a blank at the end of the line");
        }
        if (!file.cpp()) {
            return;
        }
        if (columns(line) > kCommentColumns) {
            report.add(i, "longer than 120 columns");
        } else if (columns(code_of(line)) > kCodeColumns) {
            report.add(i, "code longer than 100 columns");
        }
    });
}

Findings check_lengths(const SourceFile& file)
{
    if (!file.cpp()) {
        return {};
    }
    Report report(file);
    if (file.lines.size() > kFileLines) {
        report.add(0, std::to_string(file.lines.size()) + " lines, more than 500");
    }
    // The style puts a function's braces, and no others, on lines of their own.
    std::map<std::size_t, std::size_t> opened;  // indentation -> line of its "{"
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        const std::string_view line = file.lines[i];
        const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
        const std::string_view text = line.substr(indent);
        if (text == "{") {
            opened[indent] = i;
        } else if (text.starts_with('}') && opened.contains(indent)) {
            const std::size_t length = i - opened[indent] - 1;
            // A function that returns a table is as long as its table.
            const bool table = file.lines[opened[indent] + 1].ends_with("return {");
            if (length > kFunctionLines && !table) {
                report.add(opened[indent], "a function of " + std::to_string(length) + " lines");
            }
            opened.erase(indent);
        }
    }
    return report.take();
}

Findings check_leftovers(const SourceFile& file)
{
    // Put together from halves, so that this file does not find itself.
    static const std::array<std::string, 11> kBanned{
        std::string("TO") + "DO",          std::string("FIX") + "ME",
        std::string("XX") + "X",           std::string("HA") + "CK",
        std::string("/wo") + "rk/",        std::string("../sha") + "red",
        std::string("DESIGN") + ".md",     std::string("STYLE") + ".md",
        std::string("brief") + ".md",      std::string("DESIGN ") + "section",
        std::string("luna-ha-") + "facts",
    };
    return each_line(file, [](Report& report, std::size_t i, std::string_view line) {
        for (const std::string& banned : kBanned) {
            if (has_word(line, banned)) {
                report.add(i, "'" + banned + "' is left over");
            }
        }
    });
}

Findings check_header(const SourceFile& file)
{
    if (!file.header()) {
        return {};
    }
    Report report(file);
    if (file.lines.empty() || !file.lines.front().starts_with("///")) {
        report.add(0, "a header opens with a doc comment that says what it is for");
    }
    if (std::ranges::find(file.lines, "#pragma once") == file.lines.end()) {
        report.add(0, "a header has #pragma once");
    }
    return report.take();
}

Findings check_switches(const SourceFile& file)
{
    if (!file.in("src/ha")) {
        return {};
    }
    std::string_view subject;  // of the switch above
    return each_line(file, [&](Report& report, std::size_t i, std::string_view line) {
        if (has_word(code_of(line), "switch")) {
            subject = line;
        }
        // Any 32-bit number is a Code, so a switch over one must have a default.
        if (has_word(code_of(line), "default:") && !has_word(subject, "code")) {
            report.add(i, "a machine's switch has no default");
        }
    });
}

}  // namespace hasim::test
