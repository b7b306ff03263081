#include "cli/commands.hpp"
#include "control/client.hpp"
#include "control/socket_directory.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hasim::cli {
namespace {

class CtlCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.number("--pid", "N", pid_, 1, 4294967295, "which hasim; needed when several run");
        options.positionals("LINE", words_,
                            "what to do, as a scenario says it; several words are one line");
    }

    ExitCode run(Console& console) override
    {
        std::string line;
        for (const std::string& word : words_) {
            line += line.empty() ? word : " " + word;
        }
        const control::Answer answer = control::send_line(control::socket_directory(), pid_, line);
        switch (answer.kind) {
        case control::Answer::Kind::done: console.write(answer.text); return ExitCode::done;
        case control::Answer::Kind::refused:
        case control::Answer::Kind::not_chosen: console.error(answer.text); return ExitCode::usage;
        case control::Answer::Kind::not_reached: break;
        }
        console.error(answer.text);
        return ExitCode::environment;
    }

private:
    std::optional<std::uint64_t> pid_;
    std::vector<std::string> words_;
};

}  // namespace

const Command kCtlCommand =
    command<CtlCommand>("ctl", "tells a running hasim what to do",
                        "LINE is an event of the scenario language, with or without a time: 'hsm2 "
                        "cable out', 'at 90s hsm2 cable in'. "
                        "The hasim that is told is the only one of this user that runs, or the one "
                        "with the pid given.");

}  // namespace hasim::cli
