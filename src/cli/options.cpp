#include "cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace hasim::cli {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view separator)
{
    return fmt::format("{}", fmt::join(words, separator));
}

template <class Target>
ReadValue read_text(Target& target)
{
    return [&target](std::string_view text) {
        target = std::string(text);
        return std::string();
    };
}

template <class Target>
ReadValue read_number(Target& target, std::uint64_t least, std::uint64_t most)
{
    return [&target, least, most](std::string_view text) -> std::string {
        const auto number = whole_number(text);
        if (!number || *number < least || *number > most) {
            return most == std::numeric_limits<std::uint64_t>::max()
                       ? fmt::format("is not a whole number from {} on", least)
                       : fmt::format("is not a whole number from {} to {}", least, most);
        }
        target = *number;
        return {};
    };
}

ReadValue append_text(std::vector<std::string>& target)
{
    return [&target](std::string_view text) {
        target.emplace_back(text);
        return std::string();
    };
}

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text)
{
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return number;
}

Offer OptionDeclaration::offer() const
{
    if (offered != Offer::by_name) {
        return offered;
    }
    const std::string& called = positional() ? name : value;
    if (called == "DIR") {
        return Offer::directories;
    }
    return called == "FILE" || called == "PATH" || called == "PAGE" ? Offer::files : Offer::nothing;
}

void Options::flag(std::string name, bool& target, std::string help)
{
    add({.name = std::move(name),
         .value = {},
         .help = std::move(help),
         .default_text = {},
         .read = [&target](std::string_view) {
             target = true;
             return std::string();
         }});
}

void Options::text(std::string name, std::string value, std::string& target, std::string help)
{
    add({.name = std::move(name),
         .value = std::move(value),
         .help = std::move(help),
         .default_text = target,
         .read = read_text(target)});
}

void Options::text(std::string name, std::string value, std::optional<std::string>& target,
                   std::string help)
{
    add({.name = std::move(name),
         .value = std::move(value),
         .help = std::move(help),
         .default_text = target.value_or(""),
         .read = read_text(target)});
}

void Options::required_text(std::string name, std::string value, std::string& target,
                            std::string help)
{
    add({.name = std::move(name),
         .value = std::move(value),
         .help = std::move(help),
         .default_text = {},
         .required = true,
         .read = read_text(target)});
}

void Options::texts(std::string name, std::string value, std::vector<std::string>& target,
                    std::string help)
{
    add({.name = std::move(name),
         .value = std::move(value),
         .help = std::move(help),
         .default_text = {},
         .repeated = true,
         .read = append_text(target)});
}

void Options::number(std::string name, std::string value, std::uint64_t& target,
                     std::uint64_t least, std::uint64_t most, std::string help)
{
    add({.name = std::move(name),
         .value = std::move(value),
         .help = std::move(help),
         .default_text = std::to_string(target),
         .read = read_number(target, least, most)});
}

void Options::number(std::string name, std::string value, std::optional<std::uint64_t>& target,
                     std::uint64_t least, std::uint64_t most, std::string help)
{
    add({.name = std::move(name),
         .value = std::move(value),
         .help = std::move(help),
         .default_text = target ? std::to_string(*target) : "",
         .read = read_number(target, least, most)});
}

void Options::decimal(std::string name, std::string value, double& target, double least,
                      double most, std::string help)
{
    const auto read = [&target, least, most](std::string_view text) -> std::string {
        double number = 0;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc{} || stop != end || !std::isfinite(number) || number < least ||
            number > most) {
            return fmt::format("is not a number from {} to {}", least, most);
        }
        target = number;
        return {};
    };
    add({.name = std::move(name),
         .value = std::move(value),
         .help = std::move(help),
         .default_text = fmt::format("{}", target),
         .read = read});
}

void Options::choice(std::string name, std::vector<std::string> words, std::string& target,
                     std::string help)
{
    std::string value = joined(words, "|");
    std::vector<std::string> offered = words;
    auto read = [&target, words = std::move(words)](std::string_view text) -> std::string {
        if (std::ranges::find(words, text) == words.end()) {
            return fmt::format("is none of {}", joined(words, ", "));
        }
        target = std::string(text);
        return {};
    };
    add({.name = std::move(name),
         .value = std::move(value),
         .help = std::move(help),
         .default_text = target,
         .read = std::move(read)});
    offer(std::move(offered));
}

void Options::positional(std::string name, std::string& target, std::string help)
{
    add({.name = std::move(name),
         .value = {},
         .help = std::move(help),
         .default_text = {},
         .required = true,
         .read = read_text(target)});
}

void Options::optional_positional(std::string name, std::string& target, std::string help)
{
    add({.name = std::move(name),
         .value = {},
         .help = std::move(help),
         .default_text = target,
         .read = read_text(target)});
}

void Options::positionals(std::string name, std::vector<std::string>& target, std::string help)
{
    add({.name = std::move(name),
         .value = {},
         .help = std::move(help),
         .default_text = {},
         .required = true,
         .repeated = true,
         .read = append_text(target)});
}

void Options::rest(std::string name, std::vector<std::string>& target, std::string help)
{
    add({.name = std::move(name),
         .value = {},
         .help = std::move(help),
         .default_text = {},
         .repeated = true,
         .verbatim = true,
         .read = append_text(target)});
}

void Options::add(OptionDeclaration declaration)
{
    declarations_.push_back(std::move(declaration));
}

void Options::offer(std::vector<std::string> words)
{
    declarations_.back().words = std::move(words);
    declarations_.back().offered = Offer::words;
}

void Options::offer(Offer offered)
{
    declarations_.back().offered = offered;
}

}  // namespace hasim::cli
