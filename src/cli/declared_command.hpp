/// A command with all that it takes on its command line: its own options, and those of every command.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace hasim::cli {

/// What the options that every command takes were given.
struct MannerOptions {
    bool quiet = false;
    bool verbose = false;
    std::string color = "auto";

    [[nodiscard]] Manner manner() const;
};

/// Help, manual pages and completion are made from what this declares; nothing of the command has run.
class DeclaredCommand {
public:
    explicit DeclaredCommand(const Command& command);

    [[nodiscard]] const Command& command() const { return *command_; }
    [[nodiscard]] const Options& options() const { return options_; }
    [[nodiscard]] const MannerOptions& manner() const { return *manner_; }
    [[nodiscard]] CommandBody& body() { return *body_; }

private:
    const Command* command_;
    std::unique_ptr<CommandBody> body_;
    std::unique_ptr<MannerOptions> manner_;
    Options options_;  // bound to the two above, which stay where they are
};

/// The entry of that name, or null.
[[nodiscard]] const Command* find_command(const std::vector<Command>& commands,
                                          std::string_view name);

/// The first word of a two-word name, or nothing.
[[nodiscard]] std::string_view family_of(const Command& command);

/// Whether any command's name is `word` and a second word.
[[nodiscard]] bool is_family(const std::vector<Command>& commands, std::string_view word);

}  // namespace hasim::cli
