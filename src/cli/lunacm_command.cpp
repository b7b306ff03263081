// `hasim lunacm`: the hagroup commands of the product's LunaCM.
#include <fmt/format.h>

#include "base/words.hpp"
#include "cli/commands.hpp"
#include "cli/edit_conf.hpp"
#include "cli/line_editor.hpp"
#include "cli/lunacm_surroundings.hpp"

namespace hasim::cli {

namespace {

class LunacmCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.text("--conf", "FILE", conf_,
                     "the configuration; without it Chrystoki.conf in $ChrystokiConfigurationPath");
        options.flag("-c", command_, "what follows is one command");
        options.flag("--strict", strict_, "exit with 1 when a command did not end with No Error");
        options.rest(
            "COMMAND", words_,
            "hagroup listgroups, hagroup addmember -group G -serialnumber S ..., all of it "
            "one command; without it commands are read from standard input");
    }

    ExitCode run(Console& console) override
    {
        const std::string path = conf_to_edit(conf_);
        const bool asks_for_help =
            !words_.empty() && same_but_for_case(words_.front().substr(0, 4), "help");
        if (path.empty() && !asks_for_help) {
            console.error(kNoConf);
            return ExitCode::usage;
        }
        LineEditor editor(lunacm::completions);
        LunacmSurroundings around(path, editor, console);
        lunacm::Session session(around);
        if (words_.size() == 1) {
            session.run(words_.front());
        } else if (!words_.empty()) {
            session.run_words(words_);
        } else if (command_) {
            console.error("-c: which command? as in: lunacm -c hagroup listgroups");
            return ExitCode::usage;
        } else {
            converse(session, editor, around, console);
        }
        return strict_ && session.failed() ? ExitCode::does_not_hold : ExitCode::done;
    }

private:
    static void converse(lunacm::Session& session, LineEditor& editor, LunacmSurroundings& around,
                         Console& console)
    {
        if (!console.manner().quiet()) {
            around.write("LunaCM as hasim plays it: no Luna is near.\n");
            session.run("slot list");
        }
        static_cast<void>(console.flush());
        while (!session.over()) {
            const auto line = editor.line("lunacm:> ");
            if (!line) {
                break;
            }
            session.run(*line);
            if (!console.flush()) {
                break;
            }
        }
    }

    std::string conf_;
    std::vector<std::string> words_;
    bool command_ = false;
    bool strict_ = false;
};

}  // namespace

const Command kLunacmCommand = command<LunacmCommand>(
    "lunacm", "sets up HA groups with the commands of LunaCM",
    "Understands hagroup creategroup, deletegroup, addmember, removemember, addstandby, "
    "removestandby, listgroups, synchronize, recover, retry, interval, recoverymode, halog and "
    "haonly, slot list, partition showinfo, help and exit; -q leaves the greeting out. Names are "
    "in any case. It changes the configuration, and nothing else of that file; who is alive comes "
    "from a hasim that runs with it. A link named lunacm is the same program. The exit code is 0 "
    "whatever a command came to, as with the product; --strict tells.");

}  // namespace hasim::cli
