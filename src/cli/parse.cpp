// The one file that knows CLI11. It only cuts the command line into options and values: messages, checks and help come
// from the declarations, so that they are the same whatever version of CLI11 is installed.
#include "cli/options.hpp"

#include "hasim/result.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace hasim::cli {
namespace {

std::string unknown_option(const Options& options, const std::string& argument)
{
    const std::string name = argument.substr(0, argument.find('='));
    std::vector<std::string_view> known{"--help"};
    for (const OptionDeclaration& declaration : options.declarations()) {
        if (declaration.name.starts_with("--")) {  // a letter is near every other letter
            known.push_back(declaration.name);
        }
    }
    const std::string meant = nearest(name, known);
    return meant.empty() ? fmt::format("unknown option '{}'", name)
                         : fmt::format("unknown option '{}'; did you mean '{}'?", name, meant);
}

/// -1 is a number: no option is called so.
bool looks_like_option(const std::string& argument)
{
    return argument.size() > 1 && argument.starts_with('-') &&
           (argument[1] < '0' || argument[1] > '9');
}

/// Where options end: at "--", or at the first word that is none, where words are taken as they are.
std::vector<std::string>::const_iterator end_of_options(const Options& options,
                                                        const std::vector<std::string>& arguments)
{
    const auto& all = options.declarations();
    const bool verbatim = std::ranges::any_of(all, &OptionDeclaration::verbatim);
    if (!verbatim) {
        return std::ranges::find(arguments, "--");
    }
    auto at = arguments.begin();
    while (at != arguments.end() && *at != "--" && looks_like_option(*at)) {
        const auto declared = std::ranges::find(all, *at, &OptionDeclaration::name);
        const bool takes_next = declared != all.end() && !declared->flag();
        at += takes_next && at + 1 != arguments.end() ? 2 : 1;
    }
    return at;
}

CLI::Option* declare(CLI::App& app, const OptionDeclaration& declaration)
{
    if (declaration.flag()) {
        return app.add_flag(declaration.name)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
    CLI::Option* const option = app.add_option(declaration.name);
    return option->type_size(1)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// Hands the values found for one declaration to its reader.
std::string take(const OptionDeclaration& declaration, const std::vector<std::string>& values)
{
    if (values.empty()) {
        return declaration.required ? fmt::format("{} is missing", declaration.name)
                                    : std::string();
    }
    if (declaration.flag()) {
        return values.back() == "true" ? declaration.read({})
                                       : fmt::format("{} takes no value", declaration.name);
    }
    if (values.size() > 1 && !declaration.repeated) {
        return fmt::format("{} is given more than once", declaration.name);
    }
    for (const std::string& value : values) {
        const std::string wrong = declaration.read(value);
        if (!wrong.empty()) {
            return fmt::format("{}: '{}' {}", declaration.name, value, wrong);
        }
    }
    return {};
}

// Hands the arguments that belong to no option to the positional declarations, in order.
std::string take_positionals(const Options& options, const std::vector<std::string>& arguments)
{
    auto next = arguments.begin();
    for (const OptionDeclaration& declaration : options.declarations()) {
        if (!declaration.positional()) {
            continue;
        }
        const auto count = declaration.repeated
                               ? arguments.end() - next
                               : std::min<std::ptrdiff_t>(1, arguments.end() - next);
        const std::string wrong = take(declaration, {next, next + count});
        if (!wrong.empty()) {
            return wrong;
        }
        next += count;
    }
    return next == arguments.end() ? std::string()
                                   : fmt::format("'{}' is one argument too many", *next);
}

// CLI11's own complaint, in our words where we know what it is about: its messages start with the option's name.
std::string parse_complaint(const CLI::ParseError& error)
{
    const std::string_view text = error.what();
    const std::string_view name = text.substr(0, text.find(':'));
    const auto wrong = static_cast<CLI::ExitCodes>(error.get_exit_code());
    if (wrong == CLI::ExitCodes::ArgumentMismatch && name.starts_with("--")) {
        return fmt::format("{} needs a value", name);
    }
    return std::string(text);
}

}  // namespace

std::string parse(const Options& options, const std::vector<std::string>& arguments, bool& help)
{
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::vector<std::pair<const OptionDeclaration*, CLI::Option*>> declared;
    for (const OptionDeclaration& declaration : options.declarations()) {
        if (!declaration.positional()) {
            declared.emplace_back(&declaration, declare(app, declaration));
        }
    }
    const CLI::Option* const help_flag = app.add_flag("-h,--help");
    const auto options_end = end_of_options(options, arguments);
    try {
        app.parse(std::vector<std::string>(std::reverse_iterator(options_end), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        return parse_complaint(error);
    }
    help = help_flag->count() > 0;
    if (help) {
        return {};
    }
    std::vector<std::string> others = app.remaining();
    if (const auto unknown = std::ranges::find_if(others, looks_like_option);
        unknown != others.end()) {
        return unknown_option(options, *unknown);
    }
    for (const auto& [declaration, option] : declared) {
        const std::string wrong = take(*declaration, option->results());
        if (!wrong.empty()) {
            return wrong;
        }
    }
    if (options_end != arguments.end()) {
        others.insert(others.end(), options_end + (*options_end == "--" ? 1 : 0), arguments.end());
    }
    return take_positionals(options, others);
}

}  // namespace hasim::cli
