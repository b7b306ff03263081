/// What somebody typed at lunacm, as words, and as a command with its options.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hasim::lunacm {

/// Cuts a line at its blanks; quotes of either kind keep them. An open quote reaches to the end.
[[nodiscard]] std::vector<std::string> words_of(std::string_view line);

struct OptionSpec {
    std::string_view name;      ///< without its dash
    std::string_view shortcut;  ///< empty: none
    std::string_view value;     ///< what the help calls it; empty: a flag
    std::string_view help;
};

/// The options of an invocation, by their full names.
class Arguments {
public:
    [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const
    {
        const auto at = values_.find(name);
        return at == values_.end() ? std::nullopt : std::optional(at->second);
    }
    void set(std::string_view name, std::string value) { values_[name] = std::move(value); }

private:
    std::map<std::string_view, std::string> values_;
};

/// Reads "-label x -force" against `options`: names in any case, shortcuts exactly as they are but for their case (the
/// product's rule). The other alternative says what is wrong.
[[nodiscard]] std::variant<Arguments, std::string> read_arguments(
    std::span<const OptionSpec> options, std::span<const std::string> words);

}  // namespace hasim::lunacm
