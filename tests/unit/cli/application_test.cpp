// Goal: the frame of the command line: which command runs, what help and errors say, and with which exit code.
// Method: run_application with a table of small commands and string streams.
#include "cli/application.hpp"

#include "cli/commands.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

using namespace hasim::cli;

namespace {

class ShowCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.positionals("FILE", files_, "what to show");
        options.text("--name", "NAME", name_, "whom to greet");
        options.number(
            "--count", "N", count_, 1, 9,
            "how often, in a sentence that is long enough to be wrapped at the edge of the text");
        options.decimal("--speed", "X", speed_, 0.5, 100, "how fast");
        options.choice("--stamp", {"note", "ctime"}, stamp_, "style of the time stamp");
        options.texts("--tag", "WORD", tags_, "a tag");
        options.flag("--json", json_, "print JSON");
    }
    ExitCode run(Console& console) override
    {
        for (const std::string& file : files_) {
            console.write(file + ' ');
        }
        console.write(name_ + ' ' + std::to_string(count_) + ' ' + std::to_string(speed_) + ' ' +
                      stamp_ + ' ');
        for (const std::string& tag : tags_) {
            console.write(tag + ' ');
        }
        console.write(json_ ? "json\n" : "text\n");
        return ExitCode::done;
    }

private:
    std::vector<std::string> files_;
    std::string name_ = "you";
    std::uint64_t count_ = 3;
    double speed_ = 1;
    std::string stamp_ = "note";
    std::vector<std::string> tags_;
    bool json_ = false;
};

class RunCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.required_text("--conf", "FILE", conf_, "the configuration");
    }
    ExitCode run(Console& console) override
    {
        console.write("runs " + conf_ + '\n');
        return ExitCode::does_not_hold;
    }

private:
    std::string conf_;
};

const std::vector<Command> kCommands{
    command<RunCommand>("run", "runs a configuration"),
    command<ShowCommand>("conf show", "shows a configuration",
                         "Two paragraphs of details.\n\nThe second."),
    command<ShowCommand>("conf check", "checks a configuration"),
};

struct Finished {
    ExitCode code;
    std::string results;
    std::string diagnostics;
};

Finished run(const std::vector<std::string>& arguments)
{
    std::ostringstream results;
    std::ostringstream diagnostics;
    Console console(results, diagnostics);
    const ExitCode code = run_application(arguments, kCommands, console);
    return {code, results.str(), diagnostics.str()};
}

}  // namespace

TEST_CASE("a command gets its options, in any order and both spellings")
{
    CHECK(run({"conf", "show", "a"}).results == "a you 3 1.000000 note text\n");
    CHECK(run({"conf", "show", "--json", "a", "--count=9", "b", "--name", "me", "--speed", "2.5"})
              .results == "a b me 9 2.500000 note json\n");
    CHECK(run({"conf", "show", "--tag", "x", "a", "--tag", "y", "--stamp", "ctime"}).results ==
          "a you 3 1.000000 ctime x y text\n");
    CHECK(run({"conf", "show", "--", "--json"}).results == "--json you 3 1.000000 note text\n");
}

TEST_CASE("options alone mean run, and a command's verdict is the exit code")
{
    const Finished outcome = run({"--conf", "F"});
    CHECK(outcome.results == "runs F\n");
    CHECK(outcome.code == ExitCode::does_not_hold);
    CHECK(run({"run", "--conf", "F"}).results == "runs F\n");
}

TEST_CASE("wrong usage is said on the diagnostic stream alone, with exit code 2 and a remedy")
{
    using Row = std::tuple<std::vector<std::string>, std::string>;
    const auto [arguments, text] = GENERATE(table<std::vector<std::string>, std::string>({
        Row{{"run"}, "--conf is missing"},
        Row{{"run", "--conf", "F", "-q", "-v"},
            "-q and -v exclude each other: leave one of them out"},
        Row{{"run", "--conf", "F", "--color", "red"},
            "--color: 'red' is none of auto, always, never"},
        Row{{"rum"}, "there is no command 'rum'; did you mean 'run'?"},
        Row{{"conf"}, "'conf' is only half a command"},
        Row{{"conf", "shwo"}, "there is no command 'conf shwo'; did you mean 'conf show'?"},
        Row{{"elephant"}, "there is no command 'elephant'"},
        Row{{"run", "--cnof", "F"}, "unknown option '--cnof'; did you mean '--conf'?"},
        Row{{"run", "--cnof=F"}, "unknown option '--cnof'; did you mean '--conf'?"},
        Row{{"run", "--elephant"}, "unknown option '--elephant'"},
        Row{{"run", "-x"}, "unknown option '-x'"},
        Row{{"run", "--conf"}, "--conf needs a value"},
        Row{{"run", "--conf", "a", "--conf", "b"}, "--conf is given more than once"},
        Row{{"run", "--conf", "a", "b"}, "'b' is one argument too many"},
        Row{{"conf", "show"}, "FILE is missing"},
        Row{{"conf", "show", "a", "--count", "0"},
            "--count: '0' is not a whole number from 1 to 9"},
        Row{{"conf", "show", "a", "--count", "3x"},
            "--count: '3x' is not a whole number from 1 to 9"},
        Row{{"conf", "show", "a", "--count", "-3"},
            "--count: '-3' is not a whole number from 1 to 9"},
        Row{{"conf", "show", "a", "--speed", "nan"},
            "--speed: 'nan' is not a number from 0.5 to 100"},
        Row{{"conf", "show", "a", "--stamp", "x"}, "--stamp: 'x' is none of note, ctime"},
        Row{{"conf", "show", "a", "--json=maybe"}, "--json takes no value"},
        Row{{"help", "elephant"}, "there is no command 'elephant'"},
    }));
    CAPTURE(arguments);
    const Finished outcome = run(arguments);
    CHECK(outcome.code == ExitCode::usage);
    CHECK(outcome.results.empty());
    CHECK(outcome.diagnostics.substr(0, outcome.diagnostics.find('\n')) == "hasim: error: " + text);
    CHECK_THAT(outcome.diagnostics, EndsWith(" says more\n"));
}

TEST_CASE("help is a result")
{
    CHECK(run({"conf", "show", "--help"}).results == run({"help", "conf", "show"}).results);
    CHECK(run({"conf", "show", "-h"}).results == run({"help", "conf", "show"}).results);
    CHECK(run({"conf", "--help"}).results == run({"help", "conf"}).results);
    CHECK(run({"help"}).results == run({"--help"}).results);
    CHECK(run({"--help"}).code == ExitCode::done);
    CHECK(run({"--help"}).diagnostics.empty());
}

TEST_CASE("help is laid out in two columns of 80 characters")
{
    hasim::test::matches_golden("help/frame.txt", run({"--help"}).results + "----\n" +
                                                      run({"help", "conf"}).results + "----\n" +
                                                      run({"help", "conf", "show"}).results +
                                                      "----\n" + run({"help", "run"}).results);
}

TEST_CASE("no arguments at all show how to start")
{
    const Finished outcome = run({});
    CHECK(outcome.code == ExitCode::done);
    CHECK(outcome.diagnostics.empty());
    CHECK_THAT(outcome.results, ContainsSubstring("hasim run --conf Chrystoki.conf") &&
                                    ContainsSubstring("hasim --help"));
}

TEST_CASE("the switch -q says errors alone, -v notes too, and errors are always said")
{
    using hasim::Severity;
    const auto said = [](Verbosity verbosity) {
        std::ostringstream results;
        std::ostringstream diagnostics;
        Console console(results, diagnostics);
        console.set_manner({verbosity, hasim::sink::Color::never});
        console.info("info");
        console.warning("w");
        console.error("e");
        for (const Severity severity : {Severity::note, Severity::warning, Severity::error}) {
            console.finding({"f", 1, 0, severity, "x"});
        }
        return diagnostics.str();
    };
    CHECK(said(Verbosity::quiet) == "hasim: error: e\nf:1: error: x\n");
    CHECK(said(Verbosity::normal) ==
          "info\nhasim: warning: w\nhasim: error: e\nf:1: warning: x\nf:1: error: x\n");
    CHECK(
        said(Verbosity::verbose) ==
        "info\nhasim: warning: w\nhasim: error: e\nf:1: note: x\nf:1: warning: x\nf:1: error: x\n");
}

TEST_CASE("the version is one line")
{
    CHECK_THAT(run({"--version"}).results, StartsWith("hasim ") && EndsWith("\n"));
}

TEST_CASE("each command of the program has a help text that somebody agreed to")
{
    std::ostringstream results;
    std::ostringstream diagnostics;
    Console console(results, diagnostics);
    REQUIRE(run_application({"--help"}, all_commands(), console) == ExitCode::done);
    hasim::test::matches_golden("help/hasim.txt", results.str());
    for (const Command& command : all_commands()) {
        results.str({});
        REQUIRE(run_application({"help", std::string(command.name)}, all_commands(), console) ==
                ExitCode::done);
        std::string name(command.name);
        std::ranges::replace(name, ' ', '-');
        hasim::test::matches_golden("help/" + name + ".txt", results.str());
    }
}
