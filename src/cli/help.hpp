/// Help texts, made from the declarations; 80 columns.
#pragma once

#include "cli/command.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hasim::cli {

/// A term, and what it means.
struct HelpRow {
    std::string term;
    std::string text;
};

/// How a command is called, in one line: "hasim test [options] PATH...".
[[nodiscard]] std::string synopsis(const Command& command, const Options& options);

/// What an option's help says, its default and whether it may be repeated with it.
[[nodiscard]] std::string explained(const OptionDeclaration& option);

/// Exit codes, as the shell sees them.
[[nodiscard]] const std::vector<HelpRow>& exit_statuses();

/// What `hasim` alone prints: the first commands to type.
[[nodiscard]] std::string first_steps();

/// `hasim --help`: how to call it, all commands, exit codes.
[[nodiscard]] std::string general_help(const std::vector<Command>& commands);

/// `hasim COMMAND --help`.
[[nodiscard]] std::string command_help(const Command& command, const Options& options);

/// `hasim conf --help`: the commands whose first word is `word`.
[[nodiscard]] std::string family_help(const std::vector<Command>& commands, std::string_view word);

}  // namespace hasim::cli
