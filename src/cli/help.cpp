#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace hasim::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kWidestTerm = 26;  // a longer one gets a line of its own

// `text` cut at blanks so that no line passes `kWidth`, each line after the first indented by `indent`.
std::string wrapped(std::string_view text, std::size_t indent)
{
    std::string result;
    std::size_t column = indent;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find_first_of(" \n"));
        if (column + word.size() > kWidth && column > indent) {
            result.back() = '\n';
            result.append(indent, ' ');
            column = indent;
        }
        result += word;
        column += word.size();
        text.remove_prefix(word.size());
        if (text.empty()) {
            break;
        }
        const bool line_ends = text.front() == '\n';
        result += text.front();
        column = line_ends ? indent : column + 1;
        if (line_ends && text.size() > 1 && text[1] != '\n') {
            result.append(indent, ' ');
        }
        text.remove_prefix(1);
    }
    return result;
}

// Two columns: terms, and what they mean.
std::string table(const std::vector<HelpRow>& rows)
{
    std::size_t widest = 0;
    for (const HelpRow& row : rows) {
        if (row.term.size() <= kWidestTerm) {
            widest = std::max(widest, row.term.size());
        }
    }
    const std::size_t indent = 2 + widest + 2;
    std::string result;
    for (const HelpRow& row : rows) {
        std::string line = "  " + row.term;
        if (line.size() + 2 > indent) {
            result += line + '\n';
            line.clear();
        }
        line.resize(indent, ' ');
        result += line + wrapped(row.text, indent) + '\n';
    }
    return result;
}

HelpRow row_of(const OptionDeclaration& option)
{
    return {option.name + (option.value.empty() ? "" : ' ' + option.value), explained(option)};
}

std::string command_rows(const std::vector<Command>& commands, std::string_view family)
{
    std::vector<HelpRow> rows;
    for (const Command& command : commands) {
        const bool belongs =
            family.empty() || (command.name.starts_with(family) &&
                               command.name.substr(family.size()).starts_with(' '));
        if (belongs) {
            rows.push_back({std::string(command.name), std::string(command.summary)});
        }
    }
    return table(rows);
}

}  // namespace

std::string synopsis(const Command& command, const Options& options)
{
    std::string usage = fmt::format("hasim {}", command.name == "run" ? "[run]" : command.name);
    bool optional_ones = false;
    for (const OptionDeclaration& option : options.declarations()) {
        if (option.positional()) {
            continue;
        }
        if (option.required) {
            usage += fmt::format(" {} {}", option.name, option.value);
        } else {
            optional_ones = true;
        }
    }
    usage += optional_ones ? " [options]" : "";
    for (const OptionDeclaration& argument : options.declarations()) {
        if (argument.positional()) {
            const std::string name = argument.name + (argument.repeated ? "..." : "");
            usage += argument.required ? ' ' + name : " [" + name + ']';
        }
    }
    return usage;
}

std::string explained(const OptionDeclaration& option)
{
    std::string text = option.help;
    if (option.repeated && !option.positional()) {
        text += "; may be given several times";
    }
    if (!option.default_text.empty()) {
        text += fmt::format(" (default: {})", option.default_text);
    }
    return text;
}

const std::vector<HelpRow>& exit_statuses()
{
    static const std::vector<HelpRow> rows{
        {"0", "done"},
        {"1",
         "the thing checked does not hold: a scenario failed, a log or a configuration has errors"},
        {"2", "wrong usage or input"},
        {"3", "the environment failed: a port is taken, a disk is full, too few descriptors"},
        {"130", "interrupted"}};
    return rows;
}

std::string first_steps()
{
    return "hasim is the HA client of a Luna Network HSM against simulated appliances.\n"
           "\n"
           "Start a client with any Chrystoki.conf, and break things from another terminal:\n"
           "\n"
           "  hasim run --conf Chrystoki.conf --log-dir halog\n"
           "  hasim ctl 'hsm2 cable out'     the member is dropped, and the log says so\n"
           "  hasim ctl 'heal all'           it comes back at the next recovery tick\n"
           "  hasim faults                   what else can be done\n"
           "\n"
           "Write an outage down and assert what must follow:  hasim test outage.hasim\n"
           "Read a log, real or simulated:                     hasim log parse haErrorLog.txt\n"
           "All commands:                                      hasim --help\n";
}

std::string general_help(const std::vector<Command>& commands)
{
    return "usage: hasim COMMAND [options]\n"
           "       hasim --conf FILE ...      the same as hasim run --conf FILE ...\n"
           "       hasim                      how to start\n"
           "\n"
           "The HA client of a Luna Network HSM against simulated appliances: it fails over,\n"
           "recovers and writes the documented HA log.\n"
           "\n"
           "commands:\n" +
           command_rows(commands, {}) +
           "\n"
           "  hasim help COMMAND, or hasim COMMAND --help, says more; hasim --version says\n"
           "  which hasim this is.\n"
           "\n"
           "exit status:\n" +
           table(exit_statuses());
}

std::string command_help(const Command& command, const Options& options)
{
    std::string help = "usage: " + synopsis(command, options) + '\n';
    help += fmt::format("\n{}.\n",
                        wrapped(fmt::format("hasim {} {}", command.name, command.summary), 0));
    if (!command.details.empty()) {
        help += fmt::format("\n{}\n", wrapped(command.details, 0));
    }
    std::vector<HelpRow> arguments;
    std::vector<HelpRow> rows;
    for (const OptionDeclaration& option : options.declarations()) {
        (option.positional() ? arguments : rows).push_back(row_of(option));
    }
    rows.push_back({"--help", "print this text"});
    if (!arguments.empty()) {
        help += "\narguments:\n" + table(arguments);
    }
    return help + "\noptions:\n" + table(rows);
}

std::string family_help(const std::vector<Command>& commands, std::string_view word)
{
    return fmt::format("usage: hasim {} COMMAND [options]\n\ncommands:\n{}", word,
                       command_rows(commands, word));
}

}  // namespace hasim::cli
