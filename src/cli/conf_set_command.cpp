// `hasim conf set` and `hasim conf unset`: one entry of a Chrystoki.conf, and nothing else of it.
#include "cli/commands.hpp"
#include "cli/edit_conf.hpp"

#include "base/plain_text.hpp"
#include "conf/configuration.hpp"

#include <fmt/format.h>

namespace hasim::cli {
namespace {

/// What both take, and what they say of a file that was changed.
class ConfEditCommand : public CommandBody {
protected:
    void declare_place(Options& options)
    {
        options.positional("SECTION", section_,
                           "as the file has it: HAConfiguration, "
                           "\"LunaSA Client\"");
        options.positional("KEY", key_, "case counts");
    }
    void declare_rest(Options& options)
    {
        options.text("--conf", "FILE", conf_,
                     "the file; without it Chrystoki.conf in $ChrystokiConfigurationPath");
        options.flag("--force", force_, "write even what makes the configuration wrong");
    }

    ExitCode edit(Console& console, const std::function<conf::Edited(std::string_view)>& change)
    {
        const std::string path = conf_to_edit(conf_);
        if (path.empty()) {
            console.error(kNoConf);
            return ExitCode::usage;
        }
        const ConfEdit done = edit_conf(path, change, force_);
        if (!done.ok()) {
            console.error(done.problem);
            return done.code;
        }
        if (!done.changed) {
            console.info(path + ": nothing to change");
        }
        for (const Finding& finding : conf::read(done.text, path).findings) {
            if (finding.text.find(in_quotes(key_)) != std::string::npos) {
                console.finding(finding);  // a misspelt key, for one
            }
        }
        return ExitCode::done;
    }

    std::string section_;
    std::string key_;

private:
    std::string conf_;
    bool force_ = false;
};

class ConfSetCommand final : public ConfEditCommand {
public:
    void declare(Options& options) override
    {
        declare_place(options);
        options.positional("VALUE", value_, "\"\" for an empty one");
        declare_rest(options);
    }
    ExitCode run(Console& console) override
    {
        return edit(console, [&](std::string_view text) {
            return conf::set_entry(text, section_, key_, value_);
        });
    }

private:
    std::string value_;
};

class ConfUnsetCommand final : public ConfEditCommand {
public:
    void declare(Options& options) override
    {
        declare_place(options);
        declare_rest(options);
    }
    ExitCode run(Console& console) override
    {
        return edit(console,
                    [&](std::string_view text) { return conf::unset_entry(text, section_, key_); });
    }
};

constexpr const char* kHow =
    "Comments, order, indentation, line ends and unknown keys stay as they are. The file is "
    "replaced as a whole, with its mode and owner. Nothing is written when somebody else changed "
    "the file meanwhile, when it is read-only or a link, and when the configuration would have a "
    "new error. Exits with 0 when the file is as asked for, with 2 when the edit makes no sense, "
    "with 3 when the file could not be written. A running hasim notices the edit.";

}  // namespace

const Command kConfSetCommand =
    command<ConfSetCommand>("conf set", "gives an entry of a configuration a value", kHow);
const Command kConfUnsetCommand =
    command<ConfUnsetCommand>("conf unset", "takes an entry out of a configuration", kHow);

}  // namespace hasim::cli
