/// Manual pages in roff, made from the same declarations as the help texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace hasim::cli {

/// A page of section 1, without the folder it goes into.
struct ManPage {
    std::string name;  ///< "hasim", "hasim-log-parse"
    std::string text;
};

/// hasim(1), which lists the commands, then a page a command.
[[nodiscard]] std::vector<ManPage> man_pages(const std::vector<Command>& commands,
                                             std::string_view version);

/// `text` as roff prints it, letter for letter; what begins with - stays what it is when it is copied.
[[nodiscard]] std::string roff_text(std::string_view text);

}  // namespace hasim::cli
