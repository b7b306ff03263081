#include "cli/application.hpp"

#include "cli/commands.hpp"
#include "cli/declared_command.hpp"
#include "cli/help.hpp"
#include "hasim/result.hpp"
#include "host/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iostream>

namespace hasim::cli {
namespace {

using Arguments = std::vector<std::string>;

// Cuts the command's name, of one word or two, off the front of `arguments`.
std::string take_name(const std::vector<Command>& commands, Arguments& arguments)
{
    std::string name = arguments.front();
    arguments.erase(arguments.begin());
    const bool second_word =
        is_family(commands, name) && !arguments.empty() && !arguments.front().starts_with('-');
    if (second_word) {
        name += ' ' + arguments.front();
        arguments.erase(arguments.begin());
    }
    return name;
}

ExitCode usage_error(Console& console, std::string_view text, std::string_view help)
{
    console.error(text);
    console.diagnostic(fmt::format("hasim: '{}' says more", help));
    return ExitCode::usage;
}

ExitCode unknown_command(const std::vector<Command>& commands, const std::string& name,
                         Console& console)
{
    std::vector<std::string_view> known{"help"};
    for (const Command& command : commands) {
        known.push_back(command.name);
        if (const std::string_view family = family_of(command); !family.empty()) {
            known.push_back(family);
        }
    }
    std::string text = fmt::format("there is no command '{}'", name);
    if (const std::string meant = nearest(name, known); !meant.empty()) {
        text += fmt::format("; did you mean '{}'?", meant);
    }
    return usage_error(console, text, "hasim --help");
}

ExitCode print_help(const std::vector<Command>& commands, Arguments arguments, Console& console)
{
    if (arguments.empty()) {
        console.write(general_help(commands));
        return ExitCode::done;
    }
    const std::string name = take_name(commands, arguments);
    if (const Command* const command = find_command(commands, name)) {
        console.write(command_help(*command, DeclaredCommand(*command).options()));
        return ExitCode::done;
    }
    if (is_family(commands, name)) {
        console.write(family_help(commands, name));
        return ExitCode::done;
    }
    return unknown_command(commands, name, console);
}

ExitCode run_command(const Command& command, const Arguments& arguments, Console& console)
{
    DeclaredCommand declared(command);
    bool help = false;
    const std::string wrong = parse(declared.options(), arguments, help);
    if (help) {
        console.write(command_help(command, declared.options()));
        return ExitCode::done;
    }
    if (!wrong.empty()) {
        return usage_error(console, wrong, fmt::format("hasim help {}", command.name));
    }
    if (declared.manner().quiet && declared.manner().verbose) {
        return usage_error(console, "-q and -v exclude each other: leave one of them out",
                           fmt::format("hasim help {}", command.name));
    }
    console.set_manner(declared.manner().manner());
    return declared.body().run(console);
}

ExitCode run_named(const std::vector<Command>& commands, Arguments arguments, Console& console)
{
    const std::string name = take_name(commands, arguments);
    if (const Command* const command = find_command(commands, name)) {
        return run_command(*command, arguments, console);
    }
    if (!is_family(commands, name)) {
        return unknown_command(commands, name, console);
    }
    if (!arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h")) {
        return print_help(commands, {name}, console);
    }
    return usage_error(console, fmt::format("'{}' is only half a command", name),
                       fmt::format("hasim help {}", name));
}

}  // namespace

ExitCode run_application(const Arguments& arguments, const std::vector<Command>& commands,
                         Console& console)
{
    if (arguments.empty()) {
        console.write(first_steps());
        return ExitCode::done;
    }
    const std::string& first = arguments.front();
    if (first == "--version") {
        console.write("hasim " HASIM_VERSION "\n");
        return ExitCode::done;
    }
    if (first == "--help" || first == "-h") {
        return print_help(commands, {}, console);
    }
    if (first == "help") {
        return print_help(commands, {arguments.begin() + 1, arguments.end()}, console);
    }
    if (!first.empty() && !first.starts_with('-')) {
        return run_named(commands, arguments, console);
    }
    if (const Command* const run = find_command(commands, "run")) {
        return run_command(*run, arguments, console);
    }
    return usage_error(console, "a command is missing", "hasim --help");
}

int run_application(int argument_count, const char* const* arguments)
{
    host::prepare_process();
    Console console(std::cout, std::cerr);
    ExitCode code = ExitCode::environment;
    try {
        Arguments given(arguments + std::min(argument_count, 1), arguments + argument_count);
        const std::string called = argument_count > 0 ? arguments[0] : "";
        if (called.substr(called.rfind('/') + 1) == "lunacm") {
            given.insert(given.begin(), "lunacm");  // scripts call it by that name
        }
        code = run_application(given, all_commands(), console);
    } catch (const std::exception& exception) {
        console.error(exception.what());
    }
    if (!console.flush() && code != ExitCode::interrupted) {
        console.error("not all of the result could be written to standard output");
        code = code == ExitCode::done ? ExitCode::environment : code;
    }
    return static_cast<int>(code);
}

}  // namespace hasim::cli
