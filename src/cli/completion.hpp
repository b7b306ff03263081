/// What shells complete on hasim's command line, made from the same declarations as the help texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace hasim::cli {

/// The scripts of `hasim completion`, one a shell.
[[nodiscard]] std::string bash_completion(const std::vector<Command>& commands);
[[nodiscard]] std::string zsh_completion(const std::vector<Command>& commands);
[[nodiscard]] std::string fish_completion(const std::vector<Command>& commands);

/// An option or an argument, as a script needs it.
struct ShellOption {
    std::string name;
    std::string value;  ///< what the help calls it; empty for a flag
    std::string about;  ///< the first phrase of its help
    Offer offer = Offer::nothing;
    std::vector<std::string> words;
    bool required = false;
    bool repeated = false;

    [[nodiscard]] bool flag() const { return value.empty(); }
};

struct ShellCommand {
    std::string name;  ///< one word or two
    std::string about;
    std::vector<ShellOption> options;    ///< --help is the last
    std::vector<ShellOption> arguments;  ///< in their order
};

[[nodiscard]] std::vector<ShellCommand> shell_commands(const std::vector<Command>& commands);

/// A first word of a command line: a command, a family, or help.
struct FirstWord {
    std::string word;
    std::string about;
    std::vector<ShellCommand> family;  ///< the commands that begin with it and have a second word
};

[[nodiscard]] std::vector<FirstWord> first_words(const std::vector<ShellCommand>& commands);

/// The second word of a command of two.
[[nodiscard]] std::string second_word(const ShellCommand& command);

/// 'text' between single quotes, for a POSIX shell and zsh.
[[nodiscard]] std::string shell_quoted(std::string_view text);

}  // namespace hasim::cli
