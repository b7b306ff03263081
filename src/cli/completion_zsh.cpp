#include <algorithm>

#include <fmt/format.h>

#include "cli/completion.hpp"

namespace hasim::cli {
namespace {

// Text inside a specification of _arguments or _describe.
std::string zsh_escaped(std::string_view text)
{
    std::string result;
    for (const char letter : text) {
        if (letter == '\\' || letter == ':' || letter == '[' || letter == ']') {
            result += '\\';
        }
        result += letter;
    }
    return result;
}

std::string zsh_action(const ShellOption& option)
{
    switch (option.offer) {
    case Offer::files: return "_files";
    case Offer::directories: return "_files -/";
    case Offer::programs: return "_command_names -e";
    case Offer::words: return fmt::format("({})", fmt::join(option.words, " "));
    case Offer::by_name:
    case Offer::nothing: break;
    }
    return " ";
}

std::string specification(const ShellOption& option)
{
    const std::string about = fmt::format("[{}]", zsh_escaped(option.about));
    const std::string many = option.repeated ? "*" : "";
    if (option.flag()) {
        return many + option.name + about;
    }
    return fmt::format("{}{}{}{}:{}:{}", many, option.name,
                       option.name.starts_with("--") ? "=" : "+", about, zsh_escaped(option.value),
                       zsh_action(option));
}

std::vector<std::string> specifications(const ShellCommand& command)
{
    std::vector<std::string> rows;
    for (const ShellOption& option : command.options) {
        rows.push_back(specification(option));
    }
    for (std::size_t i = 0; i < command.arguments.size(); ++i) {
        const ShellOption& argument = command.arguments[i];
        const std::string value = zsh_escaped(argument.value);
        if (argument.offer == Offer::programs) {
            rows.push_back(fmt::format("(-)1:{}:{}", value, zsh_action(argument)));
            rows.push_back("*::arguments:_normal");
        } else if (argument.repeated) {
            rows.push_back(fmt::format("*:{}:{}", value, zsh_action(argument)));
        } else {
            rows.push_back(fmt::format("{}:{}{}:{}", i + 1, argument.required ? "" : ":", value,
                                       zsh_action(argument)));
        }
    }
    return rows;
}

std::string function_name(std::string_view command)
{
    std::string name = "_hasim_" + std::string(command);
    std::ranges::replace(name, ' ', '_');
    return name;
}

std::string zsh_function(const ShellCommand& command)
{
    std::string text = fmt::format("{}() {{\n    _arguments -S", function_name(command.name));
    for (const std::string& row : specifications(command)) {
        text += " \\\n        " + shell_quoted(row);
    }
    return text + "\n}\n\n";
}

std::string zsh_array(std::string_view name,
                      const std::vector<std::pair<std::string, std::string>>& rows)
{
    std::string text = fmt::format("    {}=(\n", name);
    for (const auto& [word, about] : rows) {
        text += "        " + shell_quoted(zsh_escaped(word) + ':' + zsh_escaped(about)) + '\n';
    }
    return text + "    )\n";
}

// The second words of one family, as an array.
std::string zsh_seconds(const FirstWord& first)
{
    std::vector<std::pair<std::string, std::string>> rows;
    for (const ShellCommand& command : first.family) {
        rows.emplace_back(second_word(command), command.about);
    }
    return fmt::format("    {})\n    {}        ;;\n", first.word, zsh_array("seconds", rows));
}

constexpr std::string_view kZshMachine = R"sh(
# The command is found, its words are cut off, and its own function does the rest.
_hasim() {
    local -a firsts seconds
    local first=$words[2]
    if (( CURRENT > 2 )) && [[ $first == help ]]; then
        shift words
        (( CURRENT-- ))
        first=$words[2]
        _hasim_firsts
        (( CURRENT == 2 )) && { _describe -t commands command firsts; return }
        _hasim_seconds $first
        (( CURRENT == 3 && $#seconds )) && _describe -t commands command seconds
        return
    fi
    if (( CURRENT == 2 )) && [[ $first != -* ]]; then
        _hasim_firsts
        _describe -t commands command firsts
        return
    fi
    if [[ $first == -* ]]; then
        _hasim_run
        return
    fi
    _hasim_seconds $first
    if (( CURRENT == 3 && $#seconds )) && [[ $words[3] != -* ]]; then
        _describe -t commands command seconds
        return
    fi
    local name=_hasim_$first
    if (( $#seconds )) && [[ $words[3] != -* ]]; then
        name+=_$words[3]
        shift words
        (( CURRENT-- ))
    fi
    shift words
    (( CURRENT-- ))
    (( $+functions[$name] )) && $name
}

_hasim "$@"
)sh";

}  // namespace

std::string zsh_completion(const std::vector<Command>& commands)
{
    const std::vector<ShellCommand> all = shell_commands(commands);
    std::string text =
        "#compdef hasim\n# Completion of hasim for zsh, made by `hasim completion zsh`.\n\n";
    for (const ShellCommand& command : all) {
        text += zsh_function(command);
    }
    std::vector<std::pair<std::string, std::string>> rows;
    std::string families;
    for (const FirstWord& first : first_words(all)) {
        rows.emplace_back(first.word, first.about);
        families += first.family.empty() ? "" : zsh_seconds(first);
    }
    text += "_hasim_firsts() {\n" + zsh_array("firsts", rows) + "}\n\n";
    text += "_hasim_seconds() {\n    seconds=()\n    case $1 in\n" + families + "    esac\n}\n";
    return text + std::string(kZshMachine);
}

}  // namespace hasim::cli
