// Goal: completion scripts and manual pages name every command and every option, and know what each value is.
// Method: the real table of commands is walked beside what is made from it. How shells and man take it is tried in
// tests/package.
#include "cli/completion.hpp"

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/declared_command.hpp"
#include "cli/man_page.hpp"
#include "support/catch.hpp"

using namespace hasim::cli;

namespace {

const ShellCommand& named(const std::vector<ShellCommand>& commands, std::string_view name)
{
    const auto found = std::ranges::find(commands, name, &ShellCommand::name);
    REQUIRE(found != commands.end());
    return *found;
}

const ShellOption& option_of(const ShellCommand& command, std::string_view name)
{
    for (const auto* const all : {&command.options, &command.arguments}) {
        if (const auto found = std::ranges::find(*all, name, &ShellOption::name);
            found != all->end()) {
            return *found;
        }
    }
    FAIL("there is no " << name);
    return command.options.front();
}

}  // namespace

TEST_CASE("what a value is follows from its declaration")
{
    const auto commands = shell_commands(all_commands());
    const ShellCommand& run = named(commands, "run");
    CHECK(option_of(run, "--conf").offer == Offer::files);
    CHECK(option_of(run, "--log-dir").offer == Offer::directories);
    CHECK(option_of(run, "--seed").offer == Offer::nothing);
    CHECK(option_of(run, "--virtual").flag());
    CHECK(option_of(run, "--stamp").offer == Offer::words);
    CHECK(option_of(run, "--stamp").words == std::vector<std::string>{"note", "ctime"});
    CHECK(option_of(run, "--color").words.size() == 3);
    CHECK(run.options.back().name == "--help");
    CHECK(option_of(named(commands, "exec"), "COMMAND").offer == Offer::programs);
    CHECK(option_of(named(commands, "test"), "PATH").offer == Offer::files);
    CHECK(option_of(named(commands, "corpus verify"), "DIR").offer == Offer::directories);
    CHECK(option_of(named(commands, "corpus"), "--profile").words.size() >= 6);
    const auto& ctl = option_of(named(commands, "ctl"), "LINE").words;
    CHECK(std::ranges::count(ctl, "status") == 1);
    CHECK(std::ranges::count(ctl, "cable") == 1);
}

TEST_CASE("first words are commands, families and help, each once")
{
    const auto firsts = first_words(shell_commands(all_commands()));
    for (const FirstWord& first : firsts) {
        CAPTURE(first.word);
        CHECK(std::ranges::count(firsts, first.word, &FirstWord::word) == 1);
        CHECK_FALSE(first.about.empty());
    }
    const auto conf = std::ranges::find(firsts, "conf", &FirstWord::word);
    REQUIRE(conf != firsts.end());
    CHECK(second_word(conf->family.front()) == "check");
    CHECK(conf->about.starts_with("check, show"));
    const auto corpus = std::ranges::find(firsts, "corpus", &FirstWord::word);
    REQUIRE(corpus != firsts.end());
    CHECK(corpus->family.size() == 1);  // a command, and a family of one
    CHECK(firsts.back().word == "help");
}

TEST_CASE("every script names every command and every option")
{
    const std::string bash = bash_completion(all_commands());
    const std::string zsh = zsh_completion(all_commands());
    const std::string fish = fish_completion(all_commands());
    for (const ShellCommand& command : shell_commands(all_commands())) {
        CAPTURE(command.name);
        CHECK_THAT(bash, ContainsSubstring("'" + command.name + "')"));
        CHECK_THAT(fish, ContainsSubstring("'__hasim_is " + command.name + "'"));
        std::string function = "_hasim_" + command.name + "()";
        std::ranges::replace(function, ' ', '_');
        const std::size_t at = zsh.find(function);
        REQUIRE(at != std::string::npos);
        const std::string body = zsh.substr(at, zsh.find("\n}", at) - at);
        const std::size_t entry = bash.find("'" + command.name + "')");
        const std::string row = bash.substr(entry, bash.find("case", entry) - entry);
        for (const ShellOption& option : command.options) {
            CAPTURE(option.name);
            CHECK_THAT(body, ContainsSubstring("'" + option.name));
            CHECK((row + ' ').find(option.name) != std::string::npos);
            const std::string fish_name = option.name.starts_with("--")
                                              ? "-l " + option.name.substr(2)
                                              : "-s " + option.name.substr(1);
            CHECK_THAT(fish,
                       ContainsSubstring("'__hasim_is " + command.name + "' " + fish_name + " "));
        }
    }
}

TEST_CASE("every command has a manual page that names its options and arguments")
{
    const auto pages = man_pages(all_commands(), "1.2.3");
    REQUIRE(pages.size() == all_commands().size() + 1);
    CHECK(pages.front().name == "hasim");
    for (const Command& command : all_commands()) {
        CAPTURE(command.name);
        std::string name = "hasim-" + std::string(command.name);
        std::ranges::replace(name, ' ', '-');
        CHECK_THAT(pages.front().text, ContainsSubstring(roff_text(name) + "(1)"));
        const auto page = std::ranges::find(pages, name, &ManPage::name);
        REQUIRE(page != pages.end());
        CHECK_THAT(page->text, ContainsSubstring("\"hasim 1.2.3\""));
        const DeclaredCommand declared(command);
        for (const OptionDeclaration& option : declared.options().declarations()) {
            CAPTURE(option.name);
            CHECK_THAT(page->text,
                       ContainsSubstring(".TP\n\\f" + std::string(option.positional() ? "I" : "B") +
                                         roff_text(option.name) + "\\fR"));
        }
    }
}

TEST_CASE("text is no roff")
{
    CHECK(roff_text("a\\b") == "a\\eb");
    CHECK(roff_text(".start") == "\\&.start");
    CHECK(roff_text("a\n'b' `c`") == "a\n\\&\\(aqb\\(aq \\(gac\\(ga");
    CHECK(roff_text("--conf F") == "\\-\\-conf F");
}

TEST_CASE("text is nothing that a shell obeys")
{
    CHECK(shell_quoted("it's $HOME") == "'it'\\''s $HOME'");
}
