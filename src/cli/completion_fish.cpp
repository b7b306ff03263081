#include <fmt/format.h>

#include "cli/completion.hpp"

namespace hasim::cli {
namespace {

// Between single quotes fish obeys a backslash before ' and before itself.
std::string fish_quoted(std::string_view text)
{
    std::string result = "'";
    for (const char letter : text) {
        if (letter == '\'' || letter == '\\') {
            result += '\\';
        }
        result += letter;
    }
    return result + "'";
}

// The switches of `complete` for a value; `where` is -r for an option's, empty for an argument.
std::string fish_offer(const ShellOption& option, std::string_view where)
{
    switch (option.offer) {
    case Offer::files: return fmt::format("{} -F", where);
    case Offer::directories: return fmt::format("{} -f -a '(__fish_complete_directories)'", where);
    case Offer::programs: return fmt::format("{} -F -a '(__fish_complete_command)'", where);
    case Offer::words:
        return fmt::format("{} -f -a {}", where,
                           fish_quoted(fmt::format("{}", fmt::join(option.words, " "))));
    case Offer::by_name:
    case Offer::nothing: break;
    }
    return fmt::format("{} -f", where);
}

std::string option_line(const std::string& condition, const ShellOption& option)
{
    const bool is_long = option.name.starts_with("--");
    return fmt::format("complete -c hasim -n {} {} {}{} -d {}\n", condition, is_long ? "-l" : "-s",
                       option.name.substr(is_long ? 2 : 1),
                       option.flag() ? "" : fish_offer(option, " -r"), fish_quoted(option.about));
}

std::string command_lines(const ShellCommand& command)
{
    const std::string condition = fish_quoted("__hasim_is " + command.name);
    std::string text;
    for (const ShellOption& option : command.options) {
        text += option_line(condition, option);
    }
    for (const ShellOption& argument : command.arguments) {
        if (argument.offer != Offer::nothing) {
            text += fmt::format("complete -c hasim -n {}{}\n", condition, fish_offer(argument, ""));
        }
    }
    return text;
}

std::string word_line(std::string_view condition, std::string_view word, std::string_view about)
{
    return fmt::format("complete -c hasim -n {} -a {} -d {}\n", fish_quoted(condition), word,
                       fish_quoted(about));
}

}  // namespace

std::string fish_completion(const std::vector<Command>& commands)
{
    const std::vector<ShellCommand> all = shell_commands(commands);
    std::string families;
    std::string words;
    for (const FirstWord& first : first_words(all)) {
        words += word_line("__hasim_is; or __hasim_is help", first.word, first.about);
        if (first.family.empty()) {
            continue;
        }
        families += (families.empty() ? "" : " ") + first.word;
        for (const ShellCommand& command : first.family) {
            words += word_line(fmt::format("__hasim_is {0}; or __hasim_is help {0}", first.word),
                               second_word(command), command.about);
        }
    }
    std::string text = "# Completion of hasim for fish, made by `hasim completion fish`.\n\n";
    text +=
        "# Whether the command before the cursor is the one given: of one word, of two, or none "
        "yet.\n"
        "function __hasim_is\n"
        "    set -l words (commandline -opc)[2..-1]\n"
        "    set -l found\n"
        "    if string match -q -- '-*' \"$words[1]\"\n"
        "        set found run\n"
        "    else if test \"$words[1]\" = help\n"
        "        set found $words\n"
        "    else\n"
        "        set found $words[1]\n"
        "        if contains -- \"$words[1]\" " +
        families +
        "; and set -q words[2]\n"
        "            string match -q -- '-*' $words[2]; or set -a found $words[2]\n"
        "        end\n"
        "    end\n"
        "    test \"$found\" = \"$argv\"\n"
        "end\n\n"
        "complete -c hasim -f\n"
        "complete -c hasim -n __hasim_is -l version -d 'say which hasim this is'\n";
    text += words;
    for (const ShellCommand& command : all) {
        text += command_lines(command);
    }
    return text;
}

}  // namespace hasim::cli
