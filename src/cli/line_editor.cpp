#include "cli/line_editor.hpp"

#include <editline/readline.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

#include "host/key_terminal.hpp"

namespace hasim::cli {

namespace {

// The library calls back without a word of whose it is.
LineEditor::Complete& complete_line()
{
    static LineEditor::Complete complete;
    return complete;
}

/// The library frees each text, and the list.
char** complete_word(const char*, int, int end)
{
    rl_attempted_completion_over = 1;  // no file names
    const std::vector<std::string> words =
        complete_line()(std::string_view(rl_line_buffer, static_cast<std::size_t>(end)));
    if (words.empty()) {
        return nullptr;
    }
    std::string common = words.front();
    for (const std::string& word : words) {
        while (word.compare(0, common.size(), common) != 0) {
            common.pop_back();
        }
    }
    auto* const list = static_cast<char**>(std::calloc(words.size() + 2, sizeof(char*)));
    list[0] = ::strdup(common.c_str());
    for (std::size_t i = 0; i < words.size(); ++i) {
        list[i + 1] = ::strdup(words[i].c_str());
    }
    return list;
}

std::optional<std::string> plain_line()
{
    std::string text;
    if (!std::getline(std::cin, text)) {
        return std::nullopt;
    }
    if (text.ends_with('\r')) {
        text.pop_back();
    }
    return text;
}

}  // namespace

LineEditor::LineEditor(Complete complete)
    : on_terminal_(::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0)
{
    complete_line() = std::move(complete);
    if (on_terminal_) {
        rl_initialize();
        rl_attempted_completion_function = complete_word;
        using_history();
    }
}

LineEditor::~LineEditor()
{
    complete_line() = nullptr;
}

std::optional<std::string> LineEditor::line(const std::string& prompt)
{
    if (!on_terminal_) {
        return plain_line();
    }
    char* const typed = ::readline(prompt.c_str());
    if (typed == nullptr) {
        std::cout << '\n';
        return std::nullopt;
    }
    std::string text = typed;
    std::free(typed);
    if (!text.empty()) {
        add_history(text.c_str());
    }
    return text;
}

std::optional<std::string> LineEditor::answer(bool hidden)
{
    const auto no_echo = hidden && on_terminal_
                             ? host::KeyTerminal::take(host::KeyTerminal::Input::hidden)
                             : nullptr;
    std::optional<std::string> text = plain_line();
    if (hidden && on_terminal_) {
        std::cout << '\n';
    }
    return text;
}

}  // namespace hasim::cli
