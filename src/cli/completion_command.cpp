// `hasim completion`: a script with which a shell completes hasim's command line.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/completion.hpp"

namespace hasim::cli {
namespace {

class CompletionCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        OptionDeclaration declaration;
        declaration.name = "SHELL";
        declaration.help = "bash, zsh or fish";
        declaration.required = true;
        declaration.read = [this](std::string_view text) -> std::string {
            shell_ = std::string(text);
            return text == "bash" || text == "zsh" || text == "fish" ? ""
                                                                     : "is none of bash, zsh, fish";
        };
        options.add(std::move(declaration));
        options.offer({"bash", "zsh", "fish"});
    }

    ExitCode run(Console& console) override
    {
        console.write(shell_ == "bash"  ? bash_completion(all_commands())
                      : shell_ == "zsh" ? zsh_completion(all_commands())
                                        : fish_completion(all_commands()));
        return ExitCode::done;
    }

private:
    std::string shell_;
};

}  // namespace

const Command kCompletionCommand = command<CompletionCommand>(
    "completion", "prints what a shell needs to complete its command line",
    "An installed package has it in place. Elsewhere, in .bashrc: . <(hasim completion bash). For "
    "zsh, as a file _hasim in a "
    "directory of $fpath: hasim completion zsh. For fish: hasim completion fish > "
    "~/.config/fish/completions/hasim.fish");

}  // namespace hasim::cli
