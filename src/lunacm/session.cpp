#include "lunacm/session.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "base/words.hpp"
#include "lunacm/work.hpp"

namespace hasim::lunacm {

namespace {

std::string_view text_of(Result result)
{
    switch (result) {
    case Result::no_error: return "No Error";
    case Result::general_error: return "0x5 (CKR_GENERAL_ERROR)";
    case Result::arguments_bad: return "0x7 (CKR_ARGUMENTS_BAD)";
    case Result::pin_incorrect: return "0xa0 (CKR_PIN_INCORRECT)";
    case Result::cancelled: return "0x1 (CKR_CANCEL)";
    case Result::again: break;
    }
    return {};
}

bool is_called(std::string_view word, std::string_view name, std::string_view shortcut)
{
    return same_but_for_case(word, name) ||
           (!shortcut.empty() && same_but_for_case(word, shortcut));
}

bool is_exit(std::string_view word)
{
    return is_called(word, "exit", "e") || is_called(word, "quit", "q") ||
           is_called(word, "bye", "");
}

bool is_help(std::string_view word)
{
    return is_called(word, "help", "h") || word == "?";
}

/// "hagroup addmember"
std::string full_name(const CommandSpec& command)
{
    return command.family.empty() ? std::string(command.name)
                                  : fmt::format("{} {}", command.family, command.name);
}

/// The command that the words begin with, and how many of them are its name.
const CommandSpec* find(std::span<const std::string> words, std::size_t& name_words)
{
    for (const CommandSpec& command : commands()) {
        const bool family = !command.family.empty();
        name_words = family ? 2 : 1;
        if (words.size() >= name_words &&
            (!family || is_called(words[0], command.family, command.family_shortcut)) &&
            is_called(words[family ? 1 : 0], command.name, command.shortcut)) {
            return &command;
        }
    }
    return nullptr;
}

bool is_family(std::string_view word, const CommandSpec& command)
{
    return !command.family.empty() && is_called(word, command.family, command.family_shortcut);
}

std::string row(std::string_view term, std::string_view text)
{
    return fmt::format("    {:<38} {}\n", term, text);
}

std::string options_of(const CommandSpec& command)
{
    std::string text;
    for (const OptionSpec& option : command.options) {
        text += row(option.value.empty()
                        ? fmt::format("-{} (-{})", option.name, option.shortcut)
                        : fmt::format("-{} (-{}) <{}>", option.name, option.shortcut, option.value),
                    option.help);
    }
    return text;
}

}  // namespace

void Session::finish(Result result)
{
    failed_ = failed_ || result != Result::no_error;
    around_.write(fmt::format("\nCommand Result : {}\n\n", text_of(result)));
}

/// All commands, those of a family, or one with its options.
void Session::help(const std::vector<std::string>& words)
{
    std::size_t name_words = 0;
    const std::span about(words.begin() + 1, words.end());
    if (const CommandSpec* const command = find(about, name_words)) {
        around_.write(fmt::format("\n  {}: {}\n\n{}", full_name(*command), command->help,
                                  options_of(*command)));
        finish(Result::no_error);
        return;
    }
    std::string text = "\n  The following commands are available:\n\n";
    bool any = false;
    for (const CommandSpec& command : commands()) {
        if (about.empty() || is_family(about[0], command)) {
            text += row(fmt::format("{} ({} {})", full_name(command), command.family_shortcut,
                                    command.shortcut),
                        command.help);
            any = true;
        }
    }
    if (about.empty()) {
        text +=
            row("help", "prints this; with a command, its options") + row("exit", "ends lunacm");
    }
    around_.write(any ? text
                      : fmt::format("\nError:  There is no command {}.\n", in_quotes(about[0])));
    finish(any ? Result::no_error : Result::arguments_bad);
}

void Session::run_words(const std::vector<std::string>& words)
{
    if (words.empty()) {
        return;
    }
    if (is_exit(words[0])) {
        over_ = true;
        return;
    }
    if (is_help(words[0])) {
        help(words);
        return;
    }
    std::size_t name_words = 0;
    const CommandSpec* const command = find(words, name_words);
    if (command == nullptr) {
        const bool family =
            std::any_of(commands().begin(), commands().end(),
                        [&](const CommandSpec& one) { return is_family(words[0], one); });
        around_.write(
            family && words.size() == 1
                ? fmt::format("\nError:  {} needs a command; try: help {}\n", words[0], words[0])
                : fmt::format("\nError:  {} is not a command; try: help\n",
                              in_quotes(words[0] + (family ? " " + words[1] : ""))));
        finish(Result::arguments_bad);
        return;
    }
    auto arguments = read_arguments(command->options, std::span(words).subspan(name_words));
    if (const std::string* const wrong = std::get_if<std::string>(&arguments)) {
        around_.write(fmt::format("\nError:  {} Options of {}:\n\n{}", *wrong, full_name(*command),
                                  options_of(*command)));
        finish(Result::arguments_bad);
        return;
    }
    constexpr int kTries = 1000;  // others edit the file, too
    Result result = Result::again;
    for (int i = 0; i < kTries && result == Result::again; ++i) {
        Work work(around_, std::get<Arguments>(arguments));
        result = work.begin() ? command->run(work) : Result::general_error;
    }
    if (result == Result::again) {
        around_.write("\nError:  The configuration is changed all the time by others.\n");
        result = Result::general_error;
    }
    finish(result);
}

std::vector<std::string> completions(std::string_view line)
{
    std::vector<std::string> words = words_of(line);
    const bool begins = line.empty() || line.back() == ' ';  // a new word
    const std::string last = begins || words.empty() ? std::string() : words.back();
    if (!begins && !words.empty()) {
        words.pop_back();
    }
    std::set<std::string> found;
    const auto offer = [&](std::string_view word) {
        if (word.size() >= last.size() && same_but_for_case(word.substr(0, last.size()), last)) {
            found.emplace(word);
        }
    };
    std::size_t name_words = 0;
    if (words.empty()) {
        for (const CommandSpec& command : commands()) {
            offer(command.family.empty() ? command.name : command.family);
        }
        offer("help");
        offer("exit");
    } else if (const CommandSpec* const named = find(words, name_words)) {
        for (const OptionSpec& option : named->options) {
            offer(fmt::format("-{}", option.name));
        }
    } else if (words.size() == 1) {
        for (const CommandSpec& command : commands()) {
            if (is_help(words[0])) {
                offer(command.family.empty() ? command.name : command.family);
            } else if (is_family(words[0], command)) {
                offer(command.name);
            }
        }
    }
    return {found.begin(), found.end()};
}

}  // namespace hasim::lunacm
