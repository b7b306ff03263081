#include "cli/declared_command.hpp"

#include <algorithm>

namespace hasim::cli {
namespace {

void declare_manner(Options& options, MannerOptions& manner)
{
    options.flag("-q", manner.quiet, "say nothing but results and errors");
    options.flag("-v", manner.verbose, "say more: notes, and each thing that happens or holds");
    options.choice("--color", {"auto", "always", "never"}, manner.color,
                   "colours of diagnostics; auto: on a terminal, unless NO_COLOR is set");
}

}  // namespace

Manner MannerOptions::manner() const
{
    return {quiet     ? Verbosity::quiet
            : verbose ? Verbosity::verbose
                      : Verbosity::normal,
            color == "always"  ? sink::Color::always
            : color == "never" ? sink::Color::never
                               : sink::Color::automatic};
}

DeclaredCommand::DeclaredCommand(const Command& command)
    : command_(&command), body_(command.create()), manner_(std::make_unique<MannerOptions>())
{
    body_->declare(options_);
    declare_manner(options_, *manner_);
}

const Command* find_command(const std::vector<Command>& commands, std::string_view name)
{
    const auto found = std::ranges::find(commands, name, &Command::name);
    return found == commands.end() ? nullptr : &*found;
}

std::string_view family_of(const Command& command)
{
    const auto blank = command.name.find(' ');
    return blank == std::string_view::npos ? std::string_view() : command.name.substr(0, blank);
}

bool is_family(const std::vector<Command>& commands, std::string_view word)
{
    return std::ranges::any_of(
        commands, [word](const Command& command) { return family_of(command) == word; });
}

}  // namespace hasim::cli
