/// A first Chrystoki.conf for somebody who has none.
#pragma once

#include <cstddef>
#include <string>

namespace hasim::conf {

enum class Form { braces, ini };

struct Starter {
    std::string label = "haGroup1";
    std::size_t members = 2;  ///< 1 to 32, with the standby ones
    std::size_t standby = 0;  ///< the last of them
    Form form = Form::braces;
};

/// A commented configuration of one group, each member on an appliance of its own. `conf check` has nothing to say to
/// it but what a group of one member deserves. Serial numbers are made up; the first two are the note's.
[[nodiscard]] std::string starter_text(const Starter& starter);

}  // namespace hasim::conf
