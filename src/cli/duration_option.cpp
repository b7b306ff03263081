#include "cli/duration_option.hpp"

#include <utility>

#include "scenario/values.hpp"

namespace hasim::cli {

void duration_option(Options& options, std::string name, std::optional<Duration>& target,
                     std::string help)
{
    OptionDeclaration declaration;
    declaration.name = std::move(name);
    declaration.value = std::string("D");  // g++ 12 warns wrongly of a plain literal here
    declaration.help = std::move(help);
    declaration.read = [&target](std::string_view text) -> std::string {
        target = scenario::read_duration(text);
        return target ? "" : "is not a duration such as 90s, 5m or 1h30m";
    };
    options.add(std::move(declaration));
}

}  // namespace hasim::cli
