/// Files of the project that tests give to the program.
#pragma once

#include <string>

#include "support/environment.hpp"

namespace hasim::test {

inline std::string sample_conf()
{
    return (source_dir() / "config/Chrystoki.conf").string();
}

inline std::string first_outage()
{
    return (source_dir() / "examples/first-outage.hasim").string();
}

}  // namespace hasim::test
