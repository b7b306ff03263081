/// lunacm without a Luna: its hagroup commands, on a Chrystoki.conf and on a hasim that runs with it. Which commands,
/// options and outputs are published and which are chosen: docs/lunacm.md.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conf/edit.hpp"
#include "hasim/ids.hpp"
#include "hasim/settings.hpp"
#include "lunacm/invocation.hpp"

namespace hasim::lunacm {

/// What lunacm stands in.
class Surroundings {
public:
    virtual ~Surroundings() = default;

    /// The settings of the configuration; nothing, and `problem`, when it cannot be used.
    [[nodiscard]] virtual std::optional<Settings> settings(std::string& problem) = 0;
    /// Changes the configuration; empty, or what went wrong. `change` gets the text as it is by then.
    [[nodiscard]] virtual std::string edit(
        const std::function<conf::Edited(std::string_view)>& change) = 0;
    /// What a hasim has that runs with this configuration.
    struct Running {
        std::set<Serial> alive;          ///< partitions that a client can reach now
        std::vector<Serial> partitions;  ///< all, by appliance
    };
    /// Nothing when none runs.
    [[nodiscard]] virtual std::optional<Running> running() = 0;

    /// Whether somebody sits there, and no script.
    [[nodiscard]] virtual bool on_terminal() const = 0;
    enum class Echo { shown, hidden };
    /// An answer of the user's, without its line end. Nothing: there is nobody to ask.
    [[nodiscard]] virtual std::optional<std::string> ask(std::string_view prompt, Echo echo) = 0;
    virtual void write(std::string_view text) = 0;
};

/// How a command ended. The product prints a name behind the number of an error; these are chosen.
enum class Result {
    no_error,
    general_error,
    arguments_bad,
    pin_incorrect,
    cancelled,
    again,  ///< nothing was done or said: the configuration was changed meanwhile
};

class Work;

/// A command that does something: what it is called, and what it takes.
struct CommandSpec {
    std::string_view family;  ///< "hagroup"; empty for words that stand alone
    std::string_view family_shortcut;
    std::string_view name;
    std::string_view shortcut;
    std::vector<OptionSpec> options;
    std::string_view help;
    Result (*run)(Work& work);  ///< after Work::begin()
};

/// All of them, in the order of the help.
[[nodiscard]] const std::vector<CommandSpec>& commands();

/// What may stand behind `line` so far: for completion.
[[nodiscard]] std::vector<std::string> completions(std::string_view line);

class Session {
public:
    /// Not owned.
    explicit Session(Surroundings& around) : around_(around) {}

    /// Does what the line says, and prints it with its result. An empty line does nothing.
    void run(std::string_view line) { run_words(words_of(line)); }
    void run_words(const std::vector<std::string>& words);

    /// Somebody said exit.
    [[nodiscard]] bool over() const { return over_; }
    /// Some command did not end with No Error.
    [[nodiscard]] bool failed() const { return failed_; }

private:
    void finish(Result result);
    void help(const std::vector<std::string>& words);

    Surroundings& around_;
    bool over_ = false;
    bool failed_ = false;
};

}  // namespace hasim::lunacm
