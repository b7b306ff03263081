#include "lunacm/invocation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "base/words.hpp"

namespace hasim::lunacm {

std::vector<std::string> words_of(std::string_view line)
{
    std::vector<std::string> words;
    char quote = '\0';
    bool in_word = false;
    for (const char c : line) {
        const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (quote == '\0' && blank) {
            in_word = false;
            continue;
        }
        if (!in_word) {
            words.emplace_back();
            in_word = true;
        }
        if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else {
            words.back() += c;
        }
    }
    return words;
}

std::variant<Arguments, std::string> read_arguments(std::span<const OptionSpec> options,
                                                    std::span<const std::string> words)
{
    Arguments arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        const auto spec = std::find_if(options.begin(), options.end(), [&](const OptionSpec& one) {
            const std::string_view name = word.starts_with('-') ? word.substr(1) : "";
            return !name.empty() &&
                   (same_but_for_case(name, one.name) || same_but_for_case(name, one.shortcut));
        });
        if (spec == options.end()) {
            return fmt::format("{} is no option of this command.", in_quotes(word));
        }
        if (arguments.has(spec->name)) {
            return fmt::format("-{} is given twice.", spec->name);
        }
        if (spec->value.empty()) {
            arguments.set(spec->name, {});
        } else if (i + 1 < words.size()) {
            arguments.set(spec->name, words[++i]);
        } else {
            return fmt::format("-{} needs a value: <{}>.", spec->name, spec->value);
        }
    }
    return arguments;
}

}  // namespace hasim::lunacm
