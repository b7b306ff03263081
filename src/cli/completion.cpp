#include "cli/completion.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/declared_command.hpp"

namespace hasim::cli {
namespace {

ShellOption shell_option(const OptionDeclaration& declaration)
{
    return {.name = declaration.name,
            .value = declaration.positional() ? declaration.name : declaration.value,
            .about = declaration.help.substr(0, declaration.help.find(';')),
            .offer = declaration.offer(),
            .words = declaration.words,
            .required = declaration.required,
            .repeated = declaration.repeated};
}

}  // namespace

std::vector<ShellCommand> shell_commands(const std::vector<Command>& commands)
{
    std::vector<ShellCommand> result;
    for (const Command& command : commands) {
        const DeclaredCommand declared(command);
        ShellCommand& shell = result.emplace_back();
        shell.name = command.name;
        shell.about = command.summary;
        for (const OptionDeclaration& declaration : declared.options().declarations()) {
            (declaration.positional() ? shell.arguments : shell.options)
                .push_back(shell_option(declaration));
        }
        shell.options.push_back(
            {.name = "--help", .value = {}, .about = "print what there is", .words = {}});
    }
    return result;
}

std::vector<FirstWord> first_words(const std::vector<ShellCommand>& commands)
{
    std::vector<FirstWord> result;
    for (const ShellCommand& command : commands) {
        const std::string word = command.name.substr(0, command.name.find(' '));
        auto known = std::ranges::find(result, word, &FirstWord::word);
        if (known == result.end()) {
            known = result.insert(known, {word, {}, {}});
        }
        if (command.name == word) {
            known->about = command.about;
        } else {
            known->family.push_back(command);
        }
    }
    for (FirstWord& first : result) {
        std::string seconds;
        for (const ShellCommand& command : first.family) {
            seconds += (seconds.empty() ? "" : ", ") + second_word(command);
        }
        if (first.about.empty()) {
            first.about = seconds;
        }
    }
    result.push_back({"help", "says more of a command", {}});
    return result;
}

std::string second_word(const ShellCommand& command)
{
    return command.name.substr(command.name.find(' ') + 1);
}

std::string shell_quoted(std::string_view text)
{
    std::string result = "'";
    for (const char letter : text) {
        result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return result + "'";
}

}  // namespace hasim::cli
