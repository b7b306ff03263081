/// What a command of `hasim` is, and how one is added.
///
/// One file per command, src/cli/<name>_command.cpp:
///
///     class MessagesCommand final : public CommandBody {
///     public:
///         void declare(Options& options) override { options.flag("--json", json_, "print JSON"); }
///         ExitCode run(Console& console) override { ...; return ExitCode::done; }
///     private:
///         bool json_ = false;
///     };
///     const Command kMessagesCommand = command<MessagesCommand>("messages", "prints the message catalogue");
///
/// plus one line in commands.hpp (extern const Command kMessagesCommand;) and one in commands.cpp (the table). Two-word
/// names ("log parse") are entries like any other. Its help text becomes a golden file by itself.
#pragma once

#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace hasim::cli {

/// One call of a command: its options as members, then its work.
class CommandBody {
public:
    virtual ~CommandBody() = default;

    /// Binds this object's members to options.
    virtual void declare(Options& options) = 0;

    /// Does the work, after the options were read. Results go to `console.write`; what went wrong to `console.error`.
    /// Check everything that can be checked before any work starts.
    [[nodiscard]] virtual ExitCode run(Console& console) = 0;
};

struct Command {
    std::string_view name;  ///< one word or two: "run", "conf check"
    std::string_view
        summary;  ///< one line, third person, no full stop: "prints the message catalogue"
    std::string_view details;  ///< paragraphs for the command's own help; may be empty
    std::unique_ptr<CommandBody> (*create)() = nullptr;
};

/// A table entry for a class derived from CommandBody.
template <class Body>
constexpr Command command(std::string_view name, std::string_view summary,
                          std::string_view details = {})
{
    return {name, summary, details,
            []() -> std::unique_ptr<CommandBody> { return std::make_unique<Body>(); }};
}

}  // namespace hasim::cli
